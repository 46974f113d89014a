/** `migrate doctor`: checks the server of the instructions and this machine, and says what to do about what it finds. */
import { ready, SealiftError } from '@sealift/core';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import { WIDTH, wrap } from '@sealift/report/wrap';
import {
  type Check,
  examine,
  type ServerConfiguration,
  serverConfiguration,
  type Verdict,
} from '@sealift/transfer/doctor';
import type { Context } from '../context.ts';
import { closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { machineOf, pinnedInstructions } from '../job-source.ts';
import { type Emphasis, emphasised, type Line } from '../line.ts';
import { type Access, sshKeyOf } from '../remote-source.ts';

/** Every check. */
export interface DoctorResult {
  readonly checks: readonly Check[];
  readonly failed: number;
  readonly warned: number;
  /** With `--print-sshd-config`, instead of checks. */
  readonly configuration?: ServerConfiguration;
}

/** Throws E_REMOTE when no SSH server answers, E_ROLE for somebody whom the instructions do not name, and what reading them throws. */
export async function run(input: Input, context: Context): Promise<DoctorResult> {
  await ready();
  const by = { input, context };
  const instructions =
    input.optional('instructions') === undefined ? undefined : await pinnedInstructions(input, context);
  if (input.flag('print-sshd-config')) {
    if (instructions === undefined) {
      throw new SealiftError('E_USAGE', '--print-sshd-config needs --instructions: accounts and folders are theirs');
    }
    return { checks: [], failed: 0, warned: 0, configuration: serverConfiguration(instructions) };
  }
  const access = instructions === undefined ? undefined : await accessOf(instructions, by);
  const person = access && { account: access.account, key: await sshKeyOf(access, by) };
  const checks = await examine({ ...machineOf(input, context), instructions, person });
  const count = (verdict: Verdict): number => checks.filter((check) => check.verdict === verdict).length;
  return { checks, failed: count('fail'), warned: count('warn') };
}

/** The account and SSH key of whoever `--identity` is in the instructions, operator or recipient; its secret stays closed. */
async function accessOf(
  { operators, recipients }: VerifiedInstructions,
  { input, context }: { input: Input; context: Context },
): Promise<Access | undefined> {
  if (input.optional('identity') === undefined) return undefined;
  const { fingerprint } = await closedIdentity(input, context);
  const party = operators.get(fingerprint) ?? recipients.get(fingerprint);
  if (party !== undefined) return party.entry;
  throw new SealiftError('E_ROLE', 'this identity is neither an operator nor a recipient of these instructions', {
    hint: 'name an identity that they name, or none, to look from outside alone',
  });
}

/** 0 when nothing failed. */
export function exitCode({ failed }: DoctorResult): number {
  return failed === 0 ? 0 : new SealiftError('E_DOCTOR', '').exitCode;
}

/** Under the title of a check. */
const MARGIN = ' '.repeat(8);

const EMPHASES: Readonly<Record<Verdict, Emphasis>> = { ok: 'good', warn: 'caution', fail: 'bad' };

/** A line for each check, with a second one for what to do. */
export function present({ checks, failed, warned, configuration }: DoctorResult): readonly Line[] {
  if (configuration !== undefined) return presentConfiguration(configuration);
  const part = (where: Check['where'], title: string): Line[] => {
    const those = checks.filter((check) => check.where === where);
    return those.length === 0 ? [] : [emphasised('heading', title), ...those.flatMap(presentCheck)];
  };
  return [
    ...part('endpoint', 'the server'),
    ...part('machine', 'this machine'),
    `${checks.length} checks: ${failed} failed, ${warned} with a warning`,
  ];
}

function presentCheck({ check, title, verdict, found, remedy }: Check): Line[] {
  const [first = '', ...more] = wrap(`${title}: ${found} (${check})`, WIDTH - MARGIN.length);
  const lines = [`  ${verdict.padEnd(4)}  ${first}`, ...more.map((text) => MARGIN + text)];
  const next = remedy === undefined ? [] : wrap(`→ ${remedy}`, WIDTH - MARGIN.length).map((text) => MARGIN + text);
  return [...lines.map((text) => emphasised(EMPHASES[verdict], text)), ...next];
}

/** A page that an administrator follows from top to bottom. */
function presentConfiguration({ commands, rsyslog, sshd }: ServerConfiguration): Line[] {
  return [
    emphasised(
      'heading',
      '# 1. As root, in a shell: groups, accounts, keys, folders and their rights. It may be run again.',
    ),
    ...commands,
    '',
    emphasised('heading', '# 2. In /etc/rsyslog.d/sealift.conf, then: systemctl restart rsyslog'),
    ...rsyslog,
    '',
    emphasised(
      'heading',
      '# 3. In /etc/ssh/sealift_sshd_config, for a server of its own: sshd -t -f it, then sshd -f it',
    ),
    emphasised('heading', '#    (or instead of /etc/ssh/sshd_config, where nobody else logs in to this machine)'),
    ...sshd,
    '',
    emphasised(
      'heading',
      '# 4. "migrate doctor --instructions … --identity … --ssh-key …", as each of the accounts, shows whether it holds.',
    ),
  ];
}
