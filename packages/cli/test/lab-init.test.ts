import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Machine, personTyping } from './harness.ts';
import { labInit, SIREN } from './migration.ts';

describe('lab init', () => {
  it('makes one identity and its roster', async () => {
    const machine = new Machine();
    const { data, text } = await machine.migrate(...labInit('--dpo-phone', '+33 1 23 45 67 89'));
    const { signed, signatures } = machine.json('lab.roster.json');
    expect(signed.lab).toEqual({ id: { scheme: 'siren', value: SIREN }, name: 'Laboratoire du Parc', country: 'FR' });
    expect(signed.contact).toEqual({ name: 'Paul Noir', email: 'dpo@parc.example', phone: '+33 1 23 45 67 89' });
    expect([signed.version, signed.threshold, signed.issued]).toEqual([1, 1, '2026-11-22T10:00:00Z']);
    expect(signatures.map(({ key }: { key: string }) => key)).toEqual([data.identity.fingerprint]);
    const groups = data.roster.fingerprint.match(/.{4}/g).join(' ');
    expect(text).toContain(groups);
  });

  it('says what to do with it in 80 columns, however long the names are', async () => {
    const machine = new Machine();
    const folder = 'les-cles-du-laboratoire-a-garder-pour-soi/annee-2026';
    const { text } = await machine.migrate(
      ...labInit('--folder', folder, '--signer', 'Claire Petit '.repeat(7).trim()),
    );
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'They type what they hear into "migrate trust add lab.roster.json".',
    );
  });

  it('closes the identity to others than its owner', async () => {
    const machine = new Machine();
    await machine.migrate(...labInit());
    expect(statSync(machine.path('lab.key.json')).mode & 0o777).toBe(0o600);
    expect(statSync(machine.path('lab.roster.json')).mode & 0o777).toBe(0o644);
  });

  it('writes into a folder, and makes it', async () => {
    const machine = new Machine();
    const { data } = await machine.migrate(...labInit('--folder', 'keys/lab'));
    expect(data.roster.file).toBe('keys/lab/lab.roster.json');
    expect(machine.json('keys/lab/lab.roster.json').signed.type).toBe('sealift.roster.v1');
  });

  it.each(['lab.key.json', 'lab.roster.json'])('never overwrites %s', async (name) => {
    const machine = new Machine();
    machine.write(name, 'mine');
    await expect(machine.migrate(...labInit())).rejects.toMatchObject({ code: 'E_EXISTS' });
    expect([machine.files(), machine.read(name)]).toEqual([[name], 'mine']);
  });

  it('takes a FINESS number, and one of the two alone', async () => {
    const machine = new Machine();
    const words = labInit().filter((word) => word !== '--siren' && word !== SIREN);
    const { data } = await machine.migrate(...words, '--finess', '2a0012345', '--folder', 'a');
    expect(data.lab.id).toEqual({ scheme: 'finess', value: '2A0012345' });
    await expect(machine.migrate(...words)).rejects.toMatchObject({ code: 'E_USAGE' });
    await expect(machine.migrate(...labInit('--finess', '670012345'))).rejects.toMatchObject({ code: 'E_USAGE' });
  });

  it.each([
    ['--dpo-email', 'nobody', 'E_USAGE', '--dpo-email'],
    ['--country', 'France', 'E_USAGE', '--country'],
    ['--siren', '123', 'E_USAGE', '--siren'],
    ['--siren', '732829321', 'E_USAGE', 'check digit'],
    ['--signer', '', 'E_USAGE', 'name'],
  ])('refuses %s %j with %s and writes nothing', async (option, value, code, message) => {
    const machine = new Machine();
    const refused = machine.migrate(...labInit(), option, value);
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(machine.files()).toEqual([]);
  });

  it('F45 asks for a passphrase of at least 12 characters', async () => {
    const machine = new Machine();
    const words = labInit().filter((word) => word !== '--no-passphrase');
    await expect(machine.migrate(...words)).rejects.toMatchObject({
      code: 'E_PROMPT',
      hint: expect.stringContaining('MIGRATE_PASSPHRASE_FILE'),
    });
    machine.terminal = personTyping('too short', 'too short');
    await expect(machine.migrate(...words)).rejects.toMatchObject({ code: 'E_PASS' });
    machine.terminal = personTyping('a long passphrase', 'a lonk passphrase');
    await expect(machine.migrate(...words)).rejects.toMatchObject({ code: 'E_PASS' });
    expect(machine.files()).toEqual([]);
  });
});
