import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDatasetName } from '../src/ids.ts';
import { keepSourceMarks, readSourceMarks, type SourceMark } from '../src/node/source-mark.ts';
import { digestOf } from '../src/sha256.ts';
import { encodeUtf8 } from '../src/utf8.ts';
import { temporaryFolders } from './folder.ts';

const folder = temporaryFolders();
const FILE = 'marked-sources.json';

const mark = (dataset: string): SourceMark => ({
  dataset: parseDatasetName(dataset),
  path: `/srv/dumps/${dataset}.csv`,
  dev: '66305',
  ino: '18446744073709551615',
  bytes: 42,
  digest: digestOf(encodeUtf8(dataset)),
});

describe('the sources that are marked for deletion', () => {
  test('are none before any is, and those that were kept last', async () => {
    const job = folder();
    expect(await readSourceMarks(job)).toEqual([]);
    await keepSourceMarks(job, [mark('patients')]);
    await keepSourceMarks(job, [mark('patients'), mark('results')]);
    expect(await readSourceMarks(job)).toEqual([mark('patients'), mark('results')]);
  });

  test('F09 are in a file that nobody else reads, for a path may name a person', async () => {
    const job = folder();
    await keepSourceMarks(job, [mark('patients')]);
    expect(statSync(join(job, FILE)).mode & 0o077).toBe(0);
  });

  const changed = (change: object) => [{ ...mark('patients'), ...change }];
  const without = (member: keyof SourceMark) => {
    const { [member]: _, ...rest } = mark('patients');
    return [rest];
  };
  test.each<[string, unknown]>([
    ['no list', { patients: mark('patients') }],
    ['a list of paths', ['/srv/dumps/patients.csv']],
    ['nothing', [null]],
    ['a sound mark beside one that is not', [mark('results'), {}]],
    ['no dataset', without('dataset')],
    ['no path', without('path')],
    ['no device', without('dev')],
    ['no inode', without('ino')],
    ['no size', without('bytes')],
    ['no digest', without('digest')],
    ['a number in the list', [7]],
    ['another name than a dataset can have', changed({ dataset: '../patients' })],
    ['another number than a dataset’s name', changed({ dataset: 7 })],
    ['a digest cut short', changed({ digest: 'sha256:0' })],
    ['another number than a digest', changed({ digest: 7 })],
    ['a number for a path', changed({ path: 7 })],
    ['a number for a device', changed({ dev: 66305 })],
    ['a number for an inode', changed({ ino: 7 })],
    ['a text for a size', changed({ bytes: '42' })],
  ])('are not believed where the file holds %s: nothing is deleted on its word', async (_what, content) => {
    const job = folder();
    writeFileSync(join(job, FILE), JSON.stringify(content));
    await expect(readSourceMarks(job)).rejects.toMatchObject({ code: 'E_SCHEMA', place: { file: join(job, FILE) } });
  });

  test('are not believed where the file is cut short, and it is named', async () => {
    const job = folder();
    writeFileSync(join(job, FILE), '[{"dataset":"pat');
    await expect(readSourceMarks(job)).rejects.toMatchObject({ code: 'E_JSON', place: { file: join(job, FILE) } });
  });
});
