/** `migrate status`: every job of a workspace, where it stands and what it waits for. */
import { parseJobId, ready, type VerifiedInstructions } from '@sealift/core';
import {
  currentInstructions,
  type JobState,
  procedureOf,
  type Story,
  stateOf,
  waitingFor,
} from '@sealift/core/journal';
import { jobFolder, listJobs, readJob } from '@sealift/core/node';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { trustOf, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { table } from '../table.ts';

/** One job. */
export interface JobStatus {
  readonly job: string;
  readonly lab: string;
  readonly version: number;
  readonly state: JobState | 'expired';
  readonly entries: number;
  readonly lastEntry: string | null;
  readonly waitingFor: readonly { readonly kind: string; readonly recipient?: string }[];
  readonly deadlines: { readonly delivery: string; readonly purge: string };
  readonly refusals: number;
}

/** Every job. */
export interface StatusResult {
  readonly jobs: readonly JobStatus[];
}

/** Throws what reading and verifying a job throws. */
export async function run(input: Input, context: Context): Promise<StatusResult> {
  await ready();
  const workspace = workspaceOf(input, context);
  const jobs: JobStatus[] = [];
  for (const name of await listJobs(workspace)) {
    const { story } = await readJob(jobFolder(workspace, parseJobId(name)), trustOf(context).rosters);
    jobs.push(statusOf(story, context.now()));
  }
  return { jobs };
}

function statusOf(story: Story, now: string): JobStatus {
  const instructions = currentInstructions(story);
  const { signed } = instructions;
  const procedure = procedureOf(instructions);
  const state = stateOf(story.progress, procedure);
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
    deadlines: { delivery: signed.deadlines.delivery, purge: signed.deadlines.purge },
    refusals: story.entries.filter((entry) => entry.signed.statement.kind === 'refusal').length,
  };
}

/** A job that is not received when its instructions expire can't go on (doc/format.md section 14). */
function isExpired(state: JobState, expires: string, now: string): boolean {
  return now >= expires && ['authorised', 'extracted', 'approved', 'delivered'].includes(state);
}

function nameOf({ recipients }: VerifiedInstructions, fingerprint: string): string {
  for (const [key, { entry }] of recipients) if (key === fingerprint) return entry.name;
  return fingerprint;
}

/** A table of jobs. */
export function present({ jobs }: StatusResult): readonly Line[] {
  if (jobs.length === 0) return ['there is no job in this workspace'];
  const rows = jobs.map(({ job, state, waitingFor: waiting, deadlines }) => [
    job,
    state,
    waiting.map(({ kind, recipient }) => (recipient === undefined ? kind : `${kind} of ${recipient}`)).join(', ') ||
      'nothing',
    deadlines.purge.slice(0, 10),
  ]);
  const refused = jobs.filter(({ refusals }) => refusals > 0);
  return [
    ...table(['job', 'state', 'waits for', 'purge by'], rows),
    ...refused.map(({ job, refusals }) =>
      emphasised(
        'caution',
        `job ${job}: ${refusals} refused ${refusals === 1 ? 'step is' : 'steps are'} in the journal`,
      ),
    ),
  ];
}
