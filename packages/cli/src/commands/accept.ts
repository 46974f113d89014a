/** `migrate accept`: takes in what came another way than the server, once, checked: a party's statement, or newer instructions. */
import { basename, resolve } from 'node:path';
import { ready, SealiftError } from '@sealift/core';
import { type InstructionsDocument, verifyInstructions } from '@sealift/core/instructions';
import { procedureOf, stateOf } from '@sealift/core/journal';
import { embed } from '@sealift/core/manifest';
import { lookAt, readDocumentFile } from '@sealift/core/node';
import { Job, jobFolder } from '@sealift/core/node/workspace';
import type { PartyDocument } from '@sealift/core/statement';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { openOperator, trustOf, withJob, workspaceOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';

/** What was taken in. */
export interface AcceptResult {
  readonly job: string;
  readonly kind: string;
  /** Of the instructions in force now. */
  readonly version: number;
  readonly state: string;
}

const TYPES = [
  'sealift.approval.v1',
  'sealift.receipt.v1',
  'sealift.import.v1',
  'sealift.validation.v1',
  'sealift.revocation.v1',
  'sealift.instructions.v1',
] as const;

/** Throws what reading the document, opening the job and the checks of the journal throw. */
export async function run(input: Input, context: Context): Promise<AcceptResult> {
  const { document } = await readDocumentFile(resolve(context.cwd, input.text('statement')), TYPES);
  const folder = jobFolder(workspaceOf(input, context), document.signed.job);
  const world = { input, context };
  return isInstructions(document)
    ? acceptInstructions(document, folder, world)
    : acceptStatement(document, folder, world);
}

interface World {
  readonly input: Input;
  readonly context: Context;
}

function isInstructions(document: InstructionsDocument | PartyDocument): document is InstructionsDocument {
  return document.signed.type === 'sealift.instructions.v1';
}

async function acceptStatement(document: PartyDocument, folder: string, world: World): Promise<AcceptResult> {
  const statement = embed(document);
  return withJob(folder, world, async (job) => {
    await job.attempt(`accept ${statement.kind}`, () => job.append(statement));
    return resultOf(job, statement.kind);
  });
}

/** A newer version for a job that has begun; its next entry will name it. */
async function acceptInstructions(document: InstructionsDocument, folder: string, world: World): Promise<AcceptResult> {
  const { input, context } = world;
  if ((await lookAt(folder)) === undefined) {
    throw new SealiftError('E_NOT_FOUND', `job ${document.signed.job} has not begun in this workspace`, {
      hint: 'a job begins with "migrate extract --instructions"; accept takes in newer versions of it',
    });
  }
  await ready();
  const trust = trustOf(context);
  const roster = await trust.rosters.requireVersion(document.signed.lab.id, document.signed.roster);
  const instructions = verifyInstructions(document, roster);
  const operator = await openOperator(instructions, input, context);
  try {
    const job = await Job.take(workspaceOf(input, context), instructions, trust, operator.acting);
    try {
      return resultOf(job, 'instructions');
    } finally {
      await job.release();
    }
  } finally {
    operator.secret.wipe();
  }
}

function resultOf(job: Job, kind: string): AcceptResult {
  const { instructions, story } = job;
  return {
    job: basename(job.folder),
    kind,
    version: instructions.signed.version,
    state: stateOf(story.progress, procedureOf(instructions)),
  };
}

/** What was taken in, and the state it led to. */
export function present({ job, kind, version, state }: AcceptResult): readonly Line[] {
  if (kind === 'instructions') {
    return [emphasised('good', `job ${job} goes on under version ${version} of its instructions; it is ${state}`)];
  }
  return [emphasised('good', `the ${kind} is in the journal of job ${job}, which is now ${state}`)];
}
