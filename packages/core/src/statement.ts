/**
 * Statements: what a party says about the job (doc/format.md section 11). The processor's own are plain objects; those of the
 * controller and the recipients are signed documents that an entry embeds.
 */
import type { RowCounts } from './dataset.ts';
import type { SignedDocument } from './envelope.ts';
import type { CalendarDate, DatasetName, Digest, Fingerprint, JobId, KeyedDigest, UtcTime } from './ids.ts';
import type { Suite, WrappedKey } from './wrap.ts';

/** A file by name, size in bytes and digest. */
export interface FileDigest {
  readonly name: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/** The rows of one year, by the date of the first window. */
export interface ExtractedYear {
  readonly year: number;
  readonly kept: number;
  /** Rows with a date in this year that did not leave, whatever withheld them. */
  readonly withheld: number;
}

/**
 * How the rows of a dataset lie in time, over those whose date of its first window could be read (F08, F10). The day of an instant is
 * that at the offset of the window's `from`, or else of its `to`.
 */
export interface ExtractedDates {
  /** The field of the first window. */
  readonly field: string;
  /** The years in which there are rows, ascending. */
  readonly years: readonly ExtractedYear[];
  /** The first and the last date among the rows kept; absent when none was. */
  readonly firstKept?: CalendarDate;
  readonly lastKept?: CalendarDate;
}

/** One dataset of an extraction: what was read, what left, what stayed. */
export interface ExtractedDataset {
  readonly dataset: DatasetName;
  readonly file: FileDigest;
  /** `dispose`: the source file is marked for deletion after the statements that gate the purge (F09). */
  readonly source: { readonly kind: 'file' | 'pipe'; readonly bytes: number; readonly dispose?: true };
  readonly plaintext: { readonly bytes: number; readonly digest: KeyedDigest };
  /** `kept`: output names in order; `withheld`: source names that stayed, in the source's order. */
  readonly columns: { readonly kept: readonly string[]; readonly withheld: readonly string[] };
  readonly counts: RowCounts;
  /** Present where the dataset has a window. */
  readonly dates?: ExtractedDates;
}

/** The processor extracted and sealed. */
export interface Extraction {
  readonly kind: 'extraction';
  readonly tool: { readonly name: string; readonly version: string };
  /** Product and version of the source, as the instructions name them (F01). */
  readonly source: { readonly product: string; readonly version: string };
  readonly started: UtcTime;
  readonly finished: UtcTime;
  readonly suite: Suite;
  /** The key of the keyed digests, for the recipients and the controller's signers. */
  readonly digestKey: readonly WrappedKey[];
  readonly datasets: readonly ExtractedDataset[];
}

/** A file that lies on the server. */
export interface DeliveredFile extends FileDigest {
  /** Whether the whole digest was read back from the server. */
  readonly readBack: boolean;
}

/** What the doctor found before the delivery; one that fails keeps it from happening. */
export interface CheckResult {
  /** The doctor's name of the check, such as `password` or `disk-encryption`. */
  readonly check: string;
  readonly verdict: 'ok' | 'warn';
}

/** The processor put every sealed file on the server. */
export interface Delivery {
  readonly kind: 'delivery';
  readonly server: { readonly host: string; readonly port: number; readonly address: string; readonly hostKey: string };
  readonly account: string;
  readonly sshKey: string;
  readonly session: { readonly kex: string; readonly cipher: string; readonly mac: string };
  readonly files: readonly DeliveredFile[];
  /** What was looked at on the server and the sending machine before the first byte went (F29). */
  readonly checks?: readonly CheckResult[];
}

/** One copy that the purge looked for. */
export interface PurgedFile {
  readonly name: string;
  readonly outcome: 'deleted' | 'absent';
}

/** The processor deleted its copies and found them gone. */
export interface Purge {
  readonly kind: 'purge';
  readonly basis: 'statements' | 'deadline' | 'ended';
  readonly local: readonly PurgedFile[];
  readonly remote: readonly PurgedFile[];
}

/** The processor deleted a source file that was marked for it (F09). */
export interface Disposal {
  readonly kind: 'disposal';
  readonly dataset: DatasetName;
  readonly bytes: number;
  readonly outcome: 'deleted' | 'absent';
}

/** The processor gave the job up. */
export interface Abort {
  readonly kind: 'abort';
  readonly reason: string;
}

/** The journal's torn last line was taken away. */
export interface Repair {
  readonly kind: 'repair';
  readonly removedBytes: number;
  readonly removedDigest: Digest;
}

/** A step was refused or failed. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly step: string;
  readonly code: string;
  readonly message: string;
}

/** Something needs a person. */
export interface Alert {
  readonly kind: 'alert';
  readonly code: string;
  readonly message: string;
}

/** What every document of another party says first. */
interface Seen {
  readonly job: JobId;
  readonly instructions: Digest;
  /** The chain head that the signer saw. */
  readonly head: Digest;
  readonly time: UtcTime;
}

/** The controller approves one extraction, over counts and columns (F13). */
export interface Approval extends Seen {
  readonly type: 'sealift.approval.v1';
  /** Digest of the extraction's entry. */
  readonly extraction: Digest;
  readonly datasets: readonly {
    readonly dataset: DatasetName;
    readonly rows: number;
    readonly columns: readonly string[];
  }[];
}

/** One dataset as the recipient opened it. */
export interface ReceivedDataset {
  readonly dataset: DatasetName;
  readonly file: { readonly bytes: number; readonly digest: Digest };
  readonly rows: number;
  readonly columns: readonly string[];
  readonly plaintext: KeyedDigest;
}

/** The recipient opened and checked every file. */
export interface Receipt extends Seen {
  readonly type: 'sealift.receipt.v1';
  readonly recipient: Fingerprint;
  readonly datasets: readonly ReceivedDataset[];
}

/** Rows of one dataset. */
export interface DatasetRows {
  readonly dataset: DatasetName;
  readonly rows: number;
}

/** The recipient loaded the rows into the new system. */
export interface Import extends Seen {
  readonly type: 'sealift.import.v1';
  readonly recipient: Fingerprint;
  readonly datasets: readonly DatasetRows[];
}

/** The controller validates what the new system holds (F13). */
export interface Validation extends Seen {
  readonly type: 'sealift.validation.v1';
  readonly datasets: readonly DatasetRows[];
}

/** The controller ends the job. */
export interface Revocation extends Seen {
  readonly type: 'sealift.revocation.v1';
  readonly reason: string;
}

/** What the processor itself may say. */
export type OwnStatement = Extraction | Delivery | Purge | Disposal | Abort | Repair | Refusal | Alert;

/** What other parties say, as signed documents. */
export type PartyStatement = Approval | Receipt | Import | Validation | Revocation;

/** A party's statement as a file holds it. */
export type PartyDocument = SignedDocument<PartyStatement>;

/** A party's document inside an entry. */
export type EmbeddedStatement =
  | { readonly kind: 'approval'; readonly document: SignedDocument<Approval> }
  | { readonly kind: 'receipt'; readonly document: SignedDocument<Receipt> }
  | { readonly kind: 'import'; readonly document: SignedDocument<Import> }
  | { readonly kind: 'validation'; readonly document: SignedDocument<Validation> }
  | { readonly kind: 'revocation'; readonly document: SignedDocument<Revocation> };

/** Anything an entry may hold. */
export type Statement = OwnStatement | EmbeddedStatement;
