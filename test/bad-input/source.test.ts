/** Sources that are not what the instructions say. */
import { readFile, writeFile } from 'node:fs/promises';
import { extraction } from '@sealift/demo/cast';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { changedInstructions, give } from '../rig/forger.ts';
import { SmallJob } from '../rig/small-job.ts';

const EXTRACT = ['extract', '--instructions', 'lab.json', '--identity', 'jean.key.json'];
const BROKEN = [...EXTRACT, '--source', 'patients=broken.csv'];

describe('sources that must not be read on', () => {
  let job: SmallJob;
  let lines: string[];

  beforeAll(async () => {
    job = await SmallJob.start('authorised');
    lines = (await readFile(job.cast.vendor.path('patients.csv'), 'latin1')).split('\r\n');
  }, 120_000);
  afterAll(() => job?.migration.stop());
  beforeEach(() => job.migration.restore('authorised'));

  /** Writes `broken.csv` beside the source, and requires that the extraction of it fails, and of the source itself succeeds. */
  const refused = async (broken: readonly string[], code: Parameters<SmallJob['refuse']>[0]['code']) => {
    await writeFile(job.cast.vendor.path('broken.csv'), broken.join('\r\n'), 'latin1');
    const result = await job.refuse({ who: 'vendor', words: BROKEN, code, recorded: 'extract' });
    await job.migration.play(extraction(job.migration.job));
    return result;
  };
  const [HEADER, FIRST] = [0, 1];
  const change = (index: number, how: (line: string) => string): string[] => lines.with(index, how(lines[index] ?? ''));

  it('fault 17: a listed field is not in the source, and no other is taken for it', async () => {
    const { stderr } = await refused(
      change(HEADER, (line) => line.replace('TELEPHONE', 'TEL')),
      'E_FIELD_MISSING',
    );
    expect(stderr).toContain('TELEPHONE');
  });

  it.each([
    ['a no-break space', (line: string) => line.replace(';EMAIL;', ';EMAIL\u00a0;')],
    ['lower case', (line: string) => line.replace(';EMAIL;', ';email;')],
  ])('fault 18: a name that differs by %s is not matched, and is named', async (_, how) => {
    const { stderr } = await refused(change(HEADER, how), 'E_FIELD_MISSING');
    expect(stderr).toMatch(/EMAIL.*email|EMAIL.*EMAIL/is);
  });

  it.each([['DATE_DERNIERE_VISITE'], ['COMMENTAIRE P']])('fault 30: the header has %s twice', async (name) => {
    await refused(
      change(HEADER, (line) => line.replace(';VILLE;', `;${name};`)),
      'E_HEADER',
    );
  });

  it.each([
    ['one cell too many', (line: string) => `${line};`],
    ['one cell too few', (line: string) => line.slice(0, line.lastIndexOf(';'))],
  ])('fault 30: a row has %s', async (_, how) => {
    const { stderr } = await refused(change(FIRST + 40, how), 'E_CSV');
    expect(stderr).toMatch(/row \d+/);
  });

  it('fault 30: a ragged row is left out and counted where the instructions allow it, and not on an option alone', async () => {
    const ragged = change(FIRST + 40, (line) => `${line};`);
    await writeFile(job.cast.vendor.path('broken.csv'), ragged.join('\r\n'), 'latin1');
    const words = [...BROKEN, '--on-malformed', 'withhold'];
    const { stderr } = await job.refuse({ who: 'vendor', words, code: 'E_SCOPE', recorded: 'extract' });
    expect(stderr).toContain('"malformed": "withhold"');
    const document = await changedInstructions(job.migration, job.lab, (signed) => {
      signed.version += 1;
      const [patients, ...others] = signed.datasets;
      if (patients !== undefined) signed.datasets = [{ ...patients, malformed: 'withhold' }, ...others];
    });
    await give(job.cast.vendor, 'lab.json', document);
    await job.refuse({ who: 'vendor', words: BROKEN, code: 'E_CSV', recorded: 'extract' });
    const done = await job.cast.vendor.migrate([...words, '--json']);
    expect(JSON.parse(done.stdout).datasets[0].counts.malformed).toBe(1);
  });

  it('fault 29: a quote that is never closed, named by its row', async () => {
    const unclosed = change(FIRST, (line) => line.replace(';', ';"'));
    const { stderr } = await refused(unclosed, 'E_CSV');
    expect(stderr).toMatch(/row 2\b/);
  });

  it('fault 29: a NUL byte', async () => {
    await refused(
      change(FIRST, (line) => line.replace(';', '\0;')),
      'E_CSV',
    );
  });

  it('fault 31: bytes that the declared encoding does not have', async () => {
    const undefinedByte = change(FIRST, (line) => line.replace(/;(?=[FM];)/, '\u0081;'));
    await refused(undefinedByte, 'E_SOURCE_ENCODING');
  });

  it('fault 31: windows-1252 declared as UTF-8', async () => {
    const document = await changedInstructions(job.migration, job.lab, ({ datasets }) => {
      for (const { dialect } of datasets) dialect.encoding = 'utf-8';
    });
    await give(job.cast.vendor, 'lab.json', document);
    await job.refuse({ who: 'vendor', words: EXTRACT, code: 'E_SOURCE_ENCODING', recorded: 'extract' });
  });

  it('fault 19: an impossible date where the instructions say refuse', async () => {
    const document = await changedInstructions(job.migration, job.lab, ({ datasets }) => {
      const window = datasets[0]?.window;
      if (window !== undefined && 'field' in window) window.impossibleDate = 'refuse';
    });
    await give(job.cast.vendor, 'lab.json', document);
    const broken = change(FIRST, (line) =>
      line.replace(/\d\d\/\d\d\/20(?:0|1|2)\d(?=;[^;]*;[^;]*;[^;]*;)/, '31/02/2019'),
    );
    await writeFile(job.cast.vendor.path('broken.csv'), broken.join('\r\n'), 'latin1');
    await job.refuse({ who: 'vendor', words: BROKEN, code: 'E_DATE', recorded: 'extract' });
  });

  it('a source that is not there', async () => {
    const words = [...EXTRACT, '--source', 'patients=absent.csv'];
    await job.refuse({ who: 'vendor', words, code: 'E_SOURCE', recorded: 'extract' });
    await job.migration.play(extraction(job.migration.job));
  });

  it('fault 38: the same columns in another order give the same files', async () => {
    const swapped = lines.map((line, index) => {
      // The dump quotes cells; only rows without quotes can be cut at the delimiter.
      if (line === '' || line.includes('"') || (index > 0 && line.split(';').length !== 28)) return undefined;
      return line.split(';').toReversed().join(';');
    });
    const kept = swapped.filter((line) => line !== undefined);
    await writeFile(job.cast.vendor.path('broken.csv'), `${kept.join('\r\n')}\r\n`, 'latin1');
    const result = await job.cast.vendor.migrate([...BROKEN, '--json']);
    expect(result.exitCode).toBe(0);
    const { datasets } = JSON.parse(result.stdout) as { datasets: [{ columns: { kept: string[] }; counts: object }] };
    expect(datasets[0].columns.kept.slice(0, 3)).toEqual(['ID_PATIENT', 'NIR', 'NOM']);
    expect(datasets[0].counts).toMatchObject({ read: kept.length - 1 });
  });
});
