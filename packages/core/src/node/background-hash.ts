/**
 * SHA-256 and HMAC-SHA-256 in a thread of their own: of the work on a sealed file the digests are more than half, and neither has to
 * wait for the cipher. Memory is one ring of fixed size. Little is hashed where it is, without a thread.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { SealiftError } from '../errors.ts';

/** Bytes that may wait for the thread: a power of two, so that counters modulo 2^32 lead to places in it. */
const RING = 1 << 20;
/** From so many bytes on, a thread is worth its start. */
const WORTHWHILE = RING >> 1;
/** From so many bytes on, it is worth waking: every waking is a call of the system on both sides. */
const BATCH = RING >> 2;
const DIGEST_BYTES = 32;

/**
 * Words that both sides share: how often the thread was called, whether it sleeps (1), how many bytes were written and how many hashed
 * (both modulo 2^32), what became of it, and who hashes.
 */
const [CALLS, ASLEEP, WRITTEN, HASHED, STATE, WORKER] = [0, 1, 2, 3, 4, 5];
const WORDS = 6;
/** The state: more may come; all came; the digest is there; the thread failed; the digest is not wanted any more. */
const [OPEN, ENDED, DONE, FAILED, DROPPED] = [0, 1, 2, 3, 4];
/** Who hashes: nobody yet; the thread; the caller, in place of a thread that never began. */
const [NOBODY, THREAD, CALLER] = [0, 1, 2];

/**
 * What the thread runs: it hashes a batch, says how far it came, and sleeps while there is less than one. A text, because it has to run from the package, from the command's bundle and from unbuilt sources alike.
 */
const PROGRAM = `
const { createHash, createHmac } = require('node:crypto');
const { words, ring, result, key } = require('node:worker_threads').workerData;
const end = (state) => {
  Atomics.store(words, ${STATE}, state);
  Atomics.notify(words, ${STATE});
  Atomics.notify(words, ${HASHED});
};
try {
  const hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  const isMine = Atomics.compareExchange(words, ${WORKER}, ${NOBODY}, ${THREAD}) === ${NOBODY};
  if (isMine && key !== undefined) key.fill(0);
  for (let hashed = 0; isMine; ) {
    const calls = Atomics.load(words, ${CALLS});
    const state = Atomics.load(words, ${STATE});
    if (state === ${DROPPED}) break;
    const waiting = (Atomics.load(words, ${WRITTEN}) - hashed) >>> 0;
    if (waiting >= ${BATCH} || (waiting > 0 && state === ${ENDED})) {
      const at = hashed & ${RING - 1};
      const length = Math.min(waiting, ${RING} - at, ${BATCH});
      hash.update(ring.subarray(at, at + length));
      hashed = (hashed + length) | 0;
      Atomics.store(words, ${HASHED}, hashed);
      Atomics.notify(words, ${HASHED});
    } else if (state === ${ENDED}) {
      result.set(hash.digest());
      end(${DONE});
      break;
    } else {
      Atomics.store(words, ${ASLEEP}, 1);
      Atomics.wait(words, ${CALLS}, calls);
      Atomics.store(words, ${ASLEEP}, 0);
    }
  }
} catch {
  end(${FAILED});
}
`;

/** What the thread is given: memory that both sides share. */
interface Shared {
  readonly words: Int32Array;
  readonly ring: Uint8Array;
  readonly result: Uint8Array;
  /** Of an HMAC; overwritten once it was read. */
  readonly key: Uint8Array | undefined;
}

/** How the thread is had. */
export interface Threading {
  /** Starts it; throws where there are no threads, as under Node's permission model. */
  readonly start: (program: string, shared: Shared) => Worker;
  /** How long it may take for a part of the ring before it is given up, in milliseconds. */
  readonly patience: number;
}

/** The thread holds few objects: its bytes are in the ring. In MiB. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } as const;

const THREADING: Threading = {
  start: (program, workerData) =>
    new Worker(program, { eval: true, workerData, env: {}, execArgv: [], resourceLimits: LIMITS }),
  patience: 60_000,
};

/** A hash over bytes that come one piece after the other, computed while the caller goes on. */
export class BackgroundHash {
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  readonly #ring: Uint8Array = sharedBytes(RING);
  readonly #result: Uint8Array = sharedBytes(DIGEST_BYTES);
  readonly #key: Uint8Array | undefined;
  readonly #threading: Threading;
  #written = 0;
  #thread: Worker | undefined;
  /** Where no thread can be had. */
  #here: Hash | Hmac | undefined;

