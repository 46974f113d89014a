/**
 * One piece of work on a run of bytes, in a thread of its own while the caller goes on. The bytes are in a ring of fixed size, which the
 * caller writes. Little is worked on where it is, without a thread; so is everything where no thread can be had.
 */
import type { Worker } from 'node:worker_threads';
import type { SealiftError } from '../errors.ts';
import {
  BATCH,
  programOf,
  RING,
  type Shared,
  STATE,
  sharedBytes,
  sharedWords,
  THREADING,
  type Threading,
  WORD,
  WORKER,
} from './background-thread.ts';

/** From so many bytes on, a thread is worth its start. */
const WORTHWHILE = RING >> 2;

/** Works on bytes, in whichever thread. */
export interface Consumer {
  /** Takes bytes in, which are reused as soon as this returns. */
  update(bytes: Uint8Array): unknown;
  /** The result, once all bytes came. */
  finish(): Uint8Array;
}

/** What is to be done. */
export interface Work {
  /**
   * What makes the consumer in the thread: an expression of JavaScript, whose value is a function of the secret and of {@link given};
   * it may await. `update` and `finish` of that consumer may promise; bytes are reused all the same as soon as `update` returns, and
   * `idle`, if it has one, resolves when nothing goes on any more. Undefined where none can be had there.
   */
  readonly maker: string | undefined;
  /** The same consumer in the caller's thread. */
  readonly here: (secret: Uint8Array) => Consumer;
  /** A key, which is copied into memory that is overwritten as soon as it was read; empty if there is none. */
  readonly secret: Uint8Array;
  /** What else the thread is given. */
  readonly given?: unknown;
  /** Bytes of the result. */
  readonly resultBytes: number;
  /** How long the thread may take for a part of the ring, once it began, in milliseconds; as long as to begin, if not given. */
  readonly patience?: number;
  /** The error to be thrown when the thread failed, with the code of what was thrown there, or stopped. */
  readonly failure: (code: string | undefined) => SealiftError;
}

/** One piece of work on the bytes of a ring, which others may work on too. */
export class BackgroundTask {
  readonly #work: Work;
  readonly #shared: Shared;
  readonly #words = sharedWords();
  readonly #ring: Uint8Array;
  readonly #threading: Threading;
  #written = 0;
  #thread: Worker | undefined;
  /** Where no thread can be had. */
  #here: Consumer | undefined;

  constructor(work: Work, ring: Uint8Array, threading: Threading = THREADING) {
    this.#work = work;
    this.#ring = ring;
    this.#threading = threading;
    const { secret, given, resultBytes } = work;
    this.#shared = {
      ...{ words: this.#words, ring, given },
      ...{ result: sharedBytes(resultBytes), secret: sharedBytes(secret.length) },
    };
    this.#shared.secret.set(secret);
  }

  /** Whether the bytes that are to come have to be in the ring. */
  get needsRing(): boolean {
    return this.#here === undefined;
  }

