/** Finds the job that a command is about, and opens it for the operator that acts. */
import { resolve } from 'node:path';
import { ready, SealiftError } from '@sealift/core';
import type { SecretIdentity } from '@sealift/core/identity';
import { parseJobId, type UtcTime } from '@sealift/core/ids';
import { requireOperator, type VerifiedInstructions, verifyInstructions } from '@sealift/core/instructions';
import { readDocumentFile, stateFolder } from '@sealift/core/node';
import { type Acting, Job, jobFolder, Ledger, listJobs, readJob, type Trust } from '@sealift/core/node/workspace';
import type { Context } from './context.ts';
import { closedIdentity } from './identity-source.ts';
import type { Input } from './input.ts';
import { trustStore } from './roster-source.ts';

/** Pinned rosters and replay ledger of the user. */
export function trustOf(context: Context): Trust {
  return { rosters: trustStore(context), ledger: new Ledger(stateFolder(context.env)) };
}

/** The workspace that a command works in. */
export function workspaceOf(input: Input, context: Context): string {
  return resolve(context.cwd, input.optional('workspace') ?? '.');
}

/** What the doctor looks at on this machine. */
export function machineOf(
  input: Input,
  context: Context,
): { readonly workspace: string; readonly state: string; readonly now: UtcTime } {
  return { workspace: workspaceOf(input, context), state: stateFolder(context.env), now: context.now() };
}

/**
 * Reads the file of `--instructions` and verifies it under the pinned roster.
 * @throws E_TRUST and what reading and verifying instructions throws
 */
export async function pinnedInstructions(input: Input, context: Context): Promise<VerifiedInstructions> {
  await ready();
  const { document } = await readDocumentFile(
    resolve(context.cwd, input.text('instructions')),
    'sealift.instructions.v1',
  );
  const roster = await trustStore(context).requireVersion(document.signed.lab.id, document.signed.roster);
  return verifyInstructions(document, roster);
}

/** Somebody who acts for the processor: the opened identity, to be wiped, and what a job needs of it. */
export interface ActingOperator {
  readonly secret: SecretIdentity;
  readonly acting: Acting;
}

/**
 * Opens the operator's identity, once it is clear that the instructions name it.
 * @throws E_ROLE, E_REVOKED, E_PASS …
 */
export async function openOperator(
  instructions: VerifiedInstructions,
  input: Input,
  context: Context,
  onAlert?: Acting['onAlert'],
): Promise<ActingOperator> {
  const identity = await closedIdentity(input, context);
  requireOperator(instructions, identity.fingerprint, context.now());
  const secret = await identity.open();
  return { secret, acting: { signer: secret, now: () => context.now(), onAlert } };
}

/**
 * The folder of the job that `--job` or `--instructions` names, else of the only job in the workspace.
 * @throws E_USAGE when the workspace has several jobs, E_NOT_FOUND when it has none
 */
export async function jobFolderOf(input: Input, context: Context): Promise<string> {
  const workspace = workspaceOf(input, context);
  const named = input.optional('job');
  if (named !== undefined) return jobFolder(workspace, parseJobId(named));
  const jobs = await listJobs(workspace);
  const [only, ...others] = jobs;
  if (only === undefined) {
    throw new SealiftError('E_NOT_FOUND', `there is no job in ${workspace}`, {
      hint: 'go to the workspace of the extraction, or name it with --workspace',
    });
  }
  if (others.length > 0) {
    throw new SealiftError('E_USAGE', `the workspace has ${jobs.length} jobs`, {
      hint: `name one with --job, for example --job ${only}`,
    });
  }
  return jobFolder(workspace, parseJobId(only));
}

/**
 * Does something with a job that is open, locked and signed for by the operator; closes and wipes afterwards.
 * @param by `onAlert` is told of what the job's journal takes in as an alert
 */
export async function withJob<T>(
  folder: string,
  { input, context, onAlert }: { input: Input; context: Context; onAlert?: Acting['onAlert'] },
  work: (job: Job, operator: ActingOperator) => Promise<T>,
): Promise<T> {
  await ready();
  const trust = trustOf(context);
  const { story } = await readJob(folder, trust.rosters);
  const instructions = story.versions.at(-1);
  if (instructions === undefined) throw new SealiftError('E_INTERNAL', 'a job without instructions');
  const operator = await openOperator(instructions, input, context, onAlert);
  try {
    const job = await Job.open(folder, trust, operator.acting);
    try {
      return await work(job, operator);
    } finally {
      await job.release();
    }
  } finally {
    operator.secret.wipe();
  }
}
