/**
 * Every way in which Sealift refuses, in one closed table.
 * `doc/exit-codes.md` explains the same table to people; a test keeps the two equal.
 */

/**
 * The kinds of failure: the process exit code of each, stable across releases, its error codes, and what to do about it where the
 * error itself knows nothing better.
 */
export const FAILURES = {
  /** Anything unforeseen: a defect of ours, or a library's. */
  internal: {
    exit: 1,
    hint: 'run it again with MIGRATE_DEBUG=1 and report what it prints',
    codes: ['E_INTERNAL'],
  },
  /** Unknown option, missing argument, a prompt needed where nobody can answer. */
  usage: {
    exit: 2,
    hint: '"migrate --help" lists commands and options',
    codes: ['E_USAGE', 'E_PROMPT'],
  },
  /** The instructions, the roster or a role does not allow it. */
  refused: {
    exit: 3,
    hint: 'no option overrides this: ask the laboratory',
    codes: [
      'E_ROLE',
      'E_THRESHOLD',
      'E_TIME',
      'E_ROLLBACK',
      'E_REPLAY',
      'E_LAB',
      'E_TRUST',
      'E_SCOPE',
      'E_CREDENTIAL',
      'E_CONTRACT',
      'E_COUNTRY',
      'E_REVOKED',
      'E_SHARED',
      'E_CEILING',
      'E_DOCTOR',
    ],
  },
  /** The source does not hold what the instructions say, or can't be read exactly. */
  source: {
    exit: 4,
    hint: 'nothing was published: correct the source, or ask the laboratory for instructions that fit it',
    codes: ['E_FIELD_MISSING', 'E_HEADER', 'E_CSV', 'E_DATE', 'E_SOURCE', 'E_SOURCE_CHANGED', 'E_SOURCE_ENCODING'],
  },
  /** A document, signature, chain, digest, MAC or authentication tag does not hold. */
  integrity: {
    exit: 5,
    hint: 'nothing was done with it: ask whoever made it for it again',
    codes: [
      'E_JSON',
      'E_JSON_DUP',
      'E_ENCODING',
      'E_NUMBER',
      'E_LIMIT',
      'E_VERSION',
      'E_SCHEMA',
      'E_UNSIGNED',
      'E_SIG',
      'E_MISMATCH',
      'E_CHAIN',
      'E_COUNT',
      'E_SEALED',
      'E_SUITE',
      'E_NO_MATCH',
      'E_ENVELOPE',
      'E_COMMIT',
      'E_HEADER_MAC',
      'E_AUTH',
      'E_TRUNCATED',
      'E_TRAILING',
      'E_ACK',
    ],
  },
  /** The server, the network or an SSH key. */
  remote: {
    exit: 6,
    hint: "ask the server's administrator, then run the command again",
    codes: ['E_HOSTKEY', 'E_ALGO', 'E_SSH_KEY', 'E_SSH_AUTH', 'E_REMOTE'],
  },
  /** The job is not in a state for this step, is locked, or still waits. */
  state: {
    exit: 7,
    hint: '"migrate status" shows what the job waits for',
    codes: ['E_STATE', 'E_WAITING', 'E_DEADLINE', 'E_LOCKED', 'E_CLOCK', 'E_PURGE', 'E_STALE', 'E_SILENCE'],
  },
  /** An identity file, key or passphrase. */
  key: {
    exit: 8,
    hint: 'use another identity file, or a copy of this one from before it was changed',
    codes: ['E_KEY', 'E_KEY_WEAK', 'E_PASS', 'E_PERM'],
  },
  /** The local file system, the browser that prints, and programs that data is handed to. */
  file: {
    exit: 9,
    hint: 'check path, owner and free space, then run the command again',
    codes: ['E_EXISTS', 'E_NOT_FOUND', 'E_FILE', 'E_BROWSER', 'E_PIPE'],
  },
  /** A manifest holds, and is not of a complete job. */
  incomplete: {
    exit: 10,
    hint: 'see what is missing under the claims; ask the processor for a newer manifest',
    codes: ['E_INCOMPLETE'],
  },
} as const;

/** A stable error code, as printed between brackets at the end of an error line. */
export type ErrorCode = (typeof FAILURES)[keyof typeof FAILURES]['codes'][number];

const KIND_OF: ReadonlyMap<string, { readonly exit: number; readonly hint: string }> = new Map(
  Object.values(FAILURES).flatMap((kind) => kind.codes.map((code): [string, typeof kind] => [code, kind])),
);

const kindOf = (code: string): { readonly exit: number; readonly hint: string } =>
  KIND_OF.get(code) ?? FAILURES.internal;

/** Where in a document the trouble is; lines and columns count from 1, the path is a JSON Pointer (RFC 6901). */
export interface Place {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  readonly path?: string | undefined;
}

/** What an error carries besides its sentence. */
export interface ErrorDetails {
  /** The next step for the person who reads it, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly place?: Place | undefined;
}

/**
 * The one error class of Sealift. `message` is lower case, without a full stop, and never holds a value of a source cell.
 */
export class SealiftError extends Error {
  override readonly name = 'SealiftError';
  readonly code: ErrorCode;
  /** The next step; that of the code's kind where none was given. */
  readonly hint: string;
  readonly place: Place | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? kindOf(code).hint;
    this.place = details.place;
  }

  /** The process exit code that belongs to {@link code}. */
  get exitCode(): number {
    return kindOf(this.code).exit;
  }
}
