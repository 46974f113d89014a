/** The persons and services of a job, each with its role. */
import { verifiedSigners } from '@sealift/core/document';
import type { CalendarDate, Fingerprint } from '@sealift/core/ids';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { EmbeddedStatement } from '@sealift/core/statement';

/** What somebody is to this job; a service is an operator that acts unwatched. */
export type PersonRole = 'signer' | 'operator' | 'service' | 'recipient';

/** A person or service. */
export interface Person {
  readonly name: string;
  readonly role: PersonRole;
  /** For whom they act; absent for a recipient, whose name is its own. */
  readonly organisation?: string;
  readonly fingerprint: Fingerprint;
  readonly country: string;
  /** The operator's undertaking of confidentiality. */
  readonly undertaking?: CalendarDate;
}

/** Everybody whom the roster or any version of the instructions names, under the last version that does. */
export function personsOf(story: Story): Person[] {
  const persons = new Map<Fingerprint, Person>();
  const { roster } = currentInstructions(story);
  const { lab } = roster.document.signed;
  for (const { name, fingerprint } of roster.signers.values()) {
    persons.set(fingerprint, { name, role: 'signer', organisation: lab.name, fingerprint, country: lab.country });
  }
  for (const { signed, operators, recipients } of story.versions) {
    const { name: organisation, country } = signed.processor;
    for (const [fingerprint, { entry }] of operators) {
      const role = entry.unattended ? 'service' : 'operator';
      const { name, undertaking } = entry;
      persons.set(fingerprint, { name, role, organisation, fingerprint, country, undertaking });
    }
    for (const [fingerprint, { entry }] of recipients) {
      persons.set(fingerprint, { name: entry.name, role: 'recipient', fingerprint, country: entry.country });
    }
  }
  return [...persons.values()];
}

/** Who signed a statement that another party than the processor made. */
export function authorsOf(story: Story, statement: EmbeddedStatement): Fingerprint[] {
  if (statement.kind === 'receipt' || statement.kind === 'import') return [statement.document.signed.recipient];
  return [...verifiedSigners(statement.document, currentInstructions(story).roster.signers)];
}
