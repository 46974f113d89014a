/**
 * Seals a file in two threads: cipher, digest and writing in one, the keyed digest of the plaintext in the other, while the caller makes
 * more plaintext.
 */
import { extname } from 'node:path';
import { SealiftError } from '../errors.ts';
import type { Digest, KeyedDigest } from '../ids.ts';
import { keyedDigestText } from '../keyed-digest.ts';
import type { SealedBeginning } from '../sealed/seal.ts';
import type { StreamCipher } from '../sealed/stream-cipher.ts';
import { digestText } from '../sha256.ts';
import { memzero } from '../sodium.ts';
import { HASHING, hashing } from './background-hash.ts';
import type { Work } from './background-task.ts';
import { prepareThread, type Threading } from './background-thread.ts';
import { BackgroundWork } from './background-work.ts';
import { fileError } from './file-error.ts';
import { keepFreedMemory } from './given-back.ts';
import { RESULT_BYTES, SealedOutput } from './sealed-output.ts';
import type { TemporaryFile } from './temporary-file.ts';

/** The module that the thread loads lies beside this one, in the package as in the command's bundle; unbuilt, Node can't load it. */
const MODULE: string | undefined = import.meta.url.endsWith('.ts')
  ? undefined
  : new URL(`./sealed-output${extname(import.meta.url)}`, import.meta.url).href;

const DIGEST_BYTES = 32;

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
}

/** Makes what seals in the thread. */
const makerOf = (module: string): string =>
  `{ const { sealedOutput } = await import(${JSON.stringify(module)}); return (key, given) => sealedOutput(given, key); }`;

/** The work that is to seal plaintext, and to write what was sealed. */
function sealing(
  file: TemporaryFile,
  { header: beginning, start }: SealedBeginning,
  cipher: StreamCipher,
  { module = MODULE, patience = DISK_PATIENCE }: Omit<Surroundings, 'threading'>,
): Work {
  const { header, context } = start;
  const given = { descriptor: file.descriptor, beginning, header, context };
  return {
    maker: module === undefined || cipher.name !== 'node:crypto' ? undefined : makerOf(module),
    here: (key) => new SealedOutput(given, key, cipher),
    secret: start.key,
    given,
    resultBytes: RESULT_BYTES,
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

  /** Starts the threads that sealing will want, so that they are there when there is plaintext: what starts slowly is waited for otherwise. */
  static prepare(module: string | undefined = MODULE): void {
    void keepFreedMemory();
    if (module !== undefined) prepareThread(makerOf(module));
    prepareThread(HASHING);
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
    const works = [sealing(file, beginning, means.cipher, surroundings), hashing(means.digestKey)];
    const work = new BackgroundWork(works, threading);
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
    const [result, plaintext] = this.#doing(() => this.#work.finish());
    if (result === undefined || plaintext === undefined) throw stopped();
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
