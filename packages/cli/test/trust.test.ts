import { mkdirSync, readdirSync } from 'node:fs';
import { ready } from '@sealift/core';
import { readableDocument, readDocument, signDocument } from '@sealift/core/document';
import { unlockIdentity } from '@sealift/core/identity';
import { parseUtcTime } from '@sealift/core/ids';
import { type Roster, type RosterDocument, verifyRoster } from '@sealift/core/roster';
import { beforeEach, describe, expect, it } from 'vitest';
import { Machine, personTyping } from './harness.ts';
import { labInit, otherLab } from './migration.ts';

let machine: Machine;
let fingerprint = '';

beforeEach(async () => {
  machine = new Machine();
  fingerprint = (await machine.migrate(...labInit())).data.roster.fingerprint;
});

function pinnedFiles(): string[] {
  return readdirSync(machine.path('.'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.includes('roster.1'),
  );
}

/** The next version of the roster, signed by its one signer; `change` alters it before. */
async function successor(change: object = {}): Promise<void> {
  await ready();
  const bytes = (name: string) => new TextEncoder().encode(machine.read(name));
  const { document } = readDocument(bytes('lab.roster.json'), 'sealift.roster.v1');
  const signer = await unlockIdentity(
    readDocument(bytes('lab.key.json'), 'sealift.secret-identity.v1').document,
    undefined,
  );
  const previous = verifyRoster(document).digest;
  const issued = parseUtcTime('2026-12-01T00:00:00Z');
  // JSON leaves out what a change sets to undefined.
  const members = JSON.parse(JSON.stringify({ ...document.signed, version: 2, previous, issued, ...change })) as Roster;
  const next: RosterDocument = signDocument(members, signer);
  machine.write('next.roster.json', readableDocument(next));
}

describe('trust add', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['in groups of four', (text: string) => text.replace(/(.{4})/g, '$1 ')],
    ['in capitals', (text: string) => text.toUpperCase()],
  ])('pins a roster whose fingerprint is given %s', async (_, written) => {
    const { data } = await machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', written(fingerprint));
    expect(data).toMatchObject({ outcome: 'pinned', version: 1, fingerprint, lab: { name: 'Laboratoire du Parc' } });
    expect(pinnedFiles()).toHaveLength(1);
  });

  it('pins nothing for another fingerprint', async () => {
    const other = `${fingerprint.startsWith('a') ? 'b' : 'a'}${fingerprint.slice(1)}`;
    const refused = machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', other);
    await expect(refused).rejects.toMatchObject({ code: 'E_TRUST' });
    const half = machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint.slice(0, 16));
    await expect(half).rejects.toMatchObject({ code: 'E_USAGE', hint: expect.stringContaining('nothing was pinned') });
    expect(pinnedFiles()).toEqual([]);
  });

  it('asks nobody without a terminal', async () => {
    await expect(machine.migrate('trust', 'add', 'lab.roster.json')).rejects.toMatchObject({
      code: 'E_PROMPT',
      hint: expect.stringContaining('--fingerprint'),
    });
    expect(pinnedFiles()).toEqual([]);
  });

  it('asks for both ends of the fingerprint and shows neither', async () => {
    const person = personTyping(
      `${fingerprint.slice(0, 4)} ${fingerprint.slice(4, 8).toUpperCase()}`,
      fingerprint.slice(-8),
    );
    machine.terminal = person;
    expect((await machine.migrate('trust', 'add', 'lab.roster.json')).data.outcome).toBe('pinned');
    expect(person.seen.join('\n')).toContain('Laboratoire du Parc');
    expect(person.seen.join('\n')).not.toContain(fingerprint.slice(0, 4));
    expect(person.seen.join('\n')).not.toContain(fingerprint.slice(-4));
  });

  it.each([
    ['first', () => ['wrongwro', fingerprint.slice(-8)]],
    ['last', () => [fingerprint.slice(0, 8), 'wrongwro']],
    ['first, left empty,', () => ['', fingerprint.slice(-8)]],
    ['first, only half of it,', () => [fingerprint.slice(0, 4), fingerprint.slice(-8)]],
  ])('pins nothing when the %s characters differ', async (_, answers) => {
    machine.terminal = personTyping(...answers());
    await expect(machine.migrate('trust', 'add', 'lab.roster.json')).rejects.toMatchObject({ code: 'E_TRUST' });
    expect(pinnedFiles()).toEqual([]);
  });

  it('refuses an altered roster before it asks anything', async () => {
    machine.write(
      'lab.roster.json',
      machine.read('lab.roster.json').replace('Laboratoire du Parc', 'Laboratoire du Port'),
    );
    await expect(machine.migrate('trust', 'add', 'lab.roster.json')).rejects.toMatchObject({ code: 'E_SIG' });
  });

  it('changes nothing for a roster that is pinned already', async () => {
    await machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint);
    expect((await machine.migrate('trust', 'add', 'lab.roster.json')).data.outcome).toBe('unchanged');
  });
});

describe('a successor of the pinned roster', () => {
  beforeEach(async () => {
    await machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint);
  });

  it('is pinned on the signatures of the version before it', async () => {
    await successor({ contact: { name: 'Anne Rose', email: 'dpo@parc.example' } });
    const { data } = await machine.migrate('trust', 'add', 'next.roster.json');
    expect(data).toMatchObject({ outcome: 'succeeded', version: 2 });
    const { labs } = (await machine.migrate('trust', 'list')).data;
    expect(labs).toHaveLength(1);
    expect(labs[0]).toMatchObject({ version: 2, contact: { name: 'Anne Rose' } });
  });

  it.each([
    ['E_ROLLBACK', 'has the same version', { version: 1, previous: undefined }],
    ['E_MISMATCH', 'names another predecessor', { previous: `sha256:${'0'.repeat(64)}` }],
  ])('is refused with %s when it %s', async (code, _, change) => {
    await successor(change);
    await expect(machine.migrate('trust', 'add', 'next.roster.json')).rejects.toMatchObject({ code });
  });

  it('is refused when others made it, even with its own fingerprint', async () => {
    mkdirSync(machine.path('forged'));
    const forged = (await machine.migrate(...labInit('--folder', 'forged'))).data.roster.fingerprint;
    const refused = machine.migrate('trust', 'add', 'forged/lab.roster.json', '--fingerprint', forged);
    await expect(refused).rejects.toMatchObject({ code: 'E_ROLLBACK' });
  });
});

describe('trust list', () => {
  it('says what is pinned, laboratory by laboratory', async () => {
    expect((await machine.migrate('trust', 'list')).data).toEqual({ labs: [] });
    await otherLab(machine);
    const other = (await machine.migrate('identity', 'show', 'other/lab.key.json')).data.fingerprint;
    await machine.migrate('trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint);
    machine.terminal = undefined;
    const roster = machine.json('other/lab.roster.json');
    expect(roster.signatures[0].key).toBe(other);
    const { data, text } = await machine.migrate('trust', 'list');
    expect(data.labs).toHaveLength(1);
    expect(data.labs[0]).toMatchObject({ fingerprint, threshold: 1, signers: [{ name: 'Claire Petit' }] });
    expect(text).toContain('SIREN 732829320');
    expect(text).not.toContain('Autre laboratoire');
  });
});
