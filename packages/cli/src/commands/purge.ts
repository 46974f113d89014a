/** `migrate purge`: what cron runs: collects receipts, and deletes every copy of the jobs whose gating statements are all there. */
import { basename } from 'node:path';
import { type Purge, parseJobId, requireOperator, SealiftError } from '@sealift/core';
import { currentInstructions, missingForPurge, procedureOf } from '@sealift/core/journal';
import { type Job, jobFolder, listJobs, readJob } from '@sealift/core/node';
import { collectStatements, isPurgeable, purge, type Remote } from '@sealift/transfer';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { type ActingOperator, jobFolderOf, trustOf, withJob, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { withRemote } from '../remote-source.ts';

/** What became of one job. */
export interface PurgedJob {
  readonly job: string;
  readonly outcome: 'purged' | 'already-purged' | 'waiting' | 'nothing-to-do' | 'failed';
  /** Statements that were taken in. */
  readonly accepted: readonly string[];
  /** Statements that the purge still waits for. */
  readonly missing: readonly string[];
  readonly purge?: Pick<Purge, 'local' | 'remote'>;
  readonly error?: Pick<SealiftError, 'code' | 'message' | 'hint'>;
}

/** What became of every job. */
export interface PurgeResult {
  readonly jobs: readonly PurgedJob[];
}

/** What became of a job, and what kept it from its purge. */
interface Attempt {
  readonly result: PurgedJob;
  readonly problem?: SealiftError;
}

/** Throws E_USAGE, and with a single job what its purge throws; with `--all` a failed job doesn't keep the others. */
export async function run(input: Input, context: Context): Promise<PurgeResult> {
  if (!input.flag('all')) {
    const { result, problem } = await purgeFolder(await jobFolderOf(input, context), input, context);
    if (problem !== undefined) throw problem;
    return { jobs: [result] };
  }
  if (input.optional('job') !== undefined) {
    throw new SealiftError('E_USAGE', '--all and --job name different jobs', { hint: 'leave one of them out' });
  }
  const workspace = workspaceOf(input, context);
  const jobs: PurgedJob[] = [];
  for (const name of await listJobs(workspace)) {
    const { result, problem } = await purgeOneOfAll(workspace, name, { input, context });
    if (problem !== undefined) context.warn(`job ${name}: ${problem.message} (${problem.code})`);
    jobs.push(result);
  }
  return { jobs };
}

async function purgeOneOfAll(
  workspace: string,
  name: string,
  { input, context }: { input: Input; context: Context },
): Promise<Attempt> {
  try {
    return await purgeFolder(jobFolder(workspace, parseJobId(name)), input, context);
  } catch (cause) {
    if (!(cause instanceof SealiftError)) throw cause;
    return failed({ job: name, accepted: [], missing: [] }, cause);
  }
}

function failed(base: Pick<PurgedJob, 'job' | 'accepted' | 'missing'>, problem: SealiftError): Attempt {
  const { code, message, hint } = problem;
  return { result: { ...base, outcome: 'failed', error: { code, message, hint } }, problem };
}

async function purgeFolder(folder: string, input: Input, context: Context): Promise<Attempt> {
  const settled = await settledOutcome(folder, context);
  if (settled !== undefined) {
    return { result: { job: basename(folder), outcome: settled, accepted: [], missing: [] } };
  }
  return withJob(folder, { input, context }, (job, operator) =>
    job.attempt('purge', () => {
      const { entry } = requireUnattended(job, operator, context);
      return withRemote(job.instructions, entry, { input, context }, (remote) =>
        collectAndPurge(job, remote, operator),
      );
    }),
  );
}

/** A job that no connection is needed for. */
async function settledOutcome(
  folder: string,
  context: Context,
): Promise<'already-purged' | 'nothing-to-do' | undefined> {
  const { rosters, ledger } = trustOf(context);
  const { story } = await readJob(folder, rosters);
  const { extraction, purge: purged, delivery, ended } = story.progress;
  if (purged !== undefined) return 'already-purged';
  // A journal that lost its extraction is not one that waits for it: opening the job says so.
  if ((await ledger.find(currentInstructions(story)))?.extraction !== extraction?.entry) return undefined;
  return delivery === undefined && ended === undefined ? 'nothing-to-do' : undefined;
}

/** Only an identity that the instructions mark as unattended purges: its passphrase lies where nobody types it. */
function requireUnattended(job: Job, { secret }: ActingOperator, context: Context): ReturnType<typeof requireOperator> {
  const operator = requireOperator(job.instructions, secret.fingerprint, context.now());
  if (operator.entry.unattended) return operator;
  throw new SealiftError(
    'E_ROLE',
    `the identity of ${operator.entry.name} is not an unattended one of these instructions`,
    {
      hint: 'run the purge with the service identity that the instructions mark as unattended',
    },
  );
}

async function collectAndPurge(job: Job, remote: Remote, { secret }: ActingOperator): Promise<Attempt> {
  const collected = await collectStatements(job, remote, secret);
  const accepted = collected.filter(({ taken }) => taken).map(({ kind }) => kind);
  const base = { job: job.instructions.signed.job, accepted };
  if (isPurgeable(job)) {
    const { local, remote: there } = await purge(job, remote);
    return { result: { ...base, outcome: 'purged', missing: [], purge: { local, remote: there } } };
  }
  const missing = missingForPurge(job.story.progress, procedureOf(job.instructions)).map(({ kind }) => kind);
  const problem = collected.find((one) => one.problem !== undefined)?.problem;
  if (problem !== undefined) return failed({ ...base, missing }, problem);
  return { result: { ...base, outcome: 'waiting', missing } };
}

/** 0 when every job is purged or still waits in order; otherwise that of the first job that needs a person. */
export function exitCode({ jobs }: PurgeResult): number {
  const error = jobs.find((job) => job.error !== undefined)?.error;
  return error === undefined ? 0 : new SealiftError(error.code, error.message).exitCode;
}

/** A line or more for each job. */
export function present({ jobs }: PurgeResult): readonly Line[] {
  return jobs.length === 0 ? ['there is no job in this workspace'] : jobs.flatMap(presentJob);
}

function presentJob({ job, outcome, accepted, missing, purge: purged, error }: PurgedJob): Line[] {
  const taken = accepted.map((kind) => `  ${kind} taken in`);
  switch (outcome) {
    case 'purged':
      return [
        emphasised('good', `job ${job} is purged: every copy was deleted and looked for again`),
        ...taken,
        ...(purged?.remote ?? []).map((file) => `  on the server:  ${file.name}  ${file.outcome}`),
        ...(purged?.local ?? []).map((file) => `  here:           ${file.name}  ${file.outcome}`),
      ];
    case 'already-purged':
      return [`job ${job} was purged before`];
    case 'nothing-to-do':
      return [`job ${job} is not delivered yet: nothing to purge`];
    case 'waiting':
      return [emphasised('caution', `job ${job} waits for: ${missing.join(', ')}`), ...taken];
    case 'failed':
      return [
        emphasised('bad', `job ${job} is not purged: ${error?.message ?? ''} (${error?.code ?? ''})`),
        ...taken,
        `  hint: ${error?.hint ?? ''}`,
      ];
  }
}
