/** What the fuzz tests found, each as a test of its own. */
import { ready, SealiftError } from '@sealift/core';
import { readDocument } from '@sealift/core/document';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(ready);

/** The message with which a document is refused. */
function messageOf(text: string): string {
  try {
    readDocument(new TextEncoder().encode(text), 'sealift.identity.v1');
  } catch (error) {
    if (error instanceof SealiftError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a message stays one short line, whatever length a document gives its names', () => {
  const name = 'a'.repeat(100_000);
  const signatures = [{}];

  it.each([
    ['an unknown member', JSON.stringify({ signed: { type: 'sealift.identity.v1' }, signatures, [name]: 1 })],
    ['a member that is there twice', `{"${name}":1,"${name}":2}`],
    ['an unknown type', JSON.stringify({ signed: { type: name }, signatures })],
  ])('%s', (_, text) => {
    expect(messageOf(text)).toContain('aaaaaaaaaa');
    expect(messageOf(text).length).toBeLessThan(250);
  });
});
