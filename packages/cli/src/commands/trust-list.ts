/** `migrate trust list`: the laboratories whose rosters are pinned on this machine. */
import { groupsOfFour, ready } from '@sealift/core';
import type { Digest, Fingerprint, UtcTime } from '@sealift/core/ids';
import type { LabId, Roster, VerifiedRoster } from '@sealift/core/roster';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { emphasised, type Line } from '../line.ts';
import { trustStore } from '../roster-source.ts';

/** The newest pinned roster of a laboratory. */
export interface TrustedLab {
  readonly lab: { readonly id: LabId; readonly name: string; readonly country: string };
  readonly version: number;
  readonly fingerprint: Fingerprint;
  readonly digest: Digest;
  readonly issued: UtcTime;
  readonly threshold: number;
  readonly signers: readonly { readonly name: string; readonly fingerprint: Fingerprint }[];
  readonly contact: Roster['contact'];
}

/** Every pinned laboratory. */
export interface TrustListResult {
  readonly labs: readonly TrustedLab[];
}

/** Throws what reading a pinned roster throws, when it was altered. */
export async function run(_input: Input, context: Context): Promise<TrustListResult> {
  await ready();
  return { labs: (await trustStore(context).list()).map(trustedLab) };
}

function trustedLab({ document, digest, fingerprint, signers }: VerifiedRoster): TrustedLab {
  const { lab, version, issued, threshold, contact } = document.signed;
  const named = [...signers].map(([key, { name }]) => ({ name, fingerprint: key }));
  return { lab, version, fingerprint, digest, issued, threshold, signers: named, contact };
}

/** A paragraph per laboratory. */
export function present({ labs }: TrustListResult): readonly Line[] {
  if (labs.length === 0) return ['no roster is pinned on this machine; "migrate trust add" pins one'];
  return labs.flatMap(({ lab, version, fingerprint, threshold, signers, contact }, index) => [
    ...(index === 0 ? [] : ['']),
    emphasised('heading', `${lab.name} (${lab.id.scheme.toUpperCase()} ${lab.id.value}, ${lab.country})`),
    `  roster:       version ${version}, ${threshold} of ${signers.length} must sign`,
    `  fingerprint:  ${groupsOfFour(fingerprint)}`,
    ...signers.map(({ name, fingerprint: key }) => `  signer:       ${name}, ${groupsOfFour(key)}`),
    `  DPO:          ${[contact.name, contact.email, contact.phone].filter((part) => part !== undefined).join(', ')}`,
  ]);
}
