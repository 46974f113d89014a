import { describe, expect, it } from 'vitest';
import type { CommandSpec } from '../src/command.ts';
import { readCommandLine } from '../src/command-line.ts';

const load = () => Promise.reject(new Error('not run'));
const TABLE: readonly CommandSpec[] = [
  {
    name: 'copy',
    role: 'everyone',
    summary: 'copy things',
    arguments: [
      { name: 'from', summary: 'from' },
      { name: 'to', summary: 'to', optional: true },
    ],
    options: [
      { flag: '--source', value: 'pair', summary: 'one of several', repeated: true },
      { flag: '--identity', value: 'file', summary: 'who', env: 'MIGRATE_IDENTITY', required: true },
      { flag: '--country', value: 'code', summary: 'where', fallback: 'FR' },
      { flag: '--no-passphrase', summary: 'a flag' },
      { flag: '--all', summary: 'another flag' },
    ],
    load,
  },
  { name: 'lab init', role: 'lab', summary: 'begin', arguments: [], options: [], load },
];

function inputOf(words: string[], env: Record<string, string> = {}) {
  const request = readCommandLine(TABLE, words, env);
  if (request.kind !== 'run') throw new Error(`no command but ${request.kind}`);
  return request.input;
}

const AS = ['--identity', 'me.json'];

describe('what was typed', () => {
  it('gives arguments by their names, in their order', () => {
    const input = inputOf(['copy', 'a', ...AS, 'b']);
    expect([input.text('from'), input.text('to')]).toEqual(['a', 'b']);
    expect(inputOf(['copy', 'a', ...AS]).optional('to')).toBeUndefined();
  });

  it('keeps every value of an option that may be repeated', () => {
    const input = inputOf(['copy', 'a', ...AS, '--source', 'x=1', '--source', 'y=-']);
    expect(input.list('source')).toEqual(['x=1', 'y=-']);
    expect(inputOf(['copy', 'a', ...AS]).list('source')).toEqual([]);
  });

  it('tells a flag that was given from one that was not, a negative one included', () => {
    const given = inputOf(['copy', 'a', ...AS, '--no-passphrase', '--all']);
    expect([given.flag('no-passphrase'), given.flag('all')]).toEqual([true, true]);
    const absent = inputOf(['copy', 'a', ...AS]);
    expect([absent.flag('no-passphrase'), absent.flag('all')]).toEqual([false, false]);
  });

  it('reads the variable of the environment when the option is absent, and not an empty one', () => {
    expect(inputOf(['copy', 'a'], { MIGRATE_IDENTITY: 'env.json' }).text('identity')).toBe('env.json');
    expect(inputOf(['copy', 'a', ...AS], { MIGRATE_IDENTITY: 'env.json' }).text('identity')).toBe('me.json');
    expect(() => inputOf(['copy', 'a'], { MIGRATE_IDENTITY: '' })).toThrow('--identity');
  });

  it('fills in the fallback', () => {
    expect(inputOf(['copy', 'a', ...AS]).text('country')).toBe('FR');
    expect(inputOf(['copy', 'a', ...AS, '--country', 'BE']).text('country')).toBe('BE');
  });

  it('accepts --json before and after the command', () => {
    expect(inputOf(['--json', 'copy', 'a', ...AS]).text('from')).toBe('a');
    expect(inputOf(['copy', '--json', 'a', ...AS]).text('from')).toBe('a');
  });
});

describe('what can not be understood', () => {
  it.each([
    [['copy', 'a', '--identiti', 'x'], 'unknown option "--identiti"', 'did you mean --identity?'],
    [['copi', 'a'], 'unknown command "copi"', 'did you mean copy?'],
    [['copy'], 'missing required argument "from"', 'see "migrate copy --help"'],
    [['copy', 'a', 'b', 'c', ...AS], 'too many arguments for "copy"', 'see "migrate copy --help"'],
    [['copy', 'a'], 'the option --identity <file> is missing', 'give it, or set MIGRATE_IDENTITY'],
    [['lab'], '"migrate lab" needs a second word', 'see "migrate lab --help"'],
    [['lab', 'inti'], 'unknown command "inti"', 'did you mean init?'],
    [[], 'no command was given', 'see "migrate --help"'],
  ])('%j: %s', (words, message, hint) => {
    expect(() => readCommandLine(TABLE, words, {})).toThrow(
      expect.objectContaining({ name: 'UsageError', message, hint }),
    );
  });
});

describe('requests without a command', () => {
  it.each([[['--help']], [['-h']], [['help']], [['copy', '--help']], [['lab', '--help']], [['help', 'copy']]])(
    '%j is help',
    (words) => {
      expect(readCommandLine(TABLE, words, {}).kind).toBe('help');
    },
  );

  it.each([[['--version']], [['-V']]])('%j is the version', (words) => {
    expect(readCommandLine(TABLE, words, {})).toEqual({ kind: 'version' });
  });
});
