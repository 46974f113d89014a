/** A new identity and the laboratory's first roster, as `migrate keygen` and `migrate lab init` make them. */
import { memzero } from '@sealift/core';
import { readableDocument, readDocument } from '@sealift/core/document';
import { createIdentity, lockIdentity, type NewIdentity } from '@sealift/core/identity';
import { type UtcTime, utcTime } from '@sealift/core/ids';
import { firstRoster, verifyRoster } from '@sealift/core/roster';
import type { Founded, MadeFile, Tasks } from './task.ts';

/**
 * Makes both and reads them again as everyone else will, before anything is shown.
 * @throws E_SCHEMA for a name, number or address that no document can hold, E_LAB, E_PASS
 */
export async function found({ person, passphrase, lab }: Tasks['found']['input']): Promise<Founded> {
  const now = utcTime(new Date());
  const identity = createIdentity(person, now);
  try {
    const roster = lab === undefined ? undefined : rosterOf(lab, identity, now);
    const secret = madeFile(
      lab === undefined ? 'identity.key.json' : 'lab.key.json',
      await lockIdentity(identity, passphrase),
    );
    readDocument(bytesOf(secret), 'sealift.secret-identity.v1', secret.name);
    const { fingerprint, document } = identity.secret.identity;
    return {
      identity: { ...secret, person, fingerprint },
      publicIdentity: madeFile(lab === undefined ? 'identity.public.json' : 'lab.public.json', document),
      ...(roster === undefined ? {} : { roster }),
    };
  } finally {
    memzero(identity.seed);
    identity.secret.wipe();
  }
}

function rosterOf(
  lab: NonNullable<Tasks['found']['input']['lab']>,
  { secret }: NewIdentity,
  issued: UtcTime,
): NonNullable<Founded['roster']> {
  const made = madeFile('lab.roster.json', firstRoster({ ...lab, issued }, secret));
  const { fingerprint, document } = verifyRoster(readDocument(bytesOf(made), 'sealift.roster.v1').document);
  return { ...made, lab: document.signed.lab.name, fingerprint };
}

function madeFile(name: string, document: object): MadeFile {
  return { name, text: new TextDecoder().decode(readableDocument(document)) };
}

function bytesOf({ text }: MadeFile): Uint8Array {
  return new TextEncoder().encode(text);
}
