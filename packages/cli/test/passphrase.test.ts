import { chmodSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askPassphrase, chooseNewPassphrase, PASSPHRASE_FILE } from '../src/passphrase.ts';
import { openTerminal } from '../src/terminal.ts';
import { Machine, personTyping } from './harness.ts';

function withFile(content: string | Uint8Array, mode = 0o600): Machine {
  const machine = new Machine();
  machine.write('passphrase', content);
  chmodSync(machine.path('passphrase'), mode);
  machine.env[PASSPHRASE_FILE] = 'passphrase';
  return machine;
}

describe('a passphrase from a file', () => {
  it.each([
    ['secret words', 'secret words'],
    ['secret words\n', 'secret words'],
    ['secret words\r\n', 'secret words'],
    ['secret words\n\n', 'secret words\n'],
    [' secret words ', ' secret words '],
  ])('%j is %j: one newline at its end does not count', async (content, passphrase) => {
    expect(await askPassphrase(withFile(content).context(), PASSPHRASE_FILE, 'it')).toBe(passphrase);
  });

  it.each([0o640, 0o604, 0o620])('is refused with mode %o', async (mode) => {
    const asked = askPassphrase(withFile('secret words', mode).context(), PASSPHRASE_FILE, 'it');
    await expect(asked).rejects.toMatchObject({ code: 'E_PERM' });
  });

  it('is taken from a credential of systemd, whose access list shows as a right of the group', async () => {
    const machine = withFile('secret words', 0o440);
    machine.env = { ...machine.env, CREDENTIALS_DIRECTORY: machine.folder };
    expect(await askPassphrase(machine.context(), PASSPHRASE_FILE, 'it')).toBe('secret words');
    for (const mode of [0o444, 0o460]) {
      chmodSync(machine.path('passphrase'), mode);
      await expect(askPassphrase(machine.context(), PASSPHRASE_FILE, 'it')).rejects.toMatchObject({ code: 'E_PERM' });
    }
  });

  it.each([
    ['an empty one', ''],
    ['one that is not UTF-8', new Uint8Array([0xff, 0x41])],
    ['a large one', 'x'.repeat(5000)],
  ])('is refused when it is %s, and never shown', async (_, content) => {
    const asked = askPassphrase(withFile(content).context(), PASSPHRASE_FILE, 'it');
    await expect(asked).rejects.toMatchObject({ code: 'E_PASS', message: expect.not.stringContaining('xxx') });
  });

  it('is refused when the file is missing', async () => {
    const machine = new Machine();
    machine.env[PASSPHRASE_FILE] = 'absent';
    await expect(askPassphrase(machine.context(), PASSPHRASE_FILE, 'it')).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
    });
  });
});

describe('a passphrase at the terminal', () => {
  it('is asked for once for what exists, and twice for what is new', async () => {
    const machine = new Machine();
    const once = personTyping('secret words');
    machine.terminal = once;
    expect(await askPassphrase(machine.context(), PASSPHRASE_FILE, 'a.key.json')).toBe('secret words');
    expect(once.seen).toEqual(['Passphrase of a.key.json: ']);
    const twice = personTyping('secret words', 'secret words');
    machine.terminal = twice;
    expect(await chooseNewPassphrase(machine.context(), 'a.key.json')).toBe('secret words');
    expect(twice.seen).toHaveLength(2);
  });

  it.each([PASSPHRASE_FILE, 'MIGRATE_SSH_PASSPHRASE_FILE'] as const)(
    'is not asked for without a terminal; the hint names %s',
    async (variable) => {
      const asked = askPassphrase(new Machine().context(), variable, 'it');
      await expect(asked).rejects.toMatchObject({ code: 'E_PROMPT', hint: expect.stringContaining(variable) });
    },
  );

  it('is not shown while it is typed; another answer is', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const terminal = openTerminal(input, output);
    const hidden = terminal.askHidden('Passphrase: ');
    input.write('secret words\r');
    expect(await hidden).toBe('secret words');
    const plain = terminal.ask('Name: ');
    input.write('Alice\r');
    expect(await plain).toBe('Alice');
    output.end();
    const shown = (await output.toArray()).join('');
    expect(shown).toContain('Passphrase: ');
    expect(shown).toContain('Alice');
    expect(shown).not.toContain('secret');
  });

  it('ends with E_PROMPT when the person ends the input', async () => {
    const input = new PassThrough();
    const asked = openTerminal(input, new PassThrough()).askHidden('Passphrase: ');
    input.end();
    await expect(asked).rejects.toMatchObject({ code: 'E_PROMPT' });
  });

  it('shows control characters of a document instead of obeying them', () => {
    const output = new PassThrough();
    openTerminal(new PassThrough(), output).tell('lab \u001b[2J\u202eevil');
    expect(String(output.read())).toBe('lab \\u001b[2J\\u202eevil\n');
  });
});
