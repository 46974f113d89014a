/** The whole examination, and what follows from it. */
import { SealiftError } from '@sealift/core';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type { CheckResult } from '@sealift/core/statement';
import type { Check } from './check.ts';
import { examineEndpoint, type Person } from './endpoint.ts';
import { examineMachine, type Machine } from './machine.ts';

/** What is examined: this machine always; with instructions the server as well, and with a person from inside. */
export interface Examination extends Machine {
  readonly instructions?: VerifiedInstructions | undefined;
  readonly person?: Person | undefined;
}

/** Every check, those of the server first. Needs `await ready()`. @throws E_REMOTE when no SSH server answers */
export async function examine({ instructions, person, ...machine }: Examination): Promise<Check[]> {
  const endpoint = instructions === undefined ? undefined : await examineEndpoint(instructions, person);
  const here = await examineMachine({ ...machine, instructions, serverClock: endpoint?.clock });
  return [...(endpoint?.checks ?? []), ...here];
}

/**
 * What the delivery statement says of the checks (F29).
 * @throws E_DOCTOR when one failed: no option overrides it
 */
export function requireSound(checks: readonly Check[]): CheckResult[] {
  const failed = checks.filter(({ verdict }) => verdict === 'fail');
  const [first] = failed;
  if (first !== undefined) {
    const more = failed.length === 1 ? '' : `, and ${failed.length - 1} more`;
    // What was found on this machine names its paths, which concern nobody else.
    const found = first.where === 'endpoint' ? first.found : 'the instructions require it';
    throw new SealiftError('E_DOCTOR', `the check ${first.check} fails: ${found}${more}`, {
      hint: `nothing was sent; ${first.remedy ?? ''}; "migrate doctor" shows every check`,
    });
  }
  return checks.flatMap(({ check, verdict }) => (verdict === 'fail' ? [] : [{ check, verdict }]));
}
