import { describe, expect, it } from 'vitest';
import { draft, newMigration, otherLab, outline, signedDraft } from './migration.ts';

const LAB = ['--lab', 'lab.roster.json'];
const DRAFT = ['instructions', 'draft', 'outline.json', ...LAB, '-o', 'lab.json'];
const SIGN = ['instructions', 'sign', 'lab.json', ...LAB, '--identity', 'lab.key.json'];
const CHECK = ['instructions', 'check', 'lab.json', ...LAB];

/** The good outline with one change. */
function changed(change: (members: ReturnType<typeof outline>) => void): ReturnType<typeof outline> {
  const members = outline();
  change(members);
  return members;
}

describe('instructions draft', () => {
  it('fills in type, laboratory, roster and time, and the files that the outline names', async () => {
    const machine = await newMigration();
    const { data } = await machine.migrate(...DRAFT);
    const { signed, signatures } = machine.json('lab.json');
    expect(signed).toMatchObject({
      type: 'sealift.instructions.v1',
      lab: { name: 'Laboratoire du Parc' },
      issued: '2026-11-22T10:00:00Z',
      contract: { digest: 'sha256:cc8321d6375c494d043fdd0260f21bc0ec51dacc9f6abb7f909cdcd3041b78bf' },
    });
    expect(signed.processor.operators[0].identity).toEqual(machine.json('operator.json'));
    expect(signed.recipients[0].sshKey).toBe(machine.read('recipient.ssh.pub').split(' ').slice(0, 2).join(' '));
    expect(signatures).toEqual([]);
    expect(data).toMatchObject({ job: 'parc-2026', version: 1, threshold: 1 });
  });

  it('proposes the cautious choice where the outline is silent, and keeps what it says', async () => {
    const machine = await newMigration();
    const { version, transfers, suite, gates, ...silent } = outline();
    expect({ version, transfers, suite, gates }).not.toContain(undefined);
    machine.write('outline.json', JSON.stringify(silent));
    await machine.migrate(...DRAFT);
    expect(machine.json('lab.json').signed).toMatchObject({
      version: 1,
      transfers: { outsideEea: false },
      suite: 'xwing-sealedbox',
      gates: { delivery: ['approval'], purge: ['receipt', 'import'] },
    });
    machine.write('outline.json', JSON.stringify({ ...outline(), gates: { delivery: [], purge: ['receipt'] } }));
    await machine.migrate(...DRAFT.slice(0, -1), 'other.json');
    expect(machine.json('other.json').signed.gates).toEqual({ delivery: [], purge: ['receipt'] });
  });

  it('writes members in the order in which people read them', async () => {
    const machine = await newMigration();
    await machine.migrate(...DRAFT);
    const names = Object.keys(machine.json('lab.json').signed);
    expect(names.slice(0, 9)).toEqual([
      'type',
      'lab',
      'roster',
      'job',
      'version',
      'issued',
      'notBefore',
      'expires',
      'proposedBy',
    ]);
    expect(names.slice(-3)).toEqual(['gates', 'deadlines', 'retention']);
    expect(machine.read('lab.json')).toMatch(/^\{\n {2}"signed": \{\n {4}"type"/);
  });

  it('never overwrites', async () => {
    const machine = await newMigration();
    machine.write('lab.json', 'mine');
    await expect(machine.migrate(...DRAFT)).rejects.toMatchObject({ code: 'E_EXISTS' });
    expect(machine.read('lab.json')).toBe('mine');
  });

  it('takes the one pinned roster, and asks which of several', async () => {
    const machine = await newMigration();
    const words = ['instructions', 'draft', 'outline.json', '-o', 'lab.json'];
    await expect(machine.migrate(...words)).rejects.toMatchObject({ code: 'E_TRUST' });
    await machine.pin('lab.roster.json');
    expect((await machine.migrate(...words)).data.job).toBe('parc-2026');
    await otherLab(machine);
    await machine.pin('other/lab.roster.json');
    await expect(machine.migrate(...words.slice(0, -1), 'again.json')).rejects.toMatchObject({ code: 'E_TRUST' });
  });

  it.each([
    ['an unknown member', 'E_SCHEMA', '/datasets/0/colour', changed((o) => (o.datasets[0].colour = 'red'))],
    ['a missing member', 'E_SCHEMA', '/endpoint', changed((o) => delete o.endpoint.host)],
    ['a member that is filled in', 'E_SCHEMA', '/issued', { ...outline(), issued: '2026-01-01T00:00:00Z' }],
    [
      'a date that does not exist',
      'E_SCHEMA',
      '/contract/expires',
      changed((o) => (o.contract.expires = '2027-02-30')),
    ],
    [
      'a credential on the list',
      'E_CREDENTIAL',
      '/datasets/0/fields/3',
      changed((o) => o.datasets[0].fields.push({ name: 'Mot de passe' })),
    ],
    [
      'free text without a purpose',
      'E_SCOPE',
      '/datasets/0/fields/2',
      changed((o) => delete o.datasets[0].fields[2].purpose),
    ],
    ['a wildcard', 'E_SCOPE', '/datasets/0/fields/0', changed((o) => (o.datasets[0].fields[0].name = '*'))],
    [
      'a private key for a public one',
      'E_SSH_KEY',
      '/endpoint/hostKey',
      changed((o) => (o.endpoint.hostKey = 'file:server.ssh')),
    ],
    [
      'a file that is not there',
      'E_NOT_FOUND',
      '/contract/digest',
      changed((o) => (o.contract.digest = 'file:absent.pdf')),
    ],
  ])('refuses %s with %s and its place in the outline', async (_, code, path, members) => {
    const machine = await newMigration();
    machine.write('outline.json', members);
    const refused = machine.migrate(...DRAFT);
    await expect(refused).rejects.toMatchObject({ code, place: { file: machine.path('outline.json'), path } });
    expect(machine.files()).not.toContain('lab.json');
  });

  it('refuses a secret identity, and shows nothing of it', async () => {
    const machine = await newMigration();
    machine.write(
      'outline.json',
      changed((o) => (o.recipients[0].identity = 'file:recipient.key.json')),
    );
    const refused = machine.migrate(...DRAFT);
    await expect(refused).rejects.toMatchObject({ code: 'E_KEY' });
    await expect(refused).rejects.not.toMatchObject({
      message: expect.stringContaining(machine.json('recipient.key.json').secret.seed),
    });
  });

  it.each([
    ['E_COUNTRY', 'F07 a server outside the EEA', changed((o) => (o.endpoint.country = 'US'))],
    ['E_SHARED', 'F27 two parties with one account', changed((o) => (o.recipients[0].account = 'alice'))],
  ])('refuses with %s %s', async (code, _, members) => {
    const machine = await newMigration();
    machine.write('outline.json', members);
    await expect(machine.migrate(...DRAFT)).rejects.toMatchObject({ code });
  });
});

describe('instructions sign', () => {
  it('adds the signature and leaves every other byte of the file as it was', async () => {
    const machine = await newMigration();
    await draft(machine);
    // As a person would: one line for a short object, a blank line between parts, CRLF.
    const edited = machine
      .read('lab.json')
      .replace(/"proposedBy": \{[^}]*\}/, '"proposedBy": { "name": "J", "organisation": "O" },\r\n'.slice(0, -3));
    machine.write('lab.json', edited);
    const { data, text } = await machine.migrate(...SIGN);
    const [before, after] = edited.split('"signatures": []');
    const signed = machine.read('lab.json');
    expect(signed.startsWith(`${before}"signatures": [\n    {\n      "key": "`)).toBe(true);
    expect(signed.endsWith(after ?? '')).toBe(true);
    expect(data).toMatchObject({
      job: 'parc-2026',
      version: 1,
      threshold: 1,
      missing: 0,
      signedBy: [{ name: 'Claire Petit' }],
    });
    expect(text).toContain(data.digest);
    expect((await machine.migrate(...CHECK)).data.digest).toBe(data.digest);
  });

  it('signs the digest that the draft and the page show', async () => {
    const machine = await newMigration();
    const drafted = (await machine.migrate(...DRAFT)).data.digest;
    const shown = (await machine.migrate('instructions', 'show', 'lab.json', ...LAB)).data.digest;
    expect([shown, (await machine.migrate(...SIGN)).data.digest]).toEqual([drafted, drafted]);
  });

  it('counts the same signer once', async () => {
    const machine = await newMigration();
    await signedDraft(machine);
    expect((await machine.migrate(...SIGN)).data.signedBy).toHaveLength(1);
    expect(machine.json('lab.json').signatures).toHaveLength(1);
  });

  it('writes into a new file and leaves the draft alone', async () => {
    const machine = await newMigration();
    await draft(machine);
    const before = machine.read('lab.json');
    await machine.migrate(...SIGN, '-o', 'signed.json');
    expect(machine.read('lab.json')).toBe(before);
    expect(machine.json('signed.json').signatures).toHaveLength(1);
    await expect(machine.migrate(...SIGN, '-o', 'signed.json')).rejects.toMatchObject({ code: 'E_EXISTS' });
  });

  it('takes the identity of MIGRATE_IDENTITY and the pinned roster', async () => {
    const machine = await newMigration();
    await draft(machine);
    await machine.pin('lab.roster.json');
    machine.env['MIGRATE_IDENTITY'] = 'lab.key.json';
    expect((await machine.migrate('instructions', 'sign', 'lab.json')).data.missing).toBe(0);
  });

  it.each(['operator.key.json', 'recipient.key.json'])(
    'F14 refuses %s: nobody but a signer of the laboratory',
    async (identity) => {
      const machine = await newMigration();
      await draft(machine);
      const before = machine.read('lab.json');
      const refused = machine.migrate('instructions', 'sign', 'lab.json', ...LAB, '--identity', identity);
      await expect(refused).rejects.toMatchObject({ code: 'E_ROLE' });
      expect(machine.read('lab.json')).toBe(before);
    },
  );

  it('refuses the roster of another laboratory', async () => {
    const machine = await newMigration();
    await draft(machine);
    await otherLab(machine);
    const words = [
      'instructions',
      'sign',
      'lab.json',
      '--lab',
      'other/lab.roster.json',
      '--identity',
      'other/lab.key.json',
    ];
    await expect(machine.migrate(...words)).rejects.toMatchObject({ code: 'E_LAB' });
  });

  it.each([
    ['E_TIME', 'instructions that have expired', '2027-03-01T00:00:00Z'],
    ['E_CONTRACT', 'F06 a contract that has expired', '2027-02-28T00:00:00Z'],
  ])('refuses with %s %s', async (code, _, now) => {
    const machine = await newMigration();
    await draft(
      machine,
      changed((o) => (o.contract.expires = '2027-01-31')),
    );
    machine.now = now;
    await expect(machine.migrate(...SIGN)).rejects.toMatchObject({ code });
    expect(machine.json('lab.json').signatures).toEqual([]);
  });

  it.each([
    ['E_CREDENTIAL', 'a credential', (text: string) => text.replace('"IPP"', '"MDP"')],
    ['E_SCHEMA', 'an unknown member', (text: string) => text.replace('"job":', '"jab": 1, "job":')],
    [
      'E_JSON_DUP',
      'a member that is there twice',
      (text: string) => text.replace('"version": 1', '"version": 1, "version": 1'),
    ],
    ['E_UNSIGNED', 'no list of signatures', (text: string) => text.replace(/,\s*"signatures": \[\]/, '')],
  ])('refuses with %s a draft that was given %s', async (code, _, change) => {
    const machine = await newMigration();
    await draft(machine);
    machine.write('lab.json', change(machine.read('lab.json')));
    await expect(machine.migrate(...SIGN)).rejects.toMatchObject({ code });
  });

  it('refuses to sign beside a signature that does not hold', async () => {
    const machine = await newMigration();
    await signedDraft(machine);
    machine.write('lab.json', machine.read('lab.json').replace('"version": 1', '"version": 2'));
    await expect(machine.migrate(...SIGN)).rejects.toMatchObject({ code: 'E_SIG' });
  });
});

describe('instructions check', () => {
  it('says who signed and until when', async () => {
    const machine = await newMigration();
    await signedDraft(machine);
    const { data, text } = await machine.migrate(...CHECK);
    expect(data).toMatchObject({ signedBy: [{ name: 'Claire Petit' }], threshold: 1, contractExpires: '2027-06-30' });
    expect(text).toContain('in force');
  });

  it.each([
    ['E_TIME', '2026-10-31T23:59:59Z'],
    ['E_TIME', '2027-03-01T00:00:00Z'],
  ])('fails with %s at %s', async (code, now) => {
    const machine = await newMigration();
    await signedDraft(machine);
    machine.now = now;
    await expect(machine.migrate(...CHECK)).rejects.toMatchObject({ code });
  });

  it('fails for a draft, an altered document and a roster of another laboratory', async () => {
    const machine = await newMigration();
    await draft(machine);
    await expect(machine.migrate(...CHECK)).rejects.toMatchObject({ code: 'E_UNSIGNED' });
    await machine.migrate(...SIGN);
    await otherLab(machine);
    const other = machine.migrate('instructions', 'check', 'lab.json', '--lab', 'other/lab.roster.json');
    await expect(other).rejects.toMatchObject({ code: 'E_LAB' });
    machine.write('lab.json', machine.read('lab.json').replace('"inclusive": true', '"inclusive": false'));
    await expect(machine.migrate(...CHECK)).rejects.toMatchObject({ code: 'E_SIG' });
  });

  it('needs a roster that is named or pinned', async () => {
    const machine = await newMigration();
    await signedDraft(machine);
    await expect(machine.migrate('instructions', 'check', 'lab.json')).rejects.toMatchObject({ code: 'E_TRUST' });
    await machine.pin('lab.roster.json');
    expect((await machine.migrate('instructions', 'check', 'lab.json')).exitCode).toBe(0);
  });
});
