/** `migrate receive`: fetches, verifies, opens and checks a delivery, publishes it, and gives the signed receipt. */
import { join, relative, resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { requireInForce, requireRecipient } from '@sealift/core/instructions';
import { BackgroundHash } from '@sealift/core/node/digest';
import type { ReceivedDataset } from '@sealift/core/statement';
import { type DatasetTarget, type ReceptionStep, receive } from '@sealift/transfer';
import type { Context } from '../context.ts';
import { closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { pinnedInstructions, trustOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { programName, runProgram } from '../program.ts';
import type { Progress } from '../progress.ts';
import { withRemote } from '../remote-source.ts';
import { number, table } from '../table.ts';

/** What was received. */
export interface ReceiveResult {
  readonly job: string;
  /** The folder with receipt and data, from the current folder. */
  readonly folder: string;
  readonly datasets: readonly Pick<ReceivedDataset, 'dataset' | 'rows' | 'columns'>[];
  readonly receipt: string;
  /** What took the datasets in, where they were not written to files. */
  readonly program?: string;
}

/** Throws what verifying instructions, connecting and receiving throw. */
export async function run(input: Input, context: Context): Promise<ReceiveResult> {
  const instructions = await pinnedInstructions(input, context);
  requireInForce(instructions, context.now());
  await trustOf(context).ledger.admit(instructions);
  const identity = await closedIdentity(input, context);
  const { entry } = requireRecipient(instructions, identity.fingerprint, context.now());
  const secret = await identity.open();
  const { job } = instructions.signed;
  const into = resolve(context.cwd, input.optional('into') ?? job);
  const words = input.list('program');
  const progress = new ReceptionBars(context);
  // It begins while the connection is made; how large the files are is not known before.
  BackgroundHash.prepare();
  try {
    const { receipt } = await withRemote(instructions, entry, { input, context }, (remote) =>
      receive({
        remote,
        instructions,
        secret,
        into,
        target: words.length === 0 ? undefined : programTarget(words, context),
        now: () => context.now(),
        onProgress: (step, bytes, total) => progress.update(step, bytes, total),
      }),
    );
    const folder = relative(context.cwd, into) || '.';
    const datasets = receipt.signed.datasets.map(({ dataset, rows, columns }) => ({ dataset, rows, columns }));
    const program = words.length === 0 ? {} : { program: programName({ words }) };
    return { job, folder, datasets, receipt: join(folder, 'receipt.json'), ...program };
  } finally {
    progress.end();
    secret.wipe();
  }
}

/** One line for the step that is under way. */
class ReceptionBars {
  readonly #context: Context;
  #step: ReceptionStep | undefined;
  #bar: Progress | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  update(step: ReceptionStep, bytes: number, total: number): void {
    if (step !== this.#step) {
      this.end();
      this.#step = step;
      this.#bar = this.#context.progress(step, total, bytes);
    }
    this.#bar?.update({ bytes });
  }

  end(): void {
    this.#bar?.end();
  }
}

/** A program that is run once for each dataset, which it reads on standard input. Nothing of a patient is among its arguments. */
function programTarget(words: readonly string[], context: Context): DatasetTarget {
  const name = programName({ words });
  return {
    onAgain: (dataset) =>
      context.warn(
        `dataset ${dataset} is handed to ${name} again, from its beginning: what an interrupted run loaded must not stay`,
      ),
    load: async ({ job, dataset, rows, bytes }, plaintext) => {
      const env = {
        ...context.env,
        SEALIFT_JOB: job,
        SEALIFT_DATASET: dataset,
        SEALIFT_ROWS: String(rows),
        SEALIFT_BYTES: String(bytes),
      };
      const failure = await runProgram({ words, cwd: context.cwd, env }, plaintext, { readsAll: true });
      if (failure === undefined) return;
      throw new SealiftError('E_PIPE', `${name}, which was handed dataset ${dataset}, ${failure}`, {
        hint: 'no receipt was signed; see what the program printed, then run the command again: what was loaded is not loaded again',
      });
    },
  };
}

/** A table of what is there now. */
export function present({ job, folder, datasets, receipt, program }: ReceiveResult): readonly Line[] {
  const rows = datasets.map(({ dataset, rows: count, columns }) => [
    program === undefined ? `${dataset}.csv` : dataset,
    number(count),
    number(columns.length),
  ]);
  return [
    emphasised(
      'good',
      program === undefined
        ? `job ${job} is received in ${folder}, opened and checked`
        : `job ${job} is received: opened, checked, and taken in by ${program}`,
    ),
    '',
    ...table([program === undefined ? 'file' : 'dataset', 'rows', 'columns'], rows),
    '',
    `receipt:  ${receipt}, signed and put on the server`,
    `next:     ${program === undefined ? 'load' : 'count'} the rows, then: migrate imported --from ${folder} ${datasets.map(({ dataset, rows: count }) => `--rows ${dataset}=${count}`).join(' ')}`,
  ];
}