  /** How many bytes may be written at the ring's present place: at least one. Waits while it is full. */
  room(): number {
    if (this.#here === undefined && Atomics.load(this.#words, WORD.STATE) !== STATE.OPEN) this.#takeOver();
    while (this.#here === undefined) {
      const worked = this.#worked();
      const free = RING - ((this.#written - worked) >>> 0);
      if (free > 0) return Math.min(free, RING - (this.#written & (RING - 1)));
      if (!this.#waitsWhile(WORD.WORKED, worked)) this.#takeOver();
    }
    return RING - (this.#written & (RING - 1));
  }

  /** Takes in bytes, which are in the ring as well if they have to be: no more of them than there was room for. */
  take(bytes: Uint8Array): void {
    this.#written = (this.#written + bytes.length) | 0;
    if (this.#here !== undefined) {
      this.#here.update(bytes);
      return;
    }
    Atomics.store(this.#words, WORD.WRITTEN, this.#written);
    const waiting = (this.#written - this.#worked()) >>> 0;
    if (this.#thread === undefined && waiting >= WORTHWHILE) this.#start();
    if (waiting >= BATCH) this.#call();
  }

  /** Says that all bytes came. */
  end(): void {
    if (this.#thread === undefined) return;
    Atomics.compareExchange(this.#words, WORD.STATE, STATE.OPEN, STATE.ENDED);
    this.#call();
  }

  /** The result over everything that came; to be asked for once, after {@link end}. */
  result(): Uint8Array {
    if (this.#thread !== undefined) {
      if (this.#waitsWhile(WORD.STATE, STATE.ENDED)) return Uint8Array.from(this.#shared.result);
      this.#takeOver();
    }
    return (this.#here ?? this.#workHere()).finish();
  }

  /** Stops the thread, waits until it has stopped, and overwrites result and key, where they can be reached. */
  wipe(): void {
    this.#here = undefined;
    const state = Atomics.exchange(this.#words, WORD.STATE, STATE.DROPPED);
    this.#call();
    const began = Atomics.compareExchange(this.#words, WORD.WORKER, WORKER.NOBODY, WORKER.CALLER) === WORKER.THREAD;
    if (began && (state === STATE.OPEN || state === STATE.ENDED)) this.#waitsWhile(WORD.STATE, STATE.DROPPED);
    this.#shared.result.fill(0);
    this.#shared.secret.fill(0);
  }

  /** Of all bytes, modulo 2^32. */
  #worked(): number {
    return Atomics.load(this.#words, WORD.WORKED);
  }

  /** It looks at the calls once more before it sleeps, so that none is lost. */
  #call(): void {
    Atomics.add(this.#words, WORD.CALLS, 1);
    if (Atomics.load(this.#words, WORD.ASLEEP) === 1) Atomics.notify(this.#words, WORD.CALLS);
  }

  /** Waits until a word is no longer what it was; no when the thread has failed or answers no more. */
  #waitsWhile(word: number, value: number): boolean {
    const { patience } = this.#threading;
    const began = Atomics.load(this.#words, WORD.WORKER) === WORKER.THREAD;
    const outcome = Atomics.wait(this.#words, word, value, began ? (this.#work.patience ?? patience) : patience);
    return outcome !== 'timed-out' && Atomics.load(this.#words, WORD.STATE) !== STATE.FAILED;
  }

  /**
   * Works here in place of a thread that never began, as where it could open no file of its own: everything is still in the ring,
   * and the thread, should it begin after all, finds its work taken.
   */
  #takeOver(): void {
    const isMine = Atomics.compareExchange(this.#words, WORD.WORKER, WORKER.NOBODY, WORKER.CALLER) === WORKER.NOBODY;
    const state = Atomics.load(this.#words, WORD.STATE);
    if (!isMine || state === STATE.DROPPED || state === STATE.STOPPED)
      throw this.#work.failure(state === STATE.FAILED ? this.#codeOfFailure() : undefined);
    this.#thread = undefined;
    this.#here = this.#workHere();
  }

  /** What the thread wrote in place of the result. */
  #codeOfFailure(): string | undefined {
    return /^E[A-Z0-9_]+/.exec(Buffer.from(this.#shared.result).toString('latin1'))?.[0];
  }

  #start(): void {
    try {
      if (this.#work.maker === undefined) throw new Error('there is none for a thread');
      this.#thread = this.#threading.start(programOf(this.#work.maker), this.#shared);
      this.#thread.once('error', () => Atomics.store(this.#words, WORD.STATE, STATE.FAILED));
    } catch {
      this.#here = this.#workHere();
    }
  }

  /** Does in this thread what no other has done. */
  #workHere(): Consumer {
    const consumer = this.#work.here(this.#shared.secret);
    consumer.update(this.#ring.subarray(0, this.#written));
    return consumer;
  }
}
