/**
 * Seals a file while the caller makes more plaintext: cipher, digest and writing in one thread, the keyed digest of the plaintext in the
 * same or in another.
 */
import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { SealiftError } from '../errors.ts';
import type { Digest, KeyedDigest } from '../ids.ts';
import { keyedDigestText } from '../keyed-digest.ts';
import type { SealedBeginning } from '../sealed/seal.ts';
import type { StreamCipher } from '../sealed/stream-cipher.ts';
import { digestText } from '../sha256.ts';
import { memzero } from '../sodium.ts';
import { HASHING, hashing, isHashingSlow } from './background-hash.ts';
import type { Work } from './background-task.ts';
import { prepareThread, type Threading } from './background-thread.ts';
import { BackgroundWork } from './background-work.ts';
import { fileError } from './file-error.ts';
import { keepFreedMemory } from './given-back.ts';
import { RESULT_BYTES, RESULT_BYTES_WITH_DIGEST, SealedOutput } from './sealed-output.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** The module that the thread loads lies beside this one, in the package as in the command's bundle; unbuilt, Node can't load it. */
const MODULE: string | undefined = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL(`./sealed-output${extname(import.meta.url)}`, import.meta.url).href;

const DIGEST_BYTES = 32;
const NO_KEY = new Uint8Array(0);

const DISK_PATIENCE = 600_000;

/** What the file system said to the thread. */
class FileSystemError extends Error {
  readonly code: string;

  constructor(code: string) {
    super('the thread could not write');
    this.code = code;
  }
}

function stopped(): SealiftError {
  return new SealiftError('E_INTERNAL', 'the thread that seals a file stopped', {
    hint: 'run the command again; if it happens again, report it',
  });
}

/** How the thread is had. */
interface Surroundings {
  /** What it loads; undefined where nothing can be loaded. */
  readonly module?: string | undefined;
  readonly threading?: Threading;
  /** How long the disk may stand still, in milliseconds. */
  readonly patience?: number;
}

/** What was written. */
export interface SealedFileWritten {
  readonly bytes: number;
  /** SHA-256 of the whole file. */
  readonly digest: Digest;
  /** The keyed digest of the plaintext (doc/format.md §1). */
  readonly plaintext: KeyedDigest;
}

/** What a file is sealed with. */
export interface SealingMeans {
  /** What seals in the caller's thread; another thread takes Node's, and is only had where this is Node's. */
  readonly cipher: StreamCipher;
  /** The key of the plaintext's digest, 32 bytes, which is copied. */
  readonly digestKey: Uint8Array;
  /** How many threads there are beside the caller's: two, if not given. */
  readonly threads?: 1 | 2 | undefined;
}

let isSlowHere: boolean | undefined;

/** Measured once: who starts threads and who wants them have to agree. */
const isHashingSlowHere = (): boolean => {
  isSlowHere ??= isHashingSlow();
  return isSlowHere;
};

/** Makes what seals in the thread. */
const makerOf = (module: string): string =>
  `{ const { sealedOutput } = await import(${JSON.stringify(module)}); return (keys, given) => sealedOutput(given, keys); }`;

/** The work that is to seal plaintext, to write what was sealed, and, where its key is not empty, to make the plaintext's digest. */
function sealing(
  file: TemporaryFile,
  { header: beginning, start }: SealedBeginning,
  { cipher, digestKey }: SealingMeans,
  { module = MODULE, patience = DISK_PATIENCE }: Omit<Surroundings, 'threading'>,
): Work {
  const { header, context } = start;
  const given = { descriptor: file.descriptor, beginning, header, context };
  return {
    maker: module === undefined || cipher.name !== 'node:crypto' ? undefined : makerOf(module),
    here: (keys) => new SealedOutput(given, keys, cipher),
    secret: Buffer.concat([start.key, digestKey]),
    given,
    resultBytes: digestKey.length === 0 ? RESULT_BYTES : RESULT_BYTES_WITH_DIGEST,
    patience,
    failure: (code) => (code === undefined ? stopped() : fileError(new FileSystemError(code), 'writing', file.target)),
  };
}

/** Seals one file. */
export class BackgroundSealing {
  readonly #file: TemporaryFile;
  readonly #work: BackgroundWork;

  private constructor(file: TemporaryFile, work: BackgroundWork) {
    this.#file = file;
    this.#work = work;
  }

  /**
   * How many threads seal best beside a caller that is busy: on two processors the caller has one, and a second thread would be in its way
   * when it starts; unless the digests take longer than all else.
   */
  static threadsBeside(processors: number = availableParallelism(), isSlow: () => boolean = isHashingSlowHere): 1 | 2 {
    return processors > 2 || (processors === 2 && isSlow()) ? 2 : 1;
  }

  /** Starts the threads that sealing will want, so that they are there when there is plaintext: what starts slowly is waited for otherwise. */
  static prepare(threads: 1 | 2 = 2, module: string | undefined = MODULE): void {
    void keepFreedMemory();
    if (module !== undefined) prepareThread(makerOf(module));
    if (threads === 2) prepareThread(HASHING);
  }

  /**
   * Writes the beginning of a sealed file and goes on from there. The file is this object's until {@link finish}.
   * @throws E_FILE
   */
  static async begin(
    file: TemporaryFile,
    beginning: SealedBeginning,
    means: SealingMeans,
    { threading, ...surroundings }: Surroundings = {},
  ): Promise<BackgroundSealing> {
    await file.write(beginning.header);
    const isJoined = means.threads === 1;
    const sealed = sealing(file, beginning, { ...means, digestKey: isJoined ? means.digestKey : NO_KEY }, surroundings);
    const work = new BackgroundWork(isJoined ? [sealed] : [sealed, hashing(means.digestKey)], threading);
    memzero(sealed.secret);
    memzero(beginning.start.key);
    return new BackgroundSealing(file, work);
  }

  /** Adds plaintext, which may be reused as soon as this returns. @throws E_FILE, also for what was added before */
  push(plaintext: Uint8Array): void {
    this.#doing(() => this.#work.update(plaintext));
    this.#file.grew(plaintext.length);
  }

  /** Seals and writes what is left. @throws E_FILE */
  finish(): SealedFileWritten {
    const [result, digest] = this.#doing(() => this.#work.finish());
    if (result === undefined) throw stopped();
    const plaintext = digest ?? result.subarray(RESULT_BYTES);
    const bytes = Number(new DataView(result.buffer).getBigUint64(DIGEST_BYTES, true));
    this.#file.wasWritten(bytes);
    return { bytes, digest: digestText(result.subarray(0, DIGEST_BYTES)), plaintext: keyedDigestText(plaintext) };
  }

  /** Stops, and overwrites plaintext and key where they can be reached. */
  wipe(): void {
    this.#work.wipe();
  }

  #doing<T>(step: () => T): T {
    try {
      return step();
    } catch (cause) {
      throw cause instanceof SealiftError ? cause : fileError(cause, 'writing', this.#file.target);
    }
  }
}
