/**
 * One piece of work on a run of bytes, in a thread of its own while the caller goes on. The bytes are in a ring of fixed size, which the
 * caller writes. Little is worked on where it is, without a thread; so is everything where no thread can be had.
 */
import { Worker } from 'node:worker_threads';
import type { SealiftError } from '../errors.ts';

/** Bytes that may wait for the thread: a power of two, so that counters modulo 2^32 lead to places in it. */
export const RING: number = 1 << 21;
/** From so many bytes on, a thread is worth its start. */
const WORTHWHILE = RING >> 2;
/** From so many bytes on, it is worth waking: every waking is a call of the system on both sides. */
const BATCH = RING >> 2;

/**
 * Words that both sides share: how often the thread was called, whether it sleeps (1), how many bytes were written and how many done
 * (both modulo 2^32), what became of it, and who works.
 */
const [CALLS, ASLEEP, WRITTEN, WORKED, STATE, WORKER] = [0, 1, 2, 3, 4, 5];
const WORDS = 6;
/** The state: more may come; all came; the result is there; the thread failed; the result is not wanted any more, and the thread knows. */
const [OPEN, ENDED, DONE, FAILED, DROPPED, STOPPED] = [0, 1, 2, 3, 4, 5];
/** Who works: nobody yet; the thread; the caller, in place of a thread that never began. */
const [NOBODY, THREAD, CALLER] = [0, 1, 2];

/**
 * What the thread runs: it waits for what it is to share, works on a batch, says how far it came, and sleeps while there is less than one. A
 * text, because it has to run from the package, from the command's bundle and from unbuilt sources alike.
 */
const programOf = (maker: string): string => `
const making = (async () => ${maker})();
making.catch(() => undefined);
const end = ({ words }, state) => {
  Atomics.store(words, ${STATE}, state);
  Atomics.notify(words, ${STATE});
  Atomics.notify(words, ${WORKED});
};
const run = async (consumer, { words, ring, result }) => {
  for (let worked = 0; ; ) {
    const calls = Atomics.load(words, ${CALLS});
    const state = Atomics.load(words, ${STATE});
    if (state === ${DROPPED}) return ${STOPPED};
    const waiting = (Atomics.load(words, ${WRITTEN}) - worked) >>> 0;
    if (waiting >= ${BATCH} || (waiting > 0 && state === ${ENDED})) {
      const at = worked & ${RING - 1};
      const length = Math.min(waiting, ${RING} - at, ${BATCH});
      const going = consumer.update(ring.subarray(at, at + length));
      worked = (worked + length) | 0;
      Atomics.store(words, ${WORKED}, worked);
      Atomics.notify(words, ${WORKED});
      if (going instanceof Promise) await going;
    } else if (state === ${ENDED}) {
      result.set(await consumer.finish());
      return ${DONE};
    } else {
      Atomics.store(words, ${ASLEEP}, 1);
      Atomics.wait(words, ${CALLS}, calls);
      Atomics.store(words, ${ASLEEP}, 0);
    }
  }
};
const work = async (shared) => {
  const consumer = (await making)(shared.secret, shared.given);
  if (Atomics.compareExchange(shared.words, ${WORKER}, ${NOBODY}, ${THREAD}) !== ${NOBODY}) return;
  shared.secret.fill(0);
  let state;
  try {
    state = await run(consumer, shared);
  } finally {
    await consumer.idle?.();
  }
  end(shared, state);
};
require('node:worker_threads').parentPort.once('message', (shared) =>
  work(shared).catch(({ code }) => {
    shared.result.fill(0);
    shared.result.set(Buffer.from(String(code)).subarray(0, shared.result.length));
    end(shared, ${FAILED});
  }),
);
`;

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

/** What the thread is given: memory that both sides share. */
export interface Shared {
  readonly words: Int32Array;
  readonly ring: Uint8Array;
  readonly result: Uint8Array;
  /** Overwritten once it was read. */
  readonly secret: Uint8Array;
  readonly given: unknown;
}

/** How the thread is had. */
export interface Threading {
  /** Starts it, and gives it what both share as its first message; throws where there are no threads, as under Node's permission model. */
  readonly start: (program: string, shared: Shared) => Worker;
  /** How long it may take to begin, or for a part of the ring, before it is given up, in milliseconds. */
  readonly patience: number;
}

/** The thread holds few objects: its bytes are in the ring. In MiB. */
const LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 } as const;

/** Threads that were started before there was work for them, by what they run. */
const prepared = new Map<string, Worker>();

