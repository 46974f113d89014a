import { chmodSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Machine } from './harness.ts';
import { newMigration } from './migration.ts';

const KEYGEN = ['keygen', '--name', 'Alice Martin', '--no-passphrase'];

describe('keygen', () => {
  it('makes an identity that only its owner may read, and shows its fingerprint in groups of four', async () => {
    const machine = new Machine();
    const { data, text } = await machine.migrate(...KEYGEN);
    expect(data).toMatchObject({ file: 'identity.key.json', name: 'Alice Martin', passphrase: false });
    expect(statSync(machine.path('identity.key.json')).mode & 0o777).toBe(0o600);
    expect(text).toContain(data.fingerprint.match(/.{4}/g).join(' '));
  });

  it('says what to do with it in 80 columns', async () => {
    const { text } = await new Machine().migrate(...KEYGEN, '--name', 'Alice Martin '.repeat(7).trim());
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text.replaceAll('\n', ' ')).toContain('no passphrase protects it. Hand on the public identity:');
  });

  it('never overwrites', async () => {
    const machine = new Machine();
    await machine.migrate(...KEYGEN);
    const before = machine.read('identity.key.json');
    await expect(machine.migrate(...KEYGEN)).rejects.toMatchObject({ code: 'E_EXISTS' });
    expect(machine.read('identity.key.json')).toBe(before);
  });

  it.each(['', 'x'.repeat(201)])('refuses a name of another length than 1 to 200', async (name) => {
    const machine = new Machine();
    await expect(machine.migrate('keygen', '--name', name, '--no-passphrase')).rejects.toMatchObject({
      code: 'E_USAGE',
    });
    expect(machine.files()).toEqual([]);
  });
});

describe('identity show', () => {
  it('shows the same identity of the secret file and of the public one', async () => {
    const machine = new Machine();
    const made = (await machine.migrate(...KEYGEN, '-o', 'a.key.json')).data;
    const secret = (await machine.migrate('identity', 'show', 'a.key.json', '--export', 'a.json')).data;
    const exported = (await machine.migrate('identity', 'show', 'a.json')).data;
    expect(secret).toMatchObject({
      kind: 'secret',
      passphrase: false,
      fingerprint: made.fingerprint,
      exported: 'a.json',
    });
    expect(exported).toEqual({
      file: 'a.json',
      kind: 'public',
      name: 'Alice Martin',
      fingerprint: made.fingerprint,
      created: '2026-11-22T10:00:00Z',
    });
  });

  it('exports the public half alone, and never over another file', async () => {
    const machine = new Machine();
    await machine.migrate(...KEYGEN, '-o', 'a.key.json');
    await machine.migrate('identity', 'show', 'a.key.json', '--export', 'a.json');
    expect(machine.read('a.json')).not.toContain(machine.json('a.key.json').secret.seed);
    const again = machine.migrate('identity', 'show', 'a.key.json', '--export', 'a.key.json');
    await expect(again).rejects.toMatchObject({ code: 'E_EXISTS' });
  });

  it('refuses a secret identity that others may read', async () => {
    const machine = new Machine();
    await machine.migrate(...KEYGEN, '-o', 'a.key.json');
    chmodSync(machine.path('a.key.json'), 0o640);
    await expect(machine.migrate('identity', 'show', 'a.key.json')).rejects.toMatchObject({ code: 'E_PERM' });
  });

  it('refuses an identity whose name was altered, and another document', async () => {
    const machine = new Machine();
    await machine.migrate(...KEYGEN, '-o', 'a.key.json');
    await machine.migrate('identity', 'show', 'a.key.json', '--export', 'a.json');
    machine.write('b.json', machine.read('a.json').replace('Alice', 'Mallory'));
    await expect(machine.migrate('identity', 'show', 'b.json')).rejects.toMatchObject({ code: 'E_KEY' });
    const migration = await newMigration();
    await expect(migration.migrate('identity', 'show', 'lab.roster.json')).rejects.toMatchObject({ code: 'E_SCHEMA' });
    await expect(migration.migrate('identity', 'show', 'absent.json')).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

describe('a passphrase in a file', () => {
  it('F45 protects an identity that opens with it and with no other', async () => {
    const machine = await newMigration();
    machine.write('passphrase', 'correct horse battery\n');
    machine.env['MIGRATE_PASSPHRASE_FILE'] = 'passphrase';
    const words = ['lab', 'init', '--name', 'L', '--finess', '670012345', '--signer', 'S', '--dpo', 'D'];
    await machine.migrate(...words, '--dpo-email', 'd@l.example', '--folder', 'locked');
    expect((await machine.migrate('identity', 'show', 'locked/lab.key.json')).data.passphrase).toBe(true);

    await machine.migrate('instructions', 'draft', 'outline.json', '--lab', 'locked/lab.roster.json', '-o', 'lab.json');
    const sign = [
      'instructions',
      'sign',
      'lab.json',
      '--lab',
      'locked/lab.roster.json',
      '--identity',
      'locked/lab.key.json',
    ];
    machine.write('passphrase', 'another passphrase');
    await expect(machine.migrate(...sign)).rejects.toMatchObject({ code: 'E_PASS' });
    expect(machine.json('lab.json').signatures).toEqual([]);
    machine.write('passphrase', 'correct horse battery');
    expect((await machine.migrate(...sign)).data.missing).toBe(0);
  });
});
