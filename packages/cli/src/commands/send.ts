/** `migrate send`: puts the sealed files on the server of the instructions, as the operator that they name. */
import { requireOperator } from '@sealift/core/instructions';
import { BackgroundHash } from '@sealift/core/node/digest';
import type { CheckResult, Delivery } from '@sealift/core/statement';
import { paragraph } from '@sealift/report/wrap';
import { type DeliveryOptions, deliver, requireDeliverable } from '@sealift/transfer';
import { examine, requireSound } from '@sealift/transfer/doctor';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { jobFolderOf, machineOf, withJob } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import type { Progress } from '../progress.ts';
import { withRemote } from '../remote-source.ts';
import { number } from '../table.ts';

/** Where the files lie. */
export interface SendResult {
  readonly job: string;
  readonly server: Delivery['server'];
  readonly account: string;
  readonly session: Delivery['session'];
  readonly files: Delivery['files'];
  /** What was looked at before the first byte went. */
  readonly checks: readonly CheckResult[];
}

/** Throws E_DOCTOR before a byte is sent when a check fails, and what opening the job, connecting and delivering throw. */
export async function run(input: Input, context: Context): Promise<SendResult> {
  return withJob(await jobFolderOf(input, context), { input, context }, async (job, { secret }) => {
    const { instructions } = job;
    return job.attempt('send', async () => {
      requireDeliverable(job, context.now());
      const { entry } = requireOperator(instructions, secret.fingerprint, context.now());
      // It begins while the connection is made.
      BackgroundHash.prepare();
      return withRemote(instructions, entry, { input, context }, async (remote, key) => {
        const person = { account: entry.account, key };
        const checks = requireSound(await examine({ ...machineOf(input, context), instructions, person }));
        const { server, account, session, files } = await sendShown(context, {
          job,
          remote,
          signer: secret,
          now: () => context.now(),
          checks,
        });
        return { job: instructions.signed.job, server, account, session, files, checks };
      });
    });
  });
}

async function sendShown(context: Context, options: DeliveryOptions): Promise<Delivery> {
  let bar: Progress | undefined;
  try {
    return await deliver({
      ...options,
      onProgress: (bytes, total) => {
        bar ??= context.progress('sending', total, bytes);
        bar.update({ bytes });
      },
    });
  } finally {
    bar?.end();
  }
}

/** The files and the server. */
export function present({ job, server, account, session, files, checks }: SendResult): readonly Line[] {
  return [
    emphasised('good', `job ${job} is delivered to ${server.host}:${server.port} as ${account}`),
    ...files.map(({ name, bytes, readBack }) => `  ${name}  ${number(bytes)} bytes${readBack ? ', read back' : ''}`),
    `host key:  ${server.hostKey}, as pinned`,
    `session:   ${session.kex}, ${session.cipher}`,
    ...paragraph(checksLine(checks), 'checks:    '),
    'next:      the recipient runs "migrate receive"; then "migrate purge --all"',
  ];
}

function checksLine(checks: readonly CheckResult[]): string {
  const warned = checks.filter(({ verdict }) => verdict === 'warn').map(({ check }) => check);
  if (warned.length === 0) return `${checks.length}, all ok`;
  return `${checks.length}, none failed; warnings, which "migrate doctor" explains: ${warned.join(', ')}`;
}
