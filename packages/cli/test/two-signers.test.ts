import { beforeEach, describe, expect, it } from 'vitest';
import type { Machine } from './harness.ts';
import { newMigration, rosterOfTwo } from './migration.ts';

let machine: Machine;

const LAB = ['--lab', 'two.roster.json'];
const SIGN = ['instructions', 'sign', 'lab.json', ...LAB, '--identity'];

beforeEach(async () => {
  machine = await newMigration();
  await rosterOfTwo(machine);
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

  it('fault 10: are not in force by one signer alone, who signs twice', async () => {
    await machine.migrate(...SIGN, 'lab.key.json');
    const again = await machine.migrate(...SIGN, 'lab.key.json');
    expect(again.data).toMatchObject({ missing: 1, signedBy: [{ name: 'Claire Petit' }] });
    const check = () => machine.migrate('instructions', 'check', 'lab.json', ...LAB);
    await expect(check()).rejects.toMatchObject({ code: 'E_THRESHOLD' });
    const { signed, signatures } = machine.json('lab.json');
    machine.write('lab.json', { signed, signatures: [...signatures, ...signatures] });
    await expect(check()).rejects.toMatchObject({ code: 'E_SCHEMA' });
  });
});
