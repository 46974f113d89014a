/** The job's state machine (doc/format.md section 14): which statement is allowed when, and what it leads to. */
import { SealiftError } from '../errors.ts';
import type { Digest, Fingerprint } from '../ids.ts';
import type { Gates } from '../instructions.ts';
import type { Delivery, Extraction, Import, Purge, Receipt, Statement, Validation } from '../statement.ts';

/** Where a job stands, in the order in which a job goes through it. */
export type JobState =
  | 'authorised'
  | 'extracted'
  | 'approved'
  | 'delivered'
  | 'received'
  | 'imported'
  | 'validated'
  | 'purged'
  | 'aborted'
  | 'revoked';

/** Everything that later steps need to know of the earlier ones. */
export interface Progress {
  /** Digest and number of the entry, and what it says. */
  readonly extraction?: { readonly entry: Digest; readonly seq: number; readonly statement: Extraction };
  readonly approved: boolean;
  readonly delivery?: Delivery;
  readonly receipts: ReadonlyMap<Fingerprint, Receipt>;
  readonly imports: ReadonlyMap<Fingerprint, Import>;
  readonly validation?: Validation;
  readonly ended?: 'aborted' | 'revoked';
  readonly purge?: Purge;
  /** The datasets whose source was disposed of. */
  readonly disposed: ReadonlySet<string>;
}

/** What the instructions say about the order of steps. */
export interface Procedure {
  readonly gates: Gates;
  readonly recipients: readonly Fingerprint[];
}

/** A job before its first entry. */
export const NO_PROGRESS: Progress = {
  approved: false,
  receipts: new Map(),
  imports: new Map(),
  disposed: new Set(),
};

/** The state that the statements so far have led to. */
export function stateOf(progress: Progress, procedure: Procedure): JobState {
  if (progress.purge !== undefined) return 'purged';
  if (progress.ended !== undefined) return progress.ended;
  if (progress.validation !== undefined) return 'validated';
  const all = (those: ReadonlyMap<Fingerprint, unknown>): boolean =>
    procedure.recipients.every((key) => those.has(key));
  if (progress.delivery !== undefined) {
    if (!all(progress.receipts)) return 'delivered';
    return all(progress.imports) ? 'imported' : 'received';
  }
  if (progress.extraction === undefined) return 'authorised';
  return progress.approved ? 'approved' : 'extracted';
}

/** A statement that a job waits for: its kind, and for those of recipients, of whom. */
export interface Missing {
  readonly kind: 'extraction' | 'approval' | 'delivery' | 'receipt' | 'import' | 'validation' | 'purge';
  readonly recipient?: Fingerprint;
}

/** The statements of `gates.purge` that are not there yet. */
export function missingForPurge(progress: Progress, procedure: Procedure): Missing[] {
  const { gates, recipients } = procedure;
  const of = (kind: 'receipt' | 'import', those: ReadonlyMap<Fingerprint, unknown>): Missing[] =>
    recipients.filter((recipient) => !those.has(recipient)).map((recipient) => ({ kind, recipient }));
  return [
    ...(gates.purge.includes('receipt') ? of('receipt', progress.receipts) : []),
    ...(gates.purge.includes('import') ? of('import', progress.imports) : []),
    ...(gates.purge.includes('validation') && progress.validation === undefined
      ? [{ kind: 'validation' } as const]
      : []),
  ];
}

/** What a job waits for next; empty once it is purged. */
export function waitingFor(progress: Progress, procedure: Procedure): Missing[] {
  if (progress.purge !== undefined) return [];
  if (progress.ended !== undefined) return [{ kind: 'purge' }];
  if (progress.extraction === undefined) return [{ kind: 'extraction' }];
  if (progress.delivery === undefined) {
    return [{ kind: procedure.gates.delivery.includes('approval') && !progress.approved ? 'approval' : 'delivery' }];
  }
  const missing = missingForPurge(progress, procedure);
  return missing.length > 0 ? missing : [{ kind: 'purge' }];
}

