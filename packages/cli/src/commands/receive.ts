/** `migrate receive`: fetches, verifies, opens and checks a delivery, publishes it, and gives the signed receipt. */
import { join, relative, resolve } from 'node:path';
import { requireInForce, requireRecipient } from '@sealift/core/instructions';
import type { ReceivedDataset } from '@sealift/core/statement';
import { type ReceptionStep, receive } from '@sealift/transfer';
import type { Context } from '../context.ts';
import { closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { pinnedInstructions, trustOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import type { Progress } from '../progress.ts';
import { withRemote } from '../remote-source.ts';
import { number, table } from '../table.ts';

/** What was received. */
export interface ReceiveResult {
  readonly job: string;
  /** The folder with the data, from the current folder. */
  readonly folder: string;
  readonly datasets: readonly Pick<ReceivedDataset, 'dataset' | 'rows' | 'columns'>[];
  readonly receipt: string;
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
  const progress = new ReceptionBars(context);
  try {
    const { receipt } = await withRemote(instructions, entry, { input, context }, (remote) =>
      receive({
        remote,
        instructions,
        secret,
        into,
        now: () => context.now(),
        onProgress: (step, bytes, total) => progress.update(step, bytes, total),
      }),
    );
    const folder = relative(context.cwd, into) || '.';
    const datasets = receipt.signed.datasets.map(({ dataset, rows, columns }) => ({ dataset, rows, columns }));
    return { job, folder, datasets, receipt: join(folder, 'receipt.json') };
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

/** A table of what is there now. */
export function present({ job, folder, datasets, receipt }: ReceiveResult): readonly Line[] {
  const rows = datasets.map(({ dataset, rows: count, columns }) => [
    `${dataset}.csv`,
    number(count),
    number(columns.length),
  ]);
  return [
    emphasised('good', `job ${job} is received in ${folder}, opened and checked`),
    '',
    ...table(['file', 'rows', 'columns'], rows),
    '',
    `receipt:  ${receipt}, signed and put on the server`,
    `next:     load the rows, then: migrate imported --from ${folder} ${datasets.map(({ dataset, rows: count }) => `--rows ${dataset}=${count}`).join(' ')}`,
  ];
}