  /** SHA-256; or, with a key, which is copied, HMAC-SHA-256. */
  constructor(key?: Uint8Array, threading: Threading = THREADING) {
    this.#threading = threading;
    this.#key = key === undefined ? undefined : sharedBytes(key.length);
    if (key !== undefined) this.#key?.set(key);
  }

  /** Adds bytes, which may be reused as soon as this returns. Waits while the ring is full. */
  update(bytes: Uint8Array): this {
    if (this.#here === undefined && Atomics.load(this.#words, STATE) !== OPEN) this.#takeOver();
    for (let rest = bytes; rest.length > 0; ) {
      const room = this.#room();
      if (this.#here !== undefined) {
        this.#here.update(rest);
        break;
      }
      const part = rest.subarray(0, room);
      this.#ring.set(part, this.#written & (RING - 1));
      this.#written = (this.#written + part.length) | 0;
      Atomics.store(this.#words, WRITTEN, this.#written);
      rest = rest.subarray(part.length);
      const waiting = this.#waiting();
      if (this.#thread === undefined && waiting >= WORTHWHILE) this.#start();
      if (waiting >= BATCH) this.#call();
    }
    return this;
  }

  /** The 32 bytes of the digest of everything added; the object can't be used afterwards. */
  digest(): Uint8Array {
    try {
      if (this.#thread !== undefined) {
        Atomics.compareExchange(this.#words, STATE, OPEN, ENDED);
        this.#call();
        if (this.#waitsWhile(STATE, ENDED)) return Uint8Array.from(this.#result);
        this.#takeOver();
      }
      return (this.#here ?? this.#hashHere()).digest();
    } finally {
      this.wipe();
    }
  }

  /** Stops the thread and overwrites bytes and key, where they can be reached; nothing is computed afterwards. */
  wipe(): void {
    this.#here = undefined;
    Atomics.store(this.#words, STATE, DROPPED);
    this.#call();
    this.#ring.fill(0);
    this.#result.fill(0);
    this.#key?.fill(0);
  }

  #waiting(): number {
    return (this.#written - this.#hashed()) >>> 0;
  }

  /** How many bytes may be written at the ring's present place: at least one, once there is room, or where the caller hashes. */
  #room(): number {
    while (this.#here === undefined) {
      const hashed = this.#hashed();
      const free = RING - ((this.#written - hashed) >>> 0);
      if (free > 0) return Math.min(free, RING - (this.#written & (RING - 1)));
      if (!this.#waitsWhile(HASHED, hashed)) this.#takeOver();
    }
    return RING;
  }

  /** Of all bytes, modulo 2^32. */
  #hashed(): number {
    return Atomics.load(this.#words, HASHED);
  }

  /** It looks at the calls once more before it sleeps, so that none is lost. */
  #call(): void {
    Atomics.add(this.#words, CALLS, 1);
    if (Atomics.load(this.#words, ASLEEP) === 1) Atomics.notify(this.#words, CALLS);
  }

  /** Waits until a word is no longer what it was; no when the thread has failed or answers no more. */
  #waitsWhile(word: number, value: number): boolean {
    const outcome = Atomics.wait(this.#words, word, value, this.#threading.patience);
    return outcome !== 'timed-out' && Atomics.load(this.#words, STATE) !== FAILED;
  }

  /**
   * Hashes here in place of a thread that never began, as where it could open no file of its own: everything is still in the ring,
   * and the thread, should it begin after all, finds its work taken.
   */
  #takeOver(): void {
    const isMine = Atomics.compareExchange(this.#words, WORKER, NOBODY, CALLER) === NOBODY;
    if (!isMine || Atomics.load(this.#words, STATE) === DROPPED) throw stopped();
    this.#thread = undefined;
    this.#here = this.#hashHere();
  }

  #start(): void {
    const shared = { words: this.#words, ring: this.#ring, result: this.#result, key: this.#key };
    try {
      this.#thread = this.#threading.start(PROGRAM, shared);
      this.#thread.unref();
      this.#thread.once('error', () => Atomics.store(this.#words, STATE, FAILED));
    } catch {
      this.#here = this.#hashHere();
    }
  }

  /** Hashes in this thread what no other has seen. */
  #hashHere(): Hash | Hmac {
    const hash = this.#key === undefined ? createHash('sha256') : createHmac('sha256', this.#key);
    hash.update(this.#ring.subarray(0, this.#written));
    return hash;
  }
}

function stopped(): SealiftError {
  return new SealiftError('E_INTERNAL', 'the thread that computes a digest stopped', {
    hint: 'run the command again; if it happens again, report it',
  });
}

function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}