/**
 * Whether a statement of this kind is allowed now.
 * @param recipient for receipts and imports: whose
 * @throws E_STATE, E_WAITING when an earlier statement is still missing, E_REPLAY when it was made before
 */
export function requireAllowed(
  kind: Statement['kind'],
  progress: Progress,
  procedure: Procedure,
  recipient?: Fingerprint,
): void {
  const state = stateOf(progress, procedure);
  const check = RULES[kind];
  const verdict = check({ progress, procedure, state, recipient });
  if (verdict === 'allowed') return;
  const { code, because } = verdict;
  throw new SealiftError(code, `${kind} is not possible: ${because}`, {
    hint: '"migrate verify" on the manifest, or "migrate status" in the workspace, shows where the job stands',
  });
}

interface Situation {
  readonly progress: Progress;
  readonly procedure: Procedure;
  readonly state: JobState;
  readonly recipient: Fingerprint | undefined;
}
type Verdict = 'allowed' | { readonly code: 'E_STATE' | 'E_WAITING' | 'E_REPLAY'; readonly because: string };

const refuse = (code: 'E_STATE' | 'E_WAITING' | 'E_REPLAY', because: string): Verdict => ({ code, because });
const allowed = (): Verdict => 'allowed';
const over = (state: JobState): boolean => state === 'purged' || state === 'aborted' || state === 'revoked';

const RULES: Readonly<Record<Statement['kind'], (situation: Situation) => Verdict>> = {
  extraction: ({ state }) =>
    state === 'authorised' ? 'allowed' : refuse('E_STATE', `the job is ${state} already, and is extracted only once`),
  approval: ({ state, progress, procedure }) => {
    if (!procedure.gates.delivery.includes('approval'))
      return refuse('E_STATE', 'these instructions ask for no approval');
    if (progress.approved) return refuse('E_REPLAY', 'the extraction is approved already');
    return state === 'extracted' ? 'allowed' : refuse('E_STATE', `the job is ${state}`);
  },
  delivery: ({ state, procedure }) => {
    if (state === 'approved') return 'allowed';
    if (state !== 'extracted') return refuse('E_STATE', `the job is ${state}`);
    return procedure.gates.delivery.includes('approval')
      ? refuse('E_WAITING', "the laboratory's approval is missing")
      : 'allowed';
  },
  receipt: ({ state, progress, recipient }) => {
    if (recipient !== undefined && progress.receipts.has(recipient))
      return refuse('E_REPLAY', 'this recipient gave its receipt already');
    return state === 'delivered' ? 'allowed' : refuse('E_STATE', `the job is ${state}`);
  },
  import: ({ state, progress, recipient }) => {
    if (recipient !== undefined && progress.imports.has(recipient))
      return refuse('E_REPLAY', 'this recipient reported its import already');
    if (recipient !== undefined && !progress.receipts.has(recipient))
      return refuse('E_STATE', 'this recipient has given no receipt');
    return over(state) ? refuse('E_STATE', `the job is ${state}`) : 'allowed';
  },
  validation: ({ state, progress, procedure }) => {
    if (progress.validation !== undefined) return refuse('E_REPLAY', 'the laboratory validated already');
    const enough = state === 'imported' || (state === 'received' && !procedure.gates.purge.includes('import'));
    return enough ? 'allowed' : refuse('E_STATE', `the job is ${state}`);
  },
  purge: ({ state, progress }) => {
    if (state === 'purged') return refuse('E_REPLAY', 'the job is purged already');
    if (progress.ended !== undefined || progress.delivery !== undefined) return 'allowed';
    return refuse('E_STATE', `the job is ${state}`);
  },
  revocation: ({ state }) => (over(state) ? refuse('E_STATE', `the job is ${state}`) : 'allowed'),
  abort: ({ state }) => (over(state) ? refuse('E_STATE', `the job is ${state}`) : 'allowed'),
  disposal: allowed,
  repair: allowed,
  refusal: allowed,
  alert: allowed,
};
