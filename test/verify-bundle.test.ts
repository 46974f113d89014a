/** `migrate verify --bundle`: sealed files against the digests of the manifest; and the exit codes of complete and incomplete. */
import { appendFile, copyFile, rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatedJob, Desk } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';

let desk: Desk;
let job: DatedJob;

beforeAll(async () => {
  desk = await Desk.open(startEmbedded);
  job = await desk.delivered({});
});

afterAll(async () => {
  await desk?.rig.stop();
});

function verify() {
  const lab = ['--lab', 'lab.roster.json', '--bundle', job.local('out')];
  return desk.machine.migrate('verify', job.local('manifest.json'), ...lab);
}

describe('verify --bundle', () => {
  it('finds the files as they are named, and tells an incomplete job by exit code 10', async () => {
    const { data, exitCode, warnings, text } = await verify();
    expect(data.files.map(({ found }: { found: string }) => found)).toEqual(['same', 'same']);
    expect([exitCode, data.outcome]).toEqual([10, 'incomplete']);
    expect(warnings).toEqual([expect.stringContaining('E_INCOMPLETE')]);
    expect(text).toContain('The receipt of novalis is missing.');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('names a file that is missing, one that nobody named, and one that was altered', async () => {
    const file = job.local('out', 'patients.csv.sealed');
    await copyFile(file, job.local('out', 'other.csv.sealed'));
    expect((await verify()).exitCode).toBe(5);
    await rm(job.local('out', 'other.csv.sealed'));
    await copyFile(file, `${file}.kept`);
    await rm(file);
    const missing = await verify();
    expect(missing.data.files).toContainEqual({ name: 'patients.csv.sealed', found: 'missing' });
    expect(missing.exitCode).toBe(10);
    await copyFile(`${file}.kept`, file);
    await appendFile(file, 'x');
    const altered = await verify();
    expect(altered.data.files).toContainEqual({ name: 'patients.csv.sealed', found: 'altered' });
    expect(altered.exitCode).toBe(5);
  });
});
