/** The parties that instructions name: operators of the processor, and recipients. One person, one key, one account (F05, F27). */
import { isInEea } from './country.ts';
import { SealiftError } from './errors.ts';
import { type Identity, type IdentityDocument, readIdentity } from './identity.ts';
import type { Fingerprint, UtcTime } from './ids.ts';
import type { Instructions, VerifiedInstructions } from './instructions.ts';
import type { Operator, OperatorEntry } from './processor.ts';
import type { Recipient, RecipientEntry } from './recipient.ts';
import type { VerifiedRoster } from './roster.ts';
import { parseSshPublicKey } from './ssh-public-key.ts';

/** The parties of instructions, by fingerprint. */
export interface Parties {
  readonly operators: ReadonlyMap<Fingerprint, Operator>;
  readonly recipients: ReadonlyMap<Fingerprint, Recipient>;
}

/**
 * Reads the identities of all parties and refuses whatever two of them share.
 * @throws E_KEY, E_KEY_WEAK, E_SSH_KEY, E_SHARED, E_ROLE when nobody may purge unwatched
 */
export function readParties(signed: Instructions, roster: VerifiedRoster): Parties {
  const taken = new Map<string, string>();
  const claim = (what: string, value: string, name: string): void => {
    const other = taken.get(`${what} ${value}`);
    if (other !== undefined) {
      throw new SealiftError('E_SHARED', `one ${what} is shared by ${other} and ${name}`, {
        hint: 'one person, one key, one account: sharing hides who did what',
      });
    }
    taken.set(`${what} ${value}`, name);
  };
  const operators = new Map<Fingerprint, Operator>();
  const recipients = new Map<Fingerprint, Recipient>();
  for (const entry of signed.processor.operators) {
    const identity = readParty(entry, claim);
    if (signsFor(roster, entry.identity)) {
      throw new SealiftError('E_SHARED', `${entry.name} is an operator and a signer of the laboratory`, {
        hint: 'the processor never signs for the controller',
      });
    }
    operators.set(identity.fingerprint, { entry, identity });
  }
  for (const entry of signed.recipients) {
    const identity = readParty(entry, claim);
    recipients.set(identity.fingerprint, { entry, identity });
  }
  if (!signed.processor.operators.some(({ unattended }) => unattended)) {
    throw new SealiftError('E_ROLE', 'no operator is unattended, so that nothing could ever be purged', {
      hint: 'name a service that purges, with an identity, an SSH key and an account of its own and "unattended": true',
    });
  }
  return { operators, recipients };
}

function readParty(
  entry: OperatorEntry | RecipientEntry,
  claim: (what: string, value: string, name: string) => void,
): Identity {
  const identity = readIdentity(entry.identity);
  parseSshPublicKey(entry.sshKey);
  claim('signing key', entry.identity.signed.sign, entry.name);
  claim('SSH key', entry.sshKey, entry.name);
  claim('account', entry.account, entry.name);
  return identity;
}

/** Whether a signer of the roster has this signing key, whatever its receiving keys. */
function signsFor(roster: VerifiedRoster, { signed }: IdentityDocument): boolean {
  return [...roster.signers.values()].some(({ document }) => document.signed.sign === signed.sign);
}

/** The identities of parties alone, to verify signatures with. */
export function identitiesOf(
  parties: ReadonlyMap<Fingerprint, { readonly identity: Identity }>,
): ReadonlyMap<Fingerprint, Identity> {
  return new Map([...parties].map(([key, { identity }]) => [key, identity]));
}

/** Checks that every declared country is in the EEA or allowed by name. @throws E_COUNTRY */
export function checkCountries(signed: Instructions): void {
  const allowed = signed.transfers.outsideEea ? signed.transfers.countries : [];
  const declared: [string, string][] = [
    ['the processor', signed.processor.country],
    ['the endpoint', signed.endpoint.country],
    ...signed.recipients.map((recipient): [string, string] => [`recipient ${recipient.name}`, recipient.country]),
  ];
  for (const [who, country] of declared) {
    if (!isInEea(country) && !allowed.includes(country)) {
      throw new SealiftError(
        'E_COUNTRY',
        `${who} is in ${country}, outside the EEA, and the instructions do not allow it`,
        {
          hint: 'a transfer outside the EEA needs "transfers" with that country and its safeguard (GDPR chapter V)',
        },
      );
    }
  }
}

/** Requires that the laboratory had not revoked somebody at a time. @throws E_REVOKED */
export function requireNotRevoked(
  instructions: VerifiedInstructions,
  fingerprint: Fingerprint,
  name: string,
  at: UtcTime,
): void {
  for (const revoked of instructions.signed.revoked ?? []) {
    if (revoked.identity === fingerprint && at >= revoked.since) {
      throw new SealiftError('E_REVOKED', `the laboratory revoked ${name} on ${revoked.since}`, {
        hint: 'ask the laboratory for new instructions that name another person',
      });
    }
  }
}
