/** What a file is: told by its content, never by its name. */
import { SealiftError } from '@sealift/core';
import { type DocumentType, type DocumentTypes, parseJson, readDocument } from '@sealift/core/document';
import { isLocked, readIdentity } from '@sealift/core/identity';
import type { Fingerprint } from '@sealift/core/ids';
import { rosterFingerprint } from '@sealift/core/roster';
import { readDraft } from '@sealift/core/signing';
import { describeFailure, type Failure } from '../failure.ts';

/** What a file is and whose it says it is; nothing of it was verified yet, but for the form. */
export type Recognised =
  | { readonly kind: 'roster'; readonly lab: string; readonly version: number; readonly fingerprint: Fingerprint }
  | { readonly kind: 'manifest'; readonly lab: string; readonly job: string }
  | { readonly kind: 'instructions'; readonly lab: string; readonly job: string; readonly version: number }
  | {
      readonly kind: 'secret-identity';
      readonly person: string;
      readonly fingerprint: Fingerprint;
      readonly locked: boolean;
    }
  | { readonly kind: 'approval' | 'validation' | 'revocation'; readonly job: string }
  | { readonly kind: 'sealed' }
  | { readonly kind: 'other'; readonly failure: Failure };

const MAX_BYTES = 64 << 20;
const SEALED = 'sealift-sealed-v1\n';

/** Reads as much of a file as it takes; a file that is none of ours is `other`, with the reason. */
export async function recognise(file: File): Promise<Recognised> {
  try {
    if ((await file.slice(0, SEALED.length).text()) === SEALED) return { kind: 'sealed' };
    if (file.size > MAX_BYTES) throw new SealiftError('E_LIMIT', 'no document is larger than 64 MiB');
    return recogniseDocument(new Uint8Array(await file.arrayBuffer()), file.name);
  } catch (error) {
    return { kind: 'other', failure: describeFailure(error) };
  }
}

function recogniseDocument(bytes: Uint8Array, name: string): Recognised {
  const type = typeOf(bytes, name);
  const read = <T extends DocumentType>(wanted: T): DocumentTypes[T] => readDocument(bytes, wanted, name).document;
  switch (type) {
    case 'sealift.manifest.v1': {
      const { roster, entries, instructions } = read(type);
      const job = entries[0]?.signed.job ?? instructions[0]?.signed.job ?? '';
      return { kind: 'manifest', lab: roster.signed.lab.name, job };
    }
    case 'sealift.roster.v1': {
      const document = read(type);
      const { lab, version } = document.signed;
      return { kind: 'roster', lab: lab.name, version, fingerprint: rosterFingerprint(document) };
    }
    case 'sealift.instructions.v1': {
      const { lab, job, version } = readDraft(bytes, name).document.signed;
      return { kind: 'instructions', lab: lab.name, job, version };
    }
    case 'sealift.secret-identity.v1': {
      const secret = read(type);
      const { name: person, fingerprint } = readIdentity(secret.identity);
      return { kind: 'secret-identity', person, fingerprint, locked: isLocked(secret) };
    }
    case 'sealift.approval.v1':
      return { kind: 'approval', job: read(type).signed.job };
    case 'sealift.validation.v1':
      return { kind: 'validation', job: read(type).signed.job };
    case 'sealift.revocation.v1':
      return { kind: 'revocation', job: read(type).signed.job };
    default:
      throw new SealiftError('E_SCHEMA', 'this is no file that the page works with', {
        hint: 'it works with rosters, manifests, instructions, secret identities, approvals and sealed files',
        place: { file: name },
      });
  }
}

function typeOf(bytes: Uint8Array, file: string): unknown {
  const { value } = parseJson(bytes, { maxBytes: MAX_BYTES, file });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const signed: unknown = Reflect.get(value, 'signed');
  return Reflect.get(typeof signed === 'object' && signed !== null ? signed : value, 'type');
}
