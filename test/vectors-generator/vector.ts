/** What a vector is: a file, what it shows, how to run it, and what must come out. `test/vectors/README.md` tells it to others. */
import type { DocumentType } from '../../packages/core/src/document.ts';

/**
 * Who must refuse. `stage` is how far the file gets: `reader` is the strict JSON reader, `schema` is type and JSON Schema, `rules` is
 * everything after both accepted it.
 */
export const LAYERS = {
  reader: { stage: 'reader', codes: ['E_ENCODING', 'E_JSON', 'E_JSON_DUP', 'E_LIMIT', 'E_NUMBER'] },
  version: { stage: 'schema', codes: ['E_VERSION'] },
  schema: { stage: 'schema', codes: ['E_ENCODING', 'E_KEY', 'E_SCHEMA', 'E_UNSIGNED'] },
  identity: { stage: 'rules', codes: ['E_KEY', 'E_KEY_WEAK', 'E_PASS'] },
  signature: { stage: 'rules', codes: ['E_SCHEMA', 'E_SIG'] },
  role: { stage: 'rules', codes: ['E_ROLE'] },
  threshold: { stage: 'rules', codes: ['E_THRESHOLD'] },
  lab: { stage: 'rules', codes: ['E_LAB'] },
  rollback: { stage: 'rules', codes: ['E_MISMATCH', 'E_ROLLBACK'] },
  time: { stage: 'rules', codes: ['E_CLOCK', 'E_CONTRACT', 'E_TIME'] },
  scope: { stage: 'rules', codes: ['E_CREDENTIAL', 'E_DATE', 'E_SCOPE'] },
  parties: { stage: 'rules', codes: ['E_COUNTRY', 'E_KEY_WEAK', 'E_REVOKED', 'E_ROLE', 'E_SHARED', 'E_SSH_KEY'] },
  chain: { stage: 'rules', codes: ['E_CHAIN', 'E_MISMATCH'] },
  state: { stage: 'rules', codes: ['E_REPLAY', 'E_STATE', 'E_WAITING'] },
  agreement: { stage: 'rules', codes: ['E_ACK', 'E_CEILING', 'E_COUNT', 'E_MISMATCH', 'E_SCOPE', 'E_SUITE'] },
  checkpoint: { stage: 'rules', codes: ['E_CHAIN'] },
  witness: { stage: 'rules', codes: ['E_CHAIN'] },
  'sealed-prefix': { stage: 'rules', codes: ['E_SEALED', 'E_TRUNCATED'] },
  'sealed-header': {
    stage: 'rules',
    codes: [
      'E_ENCODING',
      'E_JSON',
      'E_JSON_DUP',
      'E_NUMBER',
      'E_SCHEMA',
      'E_SEALED',
      'E_SUITE',
      'E_TRUNCATED',
      'E_VERSION',
    ],
  },
  wrap: { stage: 'rules', codes: ['E_ENVELOPE', 'E_NO_MATCH', 'E_SUITE'] },
  commitment: { stage: 'rules', codes: ['E_COMMIT'] },
  'header-mac': { stage: 'rules', codes: ['E_HEADER_MAC'] },
  place: { stage: 'rules', codes: ['E_MISMATCH'] },
  stream: { stage: 'rules', codes: ['E_AUTH', 'E_TRAILING', 'E_TRUNCATED'] },
} as const;

export type Layer = keyof typeof LAYERS;

/** How far a file got. */
export type Stage = (typeof LAYERS)[Layer]['stage'];

/** What must come out. */
export type Expectation = 'accept' | { readonly layer: Layer; readonly code: string };

/** How a vector is run, with all that it needs. Paths are relative to the folder of the index. */
export type Run =
  /** The strict reader alone. */
  | { readonly run: 'json'; readonly canonical?: string }
  /** Reader, type and schema. `digest`: of the signed part. */
  | { readonly run: 'document'; readonly type: DocumentType; readonly canonical?: string; readonly digest?: string }
  /** A document that the controller must have signed. */
  | { readonly run: 'controller'; readonly type: DocumentType; readonly roster: string }
  /** A public identity. */
  | { readonly run: 'identity'; readonly fingerprint?: string }
  /** A secret identity, with its passphrase where it is locked. */
  | { readonly run: 'secret-identity'; readonly passphrase?: string; readonly fingerprint?: string }
  /** A roster by itself, or as the successor of a pinned one. */
  | { readonly run: 'roster'; readonly pinned?: string; readonly fingerprint?: string }
  /** Instructions at a time; `seen` were taken in before, `operator` is who wants to act. */
  | {
      readonly run: 'instructions';
      readonly roster: string;
      readonly clock: string;
      readonly seen?: string;
      readonly operator?: string;
    }
  | {
      readonly run: 'journal';
      readonly roster: string;
      readonly instructions: readonly string[];
      readonly witness?: Witness;
      readonly state?: string;
    }
  | { readonly run: 'manifest'; readonly roster: string; readonly witness?: Witness; readonly state?: string }
  /** A sealed file; `plaintext` is what must come out. */
  | {
      readonly run: 'sealed';
      readonly identity: string;
      readonly job?: string;
      readonly dataset?: string;
      readonly plaintext?: { readonly bytes: number; readonly digest: string };
    }
  /** `{ "suite": …, "digestKey": [wraps] }` of a job; `key` is what must come out. */
  | { readonly run: 'digest-key'; readonly identity: string; readonly job: string; readonly key?: string };

/** A head of the chain that another party remembers: what it was after `seq` entries. */
export interface Witness {
  readonly seq: number;
  readonly head: string;
}

/** A range of the bytes of another file: from the first, up to and without the last. */
export interface FileRange {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** One line of an index. Its bytes are those of `file`, or of the `parts` one after the other. */
export type Vector = {
  readonly name: string;
  readonly what: string;
  readonly file?: string;
  readonly parts?: readonly FileRange[];
  readonly expect: Expectation;
} & Run;

/** A vector and the bytes of its file. */
export interface MadeVector {
  readonly vector: Vector;
  /** Absent where the vector is put together of other files. */
  readonly content?: Uint8Array;
}

/** A file beside the vectors that several of them need. */
export interface MadeFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** One folder of vectors. */
export interface Family {
  readonly name: string;
  readonly vectors: readonly MadeVector[];
  readonly files: readonly MadeFile[];
}

/** The index of a folder. */
export interface Index {
  readonly vectors: readonly Vector[];
}

const SUFFIX: Readonly<Partial<Record<Run['run'], string>>> = { journal: 'jsonl', sealed: 'sealed' };

/** A vector that must be accepted. */
export function accepted(name: string, what: string, content: Uint8Array, run: Run): MadeVector {
  return { vector: { name, what, file: fileOf(name, run), expect: 'accept', ...run }, content };
}

/** A vector that a layer must refuse. */
export function refused(
  name: string,
  what: string,
  [layer, code]: readonly [Layer, string],
  content: Uint8Array,
  run: Run,
): MadeVector {
  return { vector: { name, what, file: fileOf(name, run), expect: { layer, code }, ...run }, content };
}

function fileOf(name: string, { run }: Run): string {
  return `${name}.${SUFFIX[run] ?? 'json'}`;
}
