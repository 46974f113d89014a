/** Tells the hooks of `alerts.json` of an alert. A hook that fails is said on standard error, and fails nothing else. */
import { SealiftError } from '@sealift/core';
import { type AlertHooks, alertHooksFile, readAlertHooks, type ToldAlert } from '@sealift/core/node/attention';
import type { Context } from './context.ts';
import { programName, runProgram } from './program.ts';

const COMMAND_MS = 30_000;
const WEBHOOK_MS = 10_000;

/** Tells of one alert; never rejects. */
export type TellHooks = (alert: ToldAlert) => Promise<void>;

/** What tells the hooks of this user; undefined where there are none, or none that can be used, which is said. */
export async function alertHooks(context: Context): Promise<TellHooks | undefined> {
  try {
    const hooks = await readAlertHooks(alertHooksFile(context.env));
    return hooks && ((alert) => tell(hooks, alert, context));
  } catch (cause) {
    if (!(cause instanceof SealiftError)) throw cause;
    const { message, code, hint } = cause;
    context.warn(`alerts reach nobody but the journal and this output: alerts.json: ${message} (${code}); ${hint}`);
    return undefined;
  }
}

async function tell({ command, webhook }: AlertHooks, alert: ToldAlert, context: Context): Promise<void> {
  const body = `${JSON.stringify(alert)}\n`;
  const failures = await Promise.all([
    command && runCommand(command, body, context),
    webhook === undefined ? undefined : post(webhook, body),
  ]);
  for (const failure of failures) {
    if (failure !== undefined) context.warn(`job ${alert.job}: ${failure}, and was told nothing of ${alert.code}`);
  }
}

async function runCommand(words: readonly string[], body: string, { cwd, env }: Context): Promise<string | undefined> {
  const failure = await runProgram({ words, cwd, env }, inputOf(body), { readsAll: false, patienceMs: COMMAND_MS });
  return failure && `the alert command ${programName({ words })} ${failure}`;
}

async function* inputOf(body: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body);
}

/** Redirects are not followed: they could lead anywhere. */
async function post(webhook: string, body: string): Promise<string | undefined> {
  // What follows the host may be a secret.
  const address = URL.canParse(webhook) ? `${new URL(webhook).origin}/…` : 'the webhook';
  try {
    const answer = await fetch(webhook, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(WEBHOOK_MS),
    });
    await answer.body?.cancel();
    return answer.ok ? undefined : `the alert webhook at ${address} answered ${answer.status}`;
  } catch {
    return `the alert webhook at ${address} could not be reached`;
  }
}
