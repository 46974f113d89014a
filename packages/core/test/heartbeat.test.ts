import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHeartbeat, writeHeartbeat } from '../src/node/heartbeat.ts';
import { temporaryFolders } from './folder.ts';
import { at } from './laboratory.ts';
import { asyncCodeOf } from './refusal.ts';

const folder = temporaryFolders();

describe('fault 64: the heartbeat of the purge', () => {
  test('is read as it was last written, and is none before', async () => {
    const workspace = folder();
    expect(await readHeartbeat(workspace)).toBeUndefined();
    await writeHeartbeat(workspace, { time: at('08:00'), jobs: 3, failed: 0 });
    await writeHeartbeat(workspace, { time: at('09:00'), jobs: 4, failed: 1 });
    expect(await readHeartbeat(workspace)).toEqual({ time: at('09:00'), jobs: 4, failed: 1 });
    expect(readFileSync(join(workspace, 'purge-heartbeat.json'), 'utf8')).toBe(
      '{"time":"2026-03-02T09:00:00Z","jobs":4,"failed":1}\n',
    );
  });

  test('in a workspace that is not there is refused', async () => {
    const heartbeat = { time: at('08:00'), jobs: 3, failed: 0 };
    expect(await asyncCodeOf(writeHeartbeat(join(folder(), 'missing'), heartbeat))).toBe('E_NOT_FOUND');
  });

  test.each([
    ['another kind of time', '{"time":"today","jobs":3,"failed":0}'],
    ['a number as time', '{"time":1,"jobs":3,"failed":0}'],
    ['words as numbers', '{"time":"2026-03-02T09:00:00Z","jobs":"3","failed":0}'],
    ['failures that are no number', '{"time":"2026-03-02T09:00:00Z","jobs":3,"failed":null}'],
    ['no time', '{"jobs":3,"failed":0}'],
    ['no jobs', '{"time":"2026-03-02T09:00:00Z","failed":0}'],
    ['no failures', '{"time":"2026-03-02T09:00:00Z","jobs":3}'],
    ['null', 'null'],
    ['a number', '1'],
  ])('with %s is no sign of life, nor silence: the file is named', async (_title, content) => {
    const workspace = folder();
    const file = join(workspace, 'purge-heartbeat.json');
    writeFileSync(file, content);
    await expect(readHeartbeat(workspace)).rejects.toMatchObject({ code: 'E_SCHEMA', place: { file } });
  });

  test('that is cut short is refused, and the file is named', async () => {
    const file = join(folder(), 'purge-heartbeat.json');
    writeFileSync(file, '{"time":"2026');
    await expect(readHeartbeat(dirname(file))).rejects.toMatchObject({ code: 'E_JSON', place: { file } });
  });

  test('fault 7: over its limit is refused', async () => {
    const workspace = folder();
    writeFileSync(join(workspace, 'purge-heartbeat.json'), ' '.repeat(4097));
    expect(await asyncCodeOf(readHeartbeat(workspace))).toBe('E_LIMIT');
  });
});
