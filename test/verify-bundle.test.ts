/** `migrate verify` in words: sealed files against the digests of the manifest, what came late or was refused, and exit codes. */
import { appendFile, copyFile, rm, stat, truncate } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatedJob, Desk, days } from './rig/dated-job.ts';
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

describe('verify and status', () => {
  it('list what came late and what was refused, in 80 columns', async () => {
    const { machine } = desk;
    const late = await desk.extracted({ delivery: days(-9) });
    const file = late.local('out', 'patients.csv.sealed');
    await appendFile(file, 'x');
    const send = ['send', '--job', late.name, '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];
    machine.now = days(-9.5);
    await expect(machine.migrate(...send)).rejects.toMatchObject({ code: 'E_MISMATCH' });
    await truncate(file, (await stat(file)).size - 1);
    machine.now = days(-8);
    await machine.migrate(...send);
    const verified = await machine.migrate('verify', late.local('manifest.json'), '--lab', 'lab.roster.json');
    const { text: status } = await machine.migrate('status');
    const marks = verified.data.troubles.map(({ trouble }: { trouble: string }) => trouble);
    expect(marks).toEqual(['missing', 'missing', 'late', 'refused']);
    expect(verified.text).toMatch(/^ {2}late {6}The delivery came on /m);
    expect(verified.text).toMatch(/^ {2}refused {3}“migrate send” was refused on /m);
    expect(status).toContain('1 refused step in the journal');
    expect(`${verified.text}\n${status}`.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('tell a complete job by exit code 0, and by 5 a manifest that does not hold', async () => {
    const { machine } = desk;
    const complete = await desk.delivered({});
    const receive = ['receive', '--instructions', `${complete.name}.json`, '--into', 'complete'];
    await machine.migrate(...receive, '--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh');
    await complete.purge();
    const manifest = `jobs/${complete.name}/manifest.json`;
    const verified = await machine.migrate('verify', manifest, '--lab', 'lab.roster.json');
    expect([verified.exitCode, verified.data.outcome, verified.warnings]).toEqual([0, 'complete', []]);
    expect(verified.data.reconciliation).toMatchObject([{ dataset: 'patients', agreement: 'equal' }]);
    machine.write('changed.json', machine.read(manifest).replace('"read": 2', '"read": 3'));
    await expect(machine.migrate('verify', 'changed.json', '--lab', 'lab.roster.json')).rejects.toMatchObject({
      code: 'E_SIG',
      exitCode: 5,
    });
  });
});
