/** What becomes of an SFTP request that the server refuses, or never answers, as an error says it. */
import { SealiftError } from '@sealift/core';
import { SftpProtocolError } from './sftp-exchange.ts';

/** Status codes (draft-ietf-secsh-filexfer-02 §7), as far as this client tells them apart. */
export const STATUS = { ok: 0, endOfFile: 1, noSuchFile: 2, permissionDenied: 3 } as const;

/** What a request was for, as errors say it. */
export interface Purpose {
  readonly what: string;
  readonly path: string;
}

/** The server answers, and with another status than OK. A server's texts are never shown: only its status codes are. */
export function refused({ what, path }: Purpose, status: number): SealiftError {
  const cannot = `can't ${what} ${path} on the server`;
  if (status === STATUS.noSuchFile) return new SealiftError('E_NOT_FOUND', `${cannot}: it does not exist`);
  if (status === STATUS.permissionDenied) {
    return new SealiftError('E_REMOTE', `${cannot}: permission denied`, {
      hint: "the account lacks the rights that the format gives its role; ask the server's administrator",
    });
  }
  return new SealiftError('E_REMOTE', `${cannot}: status ${status}`, {
    hint: "the server's disk may be full or faulty; tell its administrator, then run the command again",
  });
}

/** The server keeps the connection, and says nothing. */
export class Silence extends Error {}

/** A reply that is another than it should be, or shorter. */
export function isBroken(cause: unknown): boolean {
  return cause instanceof SftpProtocolError || cause instanceof RangeError;
}

function whyUnanswered(cause: unknown): string {
  if (cause instanceof Silence) return cause.message;
  return isBroken(cause) ? 'its answer breaks the rules of SFTP' : 'the connection was lost';
}

/** A request that got no answer, or one that breaks the rules of SFTP. */
export function unanswered({ what, path }: Purpose, cause: unknown): SealiftError {
  return new SealiftError('E_REMOTE', `can't ${what} ${path} on the server: ${whyUnanswered(cause)}`, {
    hint: 'run the command again; what is complete is not sent twice',
    cause,
  });
}
