/** `migrate purge`: what cron runs: collects receipts, and deletes every copy of the jobs whose gating statements are all there. */
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import { parseJobId } from '@sealift/core/ids';
import { requireUnattended } from '@sealift/core/instructions';
import { currentInstructions, missingForPurge, procedureOf } from '@sealift/core/journal';
import { isAlerted, writeHeartbeat } from '@sealift/core/node/attention';
import { isCaughtUp, type Job, jobFolder, listJobs, readJob } from '@sealift/core/node/workspace';
import type { Purge } from '@sealift/core/statement';
import {
  collectStatements,
  type Disposal,
  disposeSources,
  lateDelivery,
  mayHoldStaleUpload,
  pendingDeadlines,
  pendingDisposals,
  purge,
  purgeBasis,
  type Remote,
  recordDeadlines,
  sweepStaleUpload,
} from '@sealift/transfer';
import { alertHooks, type TellHooks } from '../alert-hooks.ts';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { type ActingOperator, jobFolderOf, trustOf, withJob, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { withRemote } from '../remote-source.ts';

/** What needs a person. */
type Problem = Pick<SealiftError, 'code' | 'message' | 'hint'>;

/** What became of one job. */
export interface PurgedJob {
  readonly job: string;
  readonly outcome: 'purged' | 'already-purged' | 'waiting' | 'nothing-to-do' | 'failed';
  /** Statements that were taken in. */
  readonly accepted: readonly string[];
  /** Statements that the purge still waits for. */
  readonly missing: readonly string[];
  /** Deadlines that are near or have passed, at every run; a delivery that came late, once. */
  readonly alerts: readonly Problem[];
  readonly purge?: Pick<Purge, 'basis' | 'local' | 'remote'>;
  /** Marked source files that were deleted, or were gone. */
  readonly disposed?: readonly Pick<Disposal, 'dataset' | 'bytes' | 'outcome'>[];
  readonly error?: Problem;
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

/** What one run is given, and who is told of its alerts. */
interface PurgeRun {
  readonly input: Input;
  readonly context: Context;
  readonly onAlert: TellHooks | undefined;
}

/** Throws E_USAGE, and with a single job what its purge throws; with `--all` a failed job doesn't keep the others. */
export async function run(input: Input, context: Context): Promise<PurgeResult> {
  if (input.flag('all') && input.optional('job') !== undefined) {
    throw new SealiftError('E_USAGE', '--all and --job name different jobs', { hint: 'leave one of them out' });
  }
  const by = { input, context, onAlert: await alertHooks(context) };
  if (!input.flag('all')) {
    const { result, problem } = await purgeFolder(await jobFolderOf(input, context), by);
    if (problem !== undefined) throw problem;
    return { jobs: [result] };
  }
  const workspace = workspaceOf(input, context);
  const jobs: PurgedJob[] = [];
  for (const name of await listJobs(workspace)) {
    const { result, problem } = await purgeOneOfAll(workspace, name, by);
    if (problem !== undefined) context.warn(`job ${name}: ${problem.message} (${problem.code})`);
    jobs.push(result);
  }
  const failed = jobs.filter(({ error, alerts }) => error !== undefined || alerts.length > 0).length;
  await writeHeartbeat(workspace, { time: context.now(), jobs: jobs.length, failed });
  return { jobs };
}

async function purgeOneOfAll(workspace: string, name: string, by: PurgeRun): Promise<Attempt> {
  try {
    return await purgeFolder(jobFolder(workspace, parseJobId(name)), by);
  } catch (cause) {
    if (!(cause instanceof SealiftError)) throw cause;
    return failed({ job: name, accepted: [], missing: [], alerts: [] }, cause);
  }
}

function failed(base: Omit<PurgedJob, 'outcome' | 'error' | 'purge'>, problem: SealiftError): Attempt {
  return { result: { ...base, outcome: 'failed', error: problemOf(problem) }, problem };
}

const problemOf = ({ code, message, hint }: SealiftError): Problem => ({ code, message, hint });

async function purgeFolder(folder: string, by: PurgeRun): Promise<Attempt> {
  const { input, context } = by;
  const settled = await settledJob(folder, context);
  if (settled !== undefined) return { result: settled };
  return withJob(folder, by, (job, operator) =>
    job.attempt('purge', async () => {
      // Opening it has completed what a crash left undone after the last purge.
      const isPurged = job.story.progress.purge !== undefined;
      if (isPurged && pendingDisposals(job.story).length === 0) return { result: alreadyPurged(folder) };
      const { entry } = requireUnattended(job.instructions, operator.secret.fingerprint, context.now());
      if (isPurged) return withDisposals(job, alreadyPurged(folder), context);
      return withRemote(job.instructions, entry, { input, context }, (remote) =>
        collectAndPurge(job, remote, { operator, context }),
      );
    }),
  );
}

const alreadyPurged = (folder: string): PurgedJob => ({
  ...{ job: basename(folder), outcome: 'already-purged' },
  ...{ accepted: [], missing: [], alerts: [] },
});

/** A job that no connection is needed for: it is purged, or not delivered and without a deadline that is still to be recorded. */
async function settledJob(folder: string, context: Context): Promise<PurgedJob | undefined> {
  const { rosters, ledger } = trustOf(context);
  const opened = await readJob(folder, rosters);
  const { story } = opened;
  const { extraction, purge: purged, delivery, ended } = story.progress;
  const base = { job: basename(folder), accepted: [], missing: [] };
  if (purged !== undefined) {
    const isSettled = pendingDisposals(story).length === 0 && (await isCaughtUp(opened, ledger));
    return isSettled ? alreadyPurged(folder) : undefined;
  }
  // A journal that lost its extraction is not one that waits for it: opening the job says so.
  if ((await ledger.find(currentInstructions(story)))?.extraction !== extraction?.entry) return undefined;
  if (delivery !== undefined || ended !== undefined || mayHoldStaleUpload(story, context.now())) return undefined;
  const alerts = pendingDeadlines(story, context.now());
  return alerts.every((alert) => isAlerted(story, alert, context.now()))
    ? { ...base, outcome: 'nothing-to-do', alerts: alerts.map(problemOf) }
    : undefined;
}

async function collectAndPurge(
  job: Job,
  remote: Remote,
  { operator, context }: { operator: ActingOperator; context: Context },
): Promise<Attempt> {
  const collected = await collectStatements(job, remote, operator.secret);
  const late = lateDelivery(job.story, context.now());
  // It came: nobody can answer this one, and it is said once.
  const told = late !== undefined && !isAlerted(job.story, late) && (await job.alert(late)) ? [late] : [];
  const stale = await sweepStaleUpload(job, remote, context.now());
  if (stale !== undefined) told.push(stale);
  tell(job, told, context);
  const base = {
    job: job.instructions.signed.job,
    accepted: collected.filter(({ taken }) => taken).map(({ kind }) => kind),
    missing: missingKinds(job),
    alerts: told.map(problemOf),
  };
  try {
    if (purgeBasis(job, context.now()) !== undefined) {
      const { basis, local, remote: there } = await purge(job, remote, context.now());
      return await withDisposals(job, { ...base, outcome: 'purged', purge: { basis, local, remote: there } }, context);
    }
    tell(job, await recordDeadlines(job, remote, context.now()), context);
  } catch (cause) {
    // What is in the journal as an alert is no refusal as well.
    if (cause instanceof SealiftError && isAlerted(job.story, cause)) return failed(base, cause);
    throw cause;
  }
  const alerts = [...base.alerts, ...pendingDeadlines(job.story, context.now()).map(problemOf)];
  const problem = collected.find((one) => one.problem !== undefined)?.problem;
  if (problem !== undefined) return failed({ ...base, alerts }, problem);
  const outcome = job.story.progress.delivery === undefined ? 'nothing-to-do' : 'waiting';
  return { result: { ...base, alerts, outcome } };
}

/** Deletes the sources that were marked, once the copies are gone: one that can't be deleted keeps no copy alive. */
async function withDisposals(job: Job, result: PurgedJob, context: Context): Promise<Attempt> {
  const { disposed, problems } = await disposeSources(job);
  const [problem, ...others] = problems;
  const details = disposed.map(({ dataset, bytes, outcome }) => ({ dataset, bytes, outcome }));
  const done = details.length === 0 ? result : { ...result, disposed: details };
  if (problem === undefined) return { result: done };
  tell(job, others, context);
  return { result: { ...done, error: problemOf(problem) }, problem };
}

/** The statements that the purge of a job waits for; none of one that is not delivered, or ended. */
function missingKinds({ story, instructions }: Job): string[] {
  const { delivery, ended } = story.progress;
  if (delivery === undefined || ended !== undefined) return [];
  return missingForPurge(story.progress, procedureOf(instructions)).map(({ kind }) => kind);
}

/** Says what is new, and once a day what nobody has answered: a cron job that sends what is on standard error sends it as often. */
function tell(job: Job, alerts: readonly SealiftError[], context: Context): void {
  for (const { message, code } of alerts) context.warn(`job ${job.instructions.signed.job}: ${message} (${code})`);
}

/** 0 when every job is purged or still waits in order; otherwise that of the first job that needs a person. */
export function exitCode({ jobs }: PurgeResult): number {
  const [error] = jobs.flatMap(({ error: problem, alerts }) => (problem === undefined ? alerts : [problem, ...alerts]));
  return error === undefined ? 0 : new SealiftError(error.code, error.message).exitCode;
}

/** A line or more for each job. */
export function present({ jobs }: PurgeResult): readonly Line[] {
  return jobs.length === 0 ? ['there is no job in this workspace'] : jobs.flatMap(presentJob);
}

function presentJob(job: PurgedJob): Line[] {
  const taken = job.accepted.map((kind) => `  ${kind} taken in`);
  const alerts = job.alerts.map(({ message, code }) => emphasised('caution', `  ${message} (${code})`));
  return [presentOutcome(job), ...taken, ...alerts, ...presentDetails(job)];
}

function presentOutcome({ job, outcome, missing, purge: purged, error }: PurgedJob): Line {
  switch (outcome) {
    case 'purged':
      return purged?.basis === 'deadline'
        ? emphasised('caution', `job ${job} is purged on its deadline, without: ${missing.join(', ')}`)
        : emphasised('good', `job ${job} is purged: every copy was deleted and looked for again`);
    case 'already-purged':
      return `job ${job} was purged before`;
    case 'nothing-to-do':
      return `job ${job} is not delivered yet: nothing to purge`;
    case 'waiting':
      return emphasised('caution', `job ${job} waits for: ${missing.join(', ')}`);
    case 'failed':
      return emphasised('bad', `job ${job} is not purged: ${error?.message ?? ''} (${error?.code ?? ''})`);
  }
}

function presentDetails({ purge: purged, disposed = [], outcome, error }: PurgedJob): string[] {
  return [
    ...(purged?.remote ?? []).map((file) => `  on the server:  ${file.name}  ${file.outcome}`),
    ...(purged?.local ?? []).map((file) => `  here:           ${file.name}  ${file.outcome}`),
    ...disposed.map((source) => `  source:         ${source.dataset}  ${source.outcome}`),
    ...(error === undefined || outcome === 'failed' ? [] : [`  ${error.message} (${error.code})`]),
    ...(error === undefined ? [] : [`  hint: ${error.hint}`]),
  ];
}
