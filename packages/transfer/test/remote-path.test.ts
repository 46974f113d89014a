import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockOf, jobPaths, partOf } from '../src/remote-path.ts';

const RECIPIENT = `${'b'.repeat(51)}a`;

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const HOSTILE = [
  '',
  '.',
  '..',
  '../x',
  '/x',
  'x/../y',
  'a/b',
  'a\\b',
  'C:\\',
  'con',
  'nul',
  'a\0b',
  'a b',
  'a\n',
  '-a',
  'a-',
  'É',
  '~',
  '$HOME',
  '*',
  'x'.repeat(300),
];

describe('paths on the server', () => {
  it('are those of the format', () => {
    const paths = jobPaths('/sealift', 'job-2026-01');
    expect(paths.job).toBe('/sealift/job-2026-01');
    expect(paths.out).toBe('/sealift/job-2026-01/out');
    expect(paths.in).toBe('/sealift/job-2026-01/in');
    expect(paths.outFile('patients.csv.sealed')).toBe('/sealift/job-2026-01/out/patients.csv.sealed');
    expect(paths.outFile('manifest.json.sealed')).toBe('/sealift/job-2026-01/out/manifest.json.sealed');
    expect(paths.inFolder(RECIPIENT)).toBe(`/sealift/job-2026-01/in/${RECIPIENT}`);
    expect(paths.inFile(RECIPIENT, 'receipt.json.sealed')).toBe(
      `/sealift/job-2026-01/in/${RECIPIENT}/receipt.json.sealed`,
    );
    expect(partOf(paths.outFile('a.csv.sealed'))).toBe('/sealift/job-2026-01/out/a.csv.sealed.part');
    const digits = '0123456789abcdef'.repeat(4);
    expect(partOf(paths.outFile('a.csv.sealed'), `sha256:${digits}`)).toBe(
      `/sealift/job-2026-01/out/a.csv.sealed.${digits}.part`,
    );
    expect(clockOf(paths.out)).toBe('/sealift/job-2026-01/out/.clock');
  });

  it.each([
    ['/', '/job-1/out'],
    ['/a/', '/a/job-1/out'],
    ['/a/b_c/D.1', '/a/b_c/D.1/job-1/out'],
  ])('may begin at the folder %s', (folder, out) => {
    expect(jobPaths(folder, 'job-1').out).toBe(out);
  });

  it.each(HOSTILE)('fault 52: hold no job, recipient or file called %j', (name) => {
    const paths = jobPaths('/', 'job-1');
    expect(codeOf(() => jobPaths('/', name))).toBe('E_REMOTE');
    expect(codeOf(() => paths.inFolder(name))).toBe('E_REMOTE');
    expect(codeOf(() => paths.inFile(name, 'receipt.json.sealed'))).toBe('E_REMOTE');
    expect(codeOf(() => paths.outFile(name))).toBe('E_REMOTE');
    expect(codeOf(() => paths.outFile(`${name}.csv.sealed`))).toBe('E_REMOTE');
    expect(codeOf(() => paths.inFile(RECIPIENT, `${name}.json.sealed`))).toBe('E_REMOTE');
  });

  it.each([
    '',
    'a',
    './a',
    '../a',
    '/a/..',
    '/a//b',
    '/a/../b',
    '/.ssh',
    '/.clock',
    '/a/.clock',
    '/.clock/a',
    '\\a',
    '/a b',
    '/a\0',
  ])('fault 52: do not begin at the folder %j', (folder) => {
    expect(codeOf(() => jobPaths(folder, 'job-1'))).toBe('E_REMOTE');
  });

  it.each(['patients.csv', 'patients.sealed', 'patients.csv.sealed.part', 'Patients.csv.sealed', 'con.csv.sealed'])(
    'hold no file called %s',
    (name) => {
      expect(codeOf(() => jobPaths('/', 'job-1').outFile(name))).toBe('E_REMOTE');
    },
  );

  it('never leave the job, whatever the words are', () => {
    const word = fc.oneof(fc.string(), fc.constantFrom(...HOSTILE), fc.stringMatching(/^[a-z0-9./\\-]{0,12}$/));
    fc.assert(
      fc.property(word, word, word, (job, recipient, name) => {
        try {
          const path = jobPaths('/base', job).inFile(recipient, `${name}.json.sealed`);
          return /^\/base\/[a-z0-9-]+\/in\/[a-z2-7]{52}\/[a-z0-9-]+\.json\.sealed$/.test(path);
        } catch (error) {
          return (error as { code: string }).code === 'E_REMOTE';
        }
      }),
    );
  });
});
