import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type KeyedHash, keyedDigestOf, keyedDigestText, portableKeyedHash } from '../src/keyed-digest.ts';
import { nodeKeyedHash } from '../src/node/keyed-hash.ts';
import { seedOf } from './people.ts';
import { codeOf } from './refusal.ts';

const OPENSSL = 'openssl';
const KEY = seedOf(1);
const text = (words: string) => new TextEncoder().encode(words);

function openssl(message: Uint8Array, key: Uint8Array): string {
  const hexKey = Buffer.from(key).toString('hex');
  const args = ['dgst', '-sha256', '-mac', 'HMAC', '-macopt', `hexkey:${hexKey}`, '-r'];
  return execFileSync(OPENSSL, args, { input: message, encoding: 'utf8' }).slice(0, 64);
}

async function webCrypto(message: Uint8Array, key: Uint8Array): Promise<string> {
  const parameters = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', Uint8Array.from(key), parameters, false, ['sign']);
  return Buffer.from(await crypto.subtle.sign('HMAC', imported, Uint8Array.from(message))).toString('hex');
}

function hasOpenssl(): boolean {
  try {
    execFileSync(OPENSSL, ['version']);
    return true;
  } catch {
    return false;
  }
}

const HASHES: readonly [string, (key: Uint8Array) => KeyedHash][] = [
  ['@noble/hashes', portableKeyedHash],
  ['node:crypto', nodeKeyedHash],
];

describe.each(HASHES)('keyed digests by %s', (_name, begin) => {
  // RFC 4231, test cases 1, 2 and 6.
  test.each([
    ['0b'.repeat(20), text('Hi There'), 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      Buffer.from('Jefe').toString('hex'),
      text('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'aa'.repeat(131),
      text('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ])('are HMAC-SHA-256 as RFC 4231 has it', (key, message, mac) => {
    expect(
      begin(Uint8Array.from(Buffer.from(key, 'hex')))
        .update(message)
        .digest(),
    ).toBe(`hmac-sha256:${mac}`);
  });

  test('depend on every byte and on the key, and not on how the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const whole = Uint8Array.from(pieces.flatMap((piece) => [...piece]));
        const hash = begin(KEY);
        for (const piece of pieces) hash.update(piece);
        expect(hash.digest()).toBe(keyedDigestOf(whole, KEY));
        expect(keyedDigestOf(whole, seedOf(2))).not.toBe(keyedDigestOf(whole, KEY));
      }),
    );
  });

  test('that are not wanted after all are dropped, and compute nothing more', () => {
    const hash = begin(KEY).update(text('rows'));
    hash.wipe();
    expect(() => hash.update(text('more'))).toThrow();
  });

  test('leave the key as it was, for it belongs to the caller', () => {
    const key = Uint8Array.from(KEY);
    const hash = begin(key);
    key.fill(0);
    expect(hash.update(text('rows')).digest()).toBe(keyedDigestOf(text('rows'), KEY));
    const kept = Uint8Array.from(KEY);
    begin(kept).update(text('rows')).digest();
    expect(kept).toEqual(KEY);
  });
});

describe('a laboratory that checks by hand', () => {
  test.skipIf(!hasOpenssl())('gets the same from the openssl command', () => {
    expect(keyedDigestOf(text('rows'), KEY)).toBe(`hmac-sha256:${openssl(text('rows'), KEY)}`);
  });

  test('gets the same from WebCrypto', async () => {
    expect(keyedDigestOf(text('rows'), KEY)).toBe(`hmac-sha256:${await webCrypto(text('rows'), KEY)}`);
  });
});

test('what has not 32 bytes is no keyed digest', () => {
  expect(codeOf(() => keyedDigestText(new Uint8Array(31)))).toBe('E_ENCODING');
});
