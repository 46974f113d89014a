/** `migrate status`: every job of a workspace, where it stands and what it waits for. */
import { ready, SealiftError } from '@sealift/core';
import { isRepeat, type Reconciled, reconcile } from '@sealift/core/claims';
import { parseJobId, timeValue, type UtcTime } from '@sealift/core/ids';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import {
  currentInstructions,
  type JobState,
  procedureOf,
  type Story,
  stateOf,
  waitingFor,
} from '@sealift/core/journal';
import { type Deadline, deadlinesOf } from '@sealift/core/manifest';
import { readHeartbeat } from '@sealift/core/node/attention';
import { jobFolder, listJobs, readJob } from '@sealift/core/node/workspace';
import type { Statement } from '@sealift/core/statement';
import { countSentences } from '@sealift/report';
import { paragraph } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { readDuration } from '../duration.ts';
import type { Input } from '../input.ts';
import { trustOf, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { type Silence, silenceOf } from '../silence.ts';

/** One job. */
export interface JobStatus {
  readonly job: string;
  readonly lab: string;
  readonly version: number;
  readonly state: JobState | 'expired';
  readonly entries: number;
  readonly lastEntry: string | null;
  readonly waitingFor: readonly { readonly kind: string; readonly recipient?: string }[];
  readonly deadlines: Readonly<Record<'delivery' | 'purge', Pick<Deadline, 'due' | 'standing'>>>;
  /** Since when sealed files of the job exist that no purge has deleted, in whole days of 24 hours; null where there are none. */
  readonly held: { readonly since: string; readonly days: number } | null;
  readonly refusals: number;
  /** The rows of each dataset as each party counted them. */
  readonly reconciliation: readonly Reconciled[];
}

/** A job whose folder, journal or instructions do not hold, so that nothing else is said of it. */
export interface BrokenJob {
  readonly job: string;
  readonly error: Pick<SealiftError, 'code' | 'message' | 'hint'>;
}

/** Every job. */
export interface StatusResult {
  readonly jobs: readonly (JobStatus | BrokenJob)[];
  /** With `--max-silence`. */
  readonly silence?: Silence;
}

/** Throws E_FILE when the workspace can't be read; a job that does not hold does not keep the others. */
export async function run(input: Input, context: Context): Promise<StatusResult> {
  await ready();
  const workspace = workspaceOf(input, context);
  const jobs: (JobStatus | BrokenJob)[] = [];
  for (const name of await listJobs(workspace)) jobs.push(await statusOfOne(workspace, name, context));
  const longest = input.optional('max-silence');
  if (longest === undefined) return { jobs };
  const seconds = readDuration(longest, '--max-silence');
  const silence = silenceOf(await readHeartbeat(workspace), seconds, context.now());
  if (silence.error !== undefined) context.warn(`${silence.error.message} (${silence.error.code})`);
  return { jobs, silence };
}

async function statusOfOne(workspace: string, name: string, context: Context): Promise<JobStatus | BrokenJob> {
  try {
    const { story } = await readJob(jobFolder(workspace, parseJobId(name)), trustOf(context).rosters);
    return statusOf(story, context.now());
  } catch (cause) {
    if (!(cause instanceof SealiftError)) throw cause;
    const { code, message, hint } = cause;
    context.warn(`job ${name}: ${message} (${code})`);
    return { job: name, error: { code, message, hint } };
  }
}

/** 0, or that of the first job that does not hold, or of a silence that is too long. */
export function exitCode({ jobs, silence }: StatusResult): number {
  const error = jobs.find((job) => 'error' in job)?.error ?? silence?.error;
  return error === undefined ? 0 : new SealiftError(error.code, error.message).exitCode;
}

function statusOf(story: Story, now: UtcTime): JobStatus {
  const instructions = currentInstructions(story);
  const { signed } = instructions;
  const procedure = procedureOf(instructions);
  const state = stateOf(story.progress, procedure);
  const deadlines = deadlinesOf(story, now);
  const waiting = waitingFor(story.progress, procedure).map(({ kind, recipient }) =>
    recipient === undefined ? { kind } : { kind, recipient: nameOf(instructions, recipient) },
  );
  return {
    job: signed.job,
    lab: signed.lab.name,
    version: signed.version,
    state: isExpired(state, signed.expires, now) ? 'expired' : state,
    entries: story.chain.seq,
    lastEntry: story.chain.time ?? null,
    waitingFor: waiting,
    deadlines: { delivery: shown(deadlines.delivery), purge: shown(deadlines.purge) },
    held: heldSince(story, now),
    refusals: story.entries.filter(({ signed: { statement } }, index) =>
      isRefusal(statement, story.entries.slice(0, index)),
    ).length,
    reconciliation: reconcile(story),
  };
}

const DAY_MS = 86_400_000;

/** The age of the oldest file (F35): all of a job's come from its one extraction. */
function heldSince({ entries, progress }: Story, now: UtcTime): JobStatus['held'] {
  const extraction = entries.find(({ signed: { statement } }) => statement.kind === 'extraction');
  if (extraction === undefined || progress.purge !== undefined) return null;
  const since = extraction.signed.time;
  return { since, days: Math.max(0, Math.floor((timeValue(now) - timeValue(since)) / DAY_MS)) };
}

/** A command that was run again after its step was done has harmed nothing. */
function isRefusal(statement: Statement, before: Story['entries']): boolean {
  return statement.kind === 'refusal' && !isRepeat(statement, before);
}

const shown = ({ due, standing }: Deadline): Pick<Deadline, 'due' | 'standing'> => ({ due, standing });

/** A job that is not received when its instructions expire can't go on (doc/format.md section 14). */
function isExpired(state: JobState, expires: string, now: string): boolean {
  return now >= expires && ['authorised', 'extracted', 'approved', 'delivered'].includes(state);
}

function nameOf({ recipients }: VerifiedInstructions, fingerprint: string): string {
  for (const [key, { entry }] of recipients) if (key === fingerprint) return entry.name;
  return fingerprint;
}

/** Job by job, where it stands, and what needs a person. */
export function present({ jobs, silence }: StatusResult): readonly Line[] {
  return [...presentJobs(jobs), ...(silence === undefined ? [] : presentSilence(silence))];
}

function presentSilence({ lastPurge, error }: Silence): Line[] {
  if (error === undefined) return [`the last "migrate purge --all" ended at ${lastPurge ?? ''}`];
  return [
    ...paragraph(`${error.message} (${error.code})`, '', '  ').map((line) => emphasised('bad', line)),
    ...filled(`hint: ${error.hint}`),
  ];
}

function presentJobs(jobs: StatusResult['jobs']): readonly Line[] {
  if (jobs.length === 0) return ['there is no job in this workspace'];
  return jobs.flatMap((job) => ('error' in job ? presentBroken(job) : presentJob(job)));
}

function presentBroken({ job, error }: BrokenJob): Line[] {
  return paragraph(`job ${job}: ${error.message} (${error.code})`, '', '  ').map((line) => emphasised('bad', line));
}

function presentJob(status: JobStatus): Line[] {
  const { job, lab, state, deadlines, waitingFor: waiting } = status;
  const waits = waiting.map(({ kind, recipient }) => (recipient === undefined ? kind : `${kind} of ${recipient}`));
  return [
    emphasised('heading', `${job}  ${state}`),
    ...filled(`laboratory: ${lab}`),
    ...filled(`waits for: ${waits.join(', ') || 'nothing'}`),
    ...presentHeld(status),
    ...STEPS.flatMap((step) => presentDeadline(step, deadlines[step])),
    ...presentTrouble(status),
  ];
}

function presentHeld({ held }: JobStatus): Line[] {
  if (held === null) return [];
  return filled(`files held since ${held.since}: ${held.days} ${held.days === 1 ? 'day' : 'days'}`);
}

const STEPS = ['delivery', 'purge'] as const;

/** Those deadlines that people must know of stand out; `kept` and `ahead` are in order. */
function presentDeadline(step: (typeof STEPS)[number], { due, standing }: JobStatus['deadlines']['purge']): Line[] {
  const lines = filled(`${step} by ${due}: ${standing}`);
  const isInOrder = standing === 'kept' || standing === 'ahead' || standing === 'void';
  return isInOrder ? lines : lines.map((line) => emphasised('caution', line));
}

function presentTrouble({ refusals, reconciliation }: JobStatus): Line[] {
  const differing = reconciliation.filter(({ agreement }) => agreement === 'different');
  return [
    ...(refusals === 0 ? [] : filled(`${refusals} refused ${refusals === 1 ? 'step' : 'steps'} in the journal`)),
    ...countSentences(differing, 'en').flatMap((sentence) => filled(sentence)),
  ].map((line) => emphasised('caution', line));
}

/** Its further lines further in. */
function filled(text: string): string[] {
  return paragraph(text, '  ', '    ');
}
