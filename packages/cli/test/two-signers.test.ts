import { ready } from '@sealift/core';
import { readableDocument, readDocument, signDocument } from '@sealift/core/document';
import { unlockIdentity } from '@sealift/core/identity';
import { parseUtcTime } from '@sealift/core/ids';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from './harness.ts';
import { newMigration, SIREN } from './migration.ts';

let machine: Machine;

/** A roster of two signers who must both sign. */
async function rosterOfTwo(): Promise<void> {
  await ready();
  await machine.migrate('keygen', '--name', 'Denis Roux', '-o', 'second.key.json', '--no-passphrase');
  const signers = await Promise.all(
    ['lab.key.json', 'second.key.json'].map(async (name) => {
      const bytes = new TextEncoder().encode(machine.read(name));
      return unlockIdentity(readDocument(bytes, 'sealift.secret-identity.v1').document, undefined);
    }),
  );
  const roster = {
    type: 'sealift.roster.v1',
    lab: { id: { scheme: 'siren', value: SIREN }, name: 'Laboratoire du Parc', country: 'FR' },
    version: 1,
    signers: signers.map(({ identity }) => identity.document),
    threshold: 2,
    contact: { name: 'Paul Noir', email: 'dpo@parc.example' },
    issued: parseUtcTime('2026-11-22T10:00:00Z'),
  } as const;
  machine.write('two.roster.json', readableDocument(signDocument(roster, ...signers)));
}

const LAB = ['--lab', 'two.roster.json'];
const SIGN = ['instructions', 'sign', 'lab.json', ...LAB, '--identity'];

beforeEach(async () => {
  machine = await newMigration();
  await rosterOfTwo();
  await machine.migrate('instructions', 'draft', 'outline.json', ...LAB, '-o', 'lab.json');
});

describe('instructions that two must sign', () => {
  it('say after each signature who has signed and how many are missing', async () => {
    const first = await machine.migrate(...SIGN, 'lab.key.json');
    expect(first.data).toMatchObject({ threshold: 2, missing: 1, signedBy: [{ name: 'Claire Petit' }] });
    expect(first.text).toContain('1 more needed');
    const second = await machine.migrate(...SIGN, 'second.key.json');
    expect(second.data).toMatchObject({ missing: 0, digest: first.data.digest });
    expect(second.data.signedBy.map(({ name }: { name: string }) => name)).toEqual(['Claire Petit', 'Denis Roux']);
  });

  it('are not in force before both have signed', async () => {
    await machine.migrate(...SIGN, 'lab.key.json');
    await expect(machine.migrate('instructions', 'check', 'lab.json', ...LAB)).rejects.toMatchObject({
      code: 'E_THRESHOLD',
    });
    const page = await machine.migrate('instructions', 'show', 'lab.json', ...LAB, '--lang', 'en');
    expect(page.data.status).toMatchObject({ state: 'incomplete', threshold: 2 });
    expect(page.text).toContain('it has no effect yet');
    await machine.migrate(...SIGN, 'second.key.json');
    expect((await machine.migrate('instructions', 'check', 'lab.json', ...LAB)).data.signedBy).toHaveLength(2);
  });
});
