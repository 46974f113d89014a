/** doc/verify-by-hand.md: exactly its commands, on real jobs, and on the same jobs after something was changed. */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { groupsOfFour } from '@sealift/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parsed } from '../packages/cli/test/harness.ts';
import { type DatedJob, Desk, days } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';
import { missingStockTool } from './rig/stock-tools.ts';

const PAGE = join(import.meta.dirname, '..', 'doc', 'verify-by-hand.md');
const STEPS = ['unpack', 'roster', 'signatures', 'chain', 'sealed', 'counts'] as const;
type Step = (typeof STEPS)[number];

/** The blocks of the page, to the character. */
async function blocksOfPage(): Promise<Record<Step, string>> {
  const text = await readFile(PAGE, 'utf8');
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block);
  if (blocks.length !== STEPS.length) throw new Error(`the page has ${blocks.length} blocks`);
  return Object.fromEntries(STEPS.map((step, index) => [step, blocks[index]])) as Record<Step, string>;
}

interface Outcome {
  /** The first step that failed. */
  readonly failed: Step | undefined;
  /** What the steps up to it printed. */
  readonly said: Partial<Record<Step, string>>;
}

const missing = missingStockTool();

describe.skipIf(missing !== undefined)(
  missing === undefined ? 'verify by hand' : `verify by hand (skipped: needs ${missing})`,
  () => {
    let desk: Desk;
    let blocks: Record<Step, string>;
    /** A job that was received and purged; its sealed files were kept. */
    let purged: string;
    let revoked: string;
    let copies = 0;

    beforeAll(async () => {
      blocks = await blocksOfPage();
      desk = await Desk.open(startEmbedded);
      purged = await folderOf(await desk.delivered({}), async (job) => {
        const receive = ['receive', '--instructions', `${job.name}.json`, '--into', 'in'];
        await desk.machine.migrate(...receive, '--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh');
        expect((await job.purge()).exitCode).toBe(0);
      });
      revoked = await folderOf(await desk.delivered({}), (job) => job.revoke(days(-1)));
    }, 60_000);

    afterAll(() => desk?.rig.stop());

    /** A folder with what the page asks for. */
    async function folderOf(job: DatedJob, finish: (job: DatedJob) => Promise<void>): Promise<string> {
      const folder = desk.machine.path(`by-hand-${job.name}`);
      await cp(job.local('out'), join(folder, 'out'), { recursive: true });
      await finish(job);
      await cp(job.local('manifest.json'), join(folder, 'manifest.json'));
      await cp(desk.machine.path('lab.roster.json'), join(folder, 'lab.roster.json'));
      return folder;
    }

    /** Runs the blocks in their order, up to the first that fails. */
    function check(folder: string): Outcome {
      const said: Partial<Record<Step, string>> = {};
      for (const step of STEPS) {
        const { status, stdout, stderr } = spawnSync('sh', ['-c', blocks[step]], { cwd: folder, encoding: 'utf8' });
        said[step] = stdout + stderr;
        if (status !== 0) return { failed: step, said };
      }
      return { failed: undefined, said };
    }

    /** A copy of a folder, one file of it changed. */
    async function changed(folder: string, file: string, change: (bytes: Buffer) => Buffer | string): Promise<Outcome> {
      const copy = `${folder}-${copies++}`;
      await mkdir(copy);
      for (const name of ['manifest.json', 'lab.roster.json', 'out']) {
        await cp(join(folder, name), join(copy, name), { recursive: true });
      }
      await writeFile(join(copy, file), change(await readFile(join(copy, file))));
      return check(copy);
    }

    const changedManifest = (folder: string, change: (manifest: Parsed) => void): Promise<Outcome> =>
      changed(folder, 'manifest.json', (bytes) => {
        const manifest = JSON.parse(bytes.toString());
        change(manifest);
        return JSON.stringify(manifest);
      });

    it('holds for a job from the instructions to the purge, and names everybody who signed', () => {
      const { failed, said } = check(purged);
      expect(failed, JSON.stringify(said)).toBeUndefined();
      expect(said.signatures?.trimEnd().split('\n')).toEqual([
        'roster: signed by Claire Moreau',
        'instructions-1: signed by Claire Moreau',
        'entry-0: signed by jean',
        'entry-1: signed by jean',
        'entry-2: signed by purge',
        'entry-2-receipt: signed by novalis',
        'entry-3: signed by purge',
        'checkpoint: signed by purge',
      ]);
      expect(said.sealed).toBe('patients.csv.sealed: OK\nmanifest.json.sealed: OK\n');
      expect(said.counts).toContain("patients: ID {'");
    });

    it('holds for a job that the laboratory revoked', () => {
      const { failed, said } = check(revoked);
      expect(failed, JSON.stringify(said)).toBeUndefined();
      expect(said.signatures).toContain('entry-2-revocation: signed by Claire Moreau\n');
    });

    it('prints the fingerprint of the roster as migrate does', async () => {
      const { data } = await desk.machine.migrate('verify', join(purged, 'manifest.json'), '--lab', 'lab.roster.json');
      expect(check(purged).said.roster).toBe(`${groupsOfFour(data.roster)}\n`);
    });

    const INNER = 'entry-2-receipt';
    it.each<[string, Step, RegExp, (manifest: Parsed) => void]>([
      ['another roster', 'unpack', /another roster/, (m) => m.roster.signed.version++],
      ['other instructions', 'unpack', /other instructions/, (m) => (m.instructions[0].signed.note = 'x')],
      [
        'who signed the instructions',
        'signatures',
        /^instructions-1: THE/m,
        ({ instructions, roster }) => (instructions[0].signatures = roster.signatures),
      ],
      ['a count', 'signatures', /^entry-0: THE/m, (m) => m.entries[0].signed.statement.datasets[0].counts.read++],
      ['a time', 'signatures', /^checkpoint: THE/m, (m) => (m.checkpoint.signed.time = '2020-01-01T00:00:00Z')],
      ['the order', 'chain', /^entry-0: THE/m, ({ entries }) => ([entries[0], entries[1]] = [entries[1], entries[0]])],
      ['an entry that is missing', 'unpack', /another number/, (m) => m.entries.splice(1, 1)],
      ['the last entry', 'unpack', /another number/, (m) => m.entries.pop()],
      [
        'the receipt',
        'signatures',
        /^entry-2: THE/m,
        (m) => m.entries[2].signed.statement.document.signed.datasets[0].rows++,
      ],
      [
        'who signed the receipt',
        'unpack',
        new RegExp(`${INNER}: 0 sig`),
        ({ entries }) => {
          entries[2].signed.statement.document.signatures[0].key = entries[2].signatures[0].key;
        },
      ],
      ['the kind of a document', 'unpack', /is not of type/, (m) => (m.entries[2].signed.statement.kind = 'import')],
    ])('fails when this was changed: %s', async (_what, step, message, change) => {
      const { failed, said } = await changedManifest(purged, change);
      expect(failed).toBe(step);
      expect(said[step]).toMatch(message);
    });

    it('fails when a byte of a sealed file, and when the roster of the laboratory was changed', async () => {
      const flipped = (bytes: Buffer): Buffer =>
        Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]);
      const sealed = await changed(purged, 'out/patients.csv.sealed', flipped);
      expect([sealed.failed, sealed.said.sealed]).toEqual([
        'sealed',
        expect.stringContaining('patients.csv.sealed: FAILED'),
      ]);
      const roster = await changed(purged, 'lab.roster.json', (bytes) => bytes.toString().replace('Leroy', 'Lerou'));
      expect(roster.failed).toBe('unpack');
    });

    it('refuses a member that is there twice, which readers understand differently', async () => {
      const twice = await changed(purged, 'manifest.json', (bytes) =>
        bytes.toString().replace('"seq": 0', '"seq": 9, "seq": 0'),
      );
      expect([twice.failed, twice.said.unpack]).toEqual(['unpack', expect.stringContaining('there twice')]);
    });

    it('fails when any value that is signed was changed', async () => {
      const manifest = JSON.parse(await readFile(join(purged, 'manifest.json'), 'utf8'));
      const places = placesIn(manifest).filter((place) => place.includes('signed'));
      const some = places.filter((_, index) => index % Math.ceil(places.length / 8) === 0);
      for (const place of some) {
        const { failed } = await changedManifest(purged, (copy) => change(copy, place));
        expect(failed, place.join('/')).toBeDefined();
      }
    });
  },
);

type Place = readonly (string | number)[];

/** The ways to all values that are no objects and no lists. */
function placesIn(value: Parsed, way: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [way];
  return Object.entries(value).flatMap(([name, member]) => placesIn(member, [...way, name]));
}

function change(value: Parsed, place: Place): void {
  const [last = '', parent] = [place.at(-1), place.slice(0, -1).reduce((inner, name) => inner[name], value)];
  const former = parent[last];
  parent[last] = typeof former === 'number' ? former + 1 : typeof former === 'boolean' ? !former : `${former}x`;
}