function newThread(program: string): Worker {
  const thread = new Worker(program, { eval: true, env: {}, execArgv: [], resourceLimits: LIMITS });
  thread.unref();
  return thread;
}

const THREADING: Threading = {
  start: (program, shared) => {
    const thread = prepared.get(program) ?? newThread(program);
    prepared.delete(program);
    thread.postMessage(shared);
    return thread;
  },
  patience: 60_000,
};

/**
 * Starts a thread for work that is to come, so that it is there when the work is; the process may end without it. Where none can be had,
 * it is asked for once more when there is work.
 */
export function prepareThread(maker: string, begin: (program: string) => Worker = newThread): void {
  const program = programOf(maker);
  if (prepared.has(program)) return;
  try {
    const thread = begin(program);
    const forget = (): void => {
      if (prepared.get(program) === thread) prepared.delete(program);
    };
    thread.once('error', forget).once('exit', forget);
    prepared.set(program, thread);
  } catch {
    // The work is done without it.
  }
}

/** One piece of work on the bytes of a ring, which others may work on too. */
export class BackgroundTask {
  readonly #work: Work;
  readonly #shared: Shared;
  readonly #words = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
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
    if (this.#here === undefined && Atomics.load(this.#words, STATE) !== OPEN) this.#takeOver();
    while (this.#here === undefined) {
      const worked = this.#worked();
      const free = RING - ((this.#written - worked) >>> 0);
      if (free > 0) return Math.min(free, RING - (this.#written & (RING - 1)));
      if (!this.#waitsWhile(WORKED, worked)) this.#takeOver();
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
    Atomics.store(this.#words, WRITTEN, this.#written);
    const waiting = (this.#written - this.#worked()) >>> 0;
    if (this.#thread === undefined && waiting >= WORTHWHILE) this.#start();
    if (waiting >= BATCH) this.#call();
  }

  /** Says that all bytes came. */
  end(): void {
    if (this.#thread === undefined) return;
    Atomics.compareExchange(this.#words, STATE, OPEN, ENDED);
    this.#call();
  }

  /** The result over everything that came; to be asked for once, after {@link end}. */
  result(): Uint8Array {
    if (this.#thread !== undefined) {
      if (this.#waitsWhile(STATE, ENDED)) return Uint8Array.from(this.#shared.result);
      this.#takeOver();
    }
    return (this.#here ?? this.#workHere()).finish();
  }

  /** Stops the thread, waits until it has stopped, and overwrites result and key, where they can be reached. */
  wipe(): void {
    this.#here = undefined;
    const state = Atomics.exchange(this.#words, STATE, DROPPED);
    this.#call();
    const began = Atomics.compareExchange(this.#words, WORKER, NOBODY, CALLER) === THREAD;
    if (began && (state === OPEN || state === ENDED)) this.#waitsWhile(STATE, DROPPED);
    this.#shared.result.fill(0);
    this.#shared.secret.fill(0);
  }

  /** Of all bytes, modulo 2^32. */
  #worked(): number {
    return Atomics.load(this.#words, WORKED);
  }

  /** It looks at the calls once more before it sleeps, so that none is lost. */
  #call(): void {
    Atomics.add(this.#words, CALLS, 1);
    if (Atomics.load(this.#words, ASLEEP) === 1) Atomics.notify(this.#words, CALLS);
  }

  /** Waits until a word is no longer what it was; no when the thread has failed or answers no more. */
  #waitsWhile(word: number, value: number): boolean {
    const { patience } = this.#threading;
    const began = Atomics.load(this.#words, WORKER) === THREAD;
    const outcome = Atomics.wait(this.#words, word, value, began ? (this.#work.patience ?? patience) : patience);
    return outcome !== 'timed-out' && Atomics.load(this.#words, STATE) !== FAILED;
  }

  /**
   * Works here in place of a thread that never began, as where it could open no file of its own: everything is still in the ring,
   * and the thread, should it begin after all, finds its work taken.
   */
  #takeOver(): void {
    const isMine = Atomics.compareExchange(this.#words, WORKER, NOBODY, CALLER) === NOBODY;
    const state = Atomics.load(this.#words, STATE);
    if (!isMine || state === DROPPED || state === STOPPED)
      throw this.#work.failure(state === FAILED ? this.#codeOfFailure() : undefined);
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
      this.#thread.once('error', () => Atomics.store(this.#words, STATE, FAILED));
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

/** Memory that threads share, zeroed. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}
