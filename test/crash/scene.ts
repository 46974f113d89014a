/** A laboratory, a vendor, a recipient and a server that can be put back before every step of the story. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIGRATE } from '@sealift/demo/actor';
import { rosterFingerprintOf } from '@sealift/demo/cast';
import { Migration } from '../rig/migration.ts';
import type { Rig, RigAccount } from '../rig/rig.ts';
import { type Dump, TINY_DATASETS, writeTinyDump } from './dump.ts';
import { intercepted, type Operation, operationsIn } from './operation.ts';
import { type CrashStep, storyOf } from './story.ts';

const JOB = 'port-2026';
const PATIENCE_MS = 120_000;

/** How a command ended, and what it did until then. */
export interface Ended {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined;
  /** It did not end by itself within two minutes. */
  readonly hung: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly operations: readonly Operation[];
}

/** The stage. */
export class Scene {
  readonly migration: Migration;
  readonly dump: Dump;
  readonly story: readonly CrashStep[];
  readonly #scratch: string;
  /** The last step that was kept. */
  #kept = -1;

  private constructor(migration: Migration, dump: Dump, story: readonly CrashStep[], scratch: string) {
    this.migration = migration;
    this.dump = dump;
    this.story = story;
    this.#scratch = scratch;
  }

  /** Prepares everything up to signed instructions in everybody's hands; the vendor has nothing pinned yet. */
  static async open(start: (options: { readonly accounts: readonly RigAccount[] }) => Promise<Rig>): Promise<Scene> {
    const migration = await Migration.start({
      job: JOB,
      start,
      datasets: TINY_DATASETS,
      members: { suite: 'sealedbox', gates: { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] } },
      noPassphrase: true,
    });
    const { vendor, lab } = migration.cast;
    const dump = await writeTinyDump((name) => vendor.path(name));
    await rm(vendor.path('.home', 'state'), { recursive: true });
    await mkdir(vendor.path('.tmp'));
    const story = storyOf({ job: JOB, fingerprint: await rosterFingerprintOf(lab), kept: dump.kept });
    return new Scene(migration, dump, story, await mkdtemp(join(tmpdir(), 'sealift-crash-')));
  }

  /** Puts everything as it is before a step, playing the story up to there the first time. */
  async goTo(step: CrashStep): Promise<void> {
    const index = this.story.indexOf(step);
    while (this.#kept < index) {
      const [former, next] = [this.story[this.#kept], this.story[this.#kept + 1]];
      if (former !== undefined) {
        await this.migration.restore(former.name);
        if (former.isAside !== true) await this.migration.play([{ do: former.who, words: former.words }]);
      }
      await this.migration.play(next?.before ?? []);
      await this.migration.keep(next?.name ?? 'end');
      this.#kept += 1;
    }
    await this.migration.restore(step.name);
  }

  /** Runs a command with its operations counted; `at` is the one that goes wrong, `tracer` a program that runs it. */
  async run({ who, words }: CrashStep, at?: string, tracer: readonly string[] = []): Promise<Ended> {
    const log = join(this.#scratch, 'operations');
    await rm(log, { force: true });
    const actor = this.migration.cast[who];
    const env = {
      PATH: process.env['PATH'],
      ...actor.environment,
      ...(who === 'vendor' ? { TMPDIR: actor.path('.tmp') } : {}),
      ...intercepted(log, at),
    };
    const ended = await new Promise<Omit<Ended, 'operations'>>((resolve) => {
      const options = {
        cwd: actor.folder,
        env,
        timeout: PATIENCE_MS,
        killSignal: 'SIGTERM',
        maxBuffer: 1 << 24,
      } as const;
      const [program = '', ...all] = [...tracer, process.execPath, MIGRATE, ...words];
      const child = execFile(program, all, options, (error, stdout, stderr) => {
        const hung = error?.signal === 'SIGTERM';
        const exitCode = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined;
        resolve({ exitCode, hung, stdout, stderr });
      });
      child.stdin?.end();
    });
    return { ...ended, operations: await operationsIn(log) };
  }

  /** Ends the server and deletes everything. */
  async close(): Promise<void> {
    await this.migration.stop();
    await rm(this.#scratch, { recursive: true, force: true });
  }
}
