/** A whole migration on a test server, played with the demo's cast and the built command. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Actor, CommandResult } from '@sealift/demo/actor';
import {
  ACCOUNTS,
  authorisation,
  type Cast,
  fingerprintOf,
  gather,
  PREPARATION,
  play,
  rosterFingerprintOf,
  type Step,
  writeOutline,
} from '@sealift/demo/cast';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import type { Rig, RigAccount } from './rig.ts';

/** What a migration is made from. */
export interface MigrationOptions {
  readonly job: string;
  readonly start: (options: { readonly accounts: readonly RigAccount[] }) => Promise<Rig>;
  /** The datasets of the instructions, instead of those of the synthetic dump. */
  readonly datasets?: readonly Record<string, unknown>[];
  /** Members of the instructions, instead of those that the draft proposes. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** Whether the laboratory is a recipient as well, with account `labo` and `labo.ssh`. */
  readonly labReceives?: boolean;
  /** Leaves the laboratory's identity without a passphrase, so that its commands are as quick as the others'. */
  readonly noPassphrase?: boolean;
}

const LAB_ACCOUNT = 'labo';
const LAB_AS_RECIPIENT = {
  name: 'Laboratoire du Port',
  account: LAB_ACCOUNT,
  identity: 'labo.identity.json',
  sshKey: 'labo.ssh.pub',
};

/** The laboratory's own access to the server; the public key line. */
async function joinAsRecipient(lab: Actor): Promise<string> {
  const shown = await lab.migrate(['identity', 'show', 'lab.key.json', '--export', LAB_AS_RECIPIENT.identity]);
  if (shown.exitCode !== 0) throw new Error(shown.stderr);
  return writeSshKeyPair(lab.path('labo.ssh'));
}

/** A laboratory, a vendor, a recipient and a server, with signed instructions in everyone's hands. */
export class Migration {
  readonly job: string;
  readonly cast: Cast;
  readonly rig: Rig;
  /** The recipient's fingerprint. */
  readonly recipient: string;
  readonly #base: string;
  readonly #snapshots: string;

  private constructor(job: string, cast: Cast, rig: Rig, folders: { base: string; recipient: string }) {
    this.job = job;
    this.cast = cast;
    this.rig = rig;
    this.recipient = folders.recipient;
    this.#base = folders.base;
    this.#snapshots = `${folders.base}-snapshots`;
  }

  /** Plays the story up to the point where the vendor could extract. */
  static async start(options: MigrationOptions): Promise<Migration> {
    const { job, start, datasets, members, labReceives, noPassphrase } = options;
    const base = await mkdtemp(join(tmpdir(), 'sealift-migration-'));
    const cast = await gather(base);
    for (const step of PREPARATION) await succeed(cast, noPassphrase === true ? withoutPassphrase(step) : step);
    const labKey = labReceives === true ? await joinAsRecipient(cast.lab) : undefined;
    const rig = await start({
      accounts: [
        ...(labKey === undefined ? [] : [{ name: LAB_ACCOUNT, publicKey: labKey, role: 'recipient' } as const]),
        { name: ACCOUNTS.operator, publicKey: cast.sshKeys.operator, role: 'operator' },
        { name: ACCOUNTS.service, publicKey: cast.sshKeys.service, role: 'operator' },
        { name: ACCOUNTS.recipient, publicKey: cast.sshKeys.recipient, role: 'recipient' },
      ],
    });
    const recipient = await fingerprintOf(cast.recipient, 'novalis.key.json');
    const second =
      labKey === undefined
        ? []
        : [{ fingerprint: await fingerprintOf(cast.lab, 'lab.key.json'), account: LAB_ACCOUNT }];
    await rig.prepareJob(job, [{ fingerprint: recipient, account: ACCOUNTS.recipient }, ...second]);
    const { host, port, hostKey, folder } = rig;
    await writeOutline(cast, {
      job,
      endpoint: { host, port, hostKey, folder },
      ...(datasets === undefined ? {} : { datasets }),
      ...(members === undefined ? {} : { members }),
      ...(labKey === undefined ? {} : { recipients: [LAB_AS_RECIPIENT] }),
    });
    const migration = new Migration(job, cast, rig, { base, recipient });
    await migration.play(authorisation(await rosterFingerprintOf(cast.lab)));
    return migration;
  }

  /** Plays steps that must succeed; the answer of the last command. */
  async play(steps: readonly Step[]): Promise<CommandResult> {
    let last: CommandResult = { exitCode: 0, stdout: '', stderr: '' };
    for (const step of steps) last = (await succeed(this.cast, step)) ?? last;
    return last;
  }

  /** The job's folder on the server's disk. */
  remote(...names: string[]): string {
    return join(this.rig.root, this.job, ...names);
  }

  /** The job's folder in the vendor's workspace. */
  local(...names: string[]): string {
    return this.cast.vendor.path('jobs', this.job, ...names);
  }

  /** Keeps everybody's files and the server's as they are now. */
  async keep(stage: string): Promise<void> {
    await mkdir(join(this.#snapshots, stage), { recursive: true });
    for (const [name, folder] of this.folders()) await copy(folder, join(this.#snapshots, stage, name));
  }

  /** Puts everything back as it was kept. */
  async restore(stage: string): Promise<void> {
    for (const [name, folder] of this.folders()) {
      await rm(folder, { recursive: true });
      await copy(join(this.#snapshots, stage, name), folder);
    }
  }

  /** Ends the server and deletes everything. */
  async stop(): Promise<void> {
    await this.rig.stop();
    for (const folder of [this.#base, this.#snapshots]) await rm(folder, { recursive: true, force: true });
  }

  /** Everybody's folder and the job's on the server, by name. */
  folders(): [name: string, folder: string][] {
    const { lab, vendor, recipient } = this.cast;
    return [
      ['laboratory', lab.folder],
      ['vendor', vendor.folder],
      ['recipient', recipient.folder],
      ['server', this.remote()],
    ];
  }
}

/** Copies a folder with owners, modes and times, which a server's folders depend on. */
async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-RPp', from, to]);
}

/** The same step, where it makes the laboratory's identity, for one without a passphrase. */
function withoutPassphrase(step: Step): Step {
  return 'do' in step && step.words[0] === 'lab' ? { ...step, words: [...step.words, '--no-passphrase'] } : step;
}

async function succeed(cast: Cast, step: Step): Promise<CommandResult | undefined> {
  const result = await play(cast, step);
  if (result === undefined || result.exitCode === 0 || !('do' in step)) return result;
  throw new Error(`${step.do}: migrate ${step.words.join(' ')} ended with ${result.exitCode}:\n${result.stderr}`);
}
