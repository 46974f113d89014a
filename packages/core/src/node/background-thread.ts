/**
 * The thread of a {@link BackgroundTask}: what it runs, what it shares with the caller, and how it is started, before there is work for it
 * or when there is.
 */
import { Worker } from 'node:worker_threads';

/** Bytes that may wait for the thread: a power of two, so that counters modulo 2^32 lead to places in it. */
export const RING: number = 1 << 21;
/** From so many bytes on, it is worth waking: every waking is a call of the system on both sides. */
export const BATCH: number = RING >> 2;

/** Words that both sides share. */
export const WORD = {
  /** How often the thread was called. */
  CALLS: 0,
  /** Whether it sleeps (1). */
  ASLEEP: 1,
  /** How many bytes were written, and how many done; both modulo 2^32. */
  WRITTEN: 2,
  WORKED: 3,
  /** What became of it: one of {@link STATE}. */
  STATE: 4,
  /** Who works: one of {@link WORKER}. */
  WORKER: 5,
} as const;

/** What became of the work. */
export const STATE = {
  /** More bytes may come; all came; the result is there. */
  OPEN: 0,
  ENDED: 1,
  DONE: 2,
  /** The thread failed. */
  FAILED: 3,
  /** The result is not wanted any more; the thread knows. */
  DROPPED: 4,
  STOPPED: 5,
} as const;

/** Who works: nobody yet; the thread; the caller, in place of a thread that never began. */
export const WORKER = { NOBODY: 0, THREAD: 1, CALLER: 2 } as const;

/**
 * What the thread runs: it waits for what it is to share, works on a batch, says how far it came, and sleeps while there is less than one. A
 * text, because it has to run from the package, from the command's bundle and from unbuilt sources alike.
 */
export const programOf = (maker: string): string => `
const making = (async () => ${maker})();
making.catch(() => undefined);
const end = ({ words }, state) => {
  Atomics.store(words, ${WORD.STATE}, state);
  Atomics.notify(words, ${WORD.STATE});
  Atomics.notify(words, ${WORD.WORKED});
};
const run = async (consumer, { words, ring, result }) => {
  for (let worked = 0; ; ) {
    const calls = Atomics.load(words, ${WORD.CALLS});
    const state = Atomics.load(words, ${WORD.STATE});
    if (state === ${STATE.DROPPED}) return ${STATE.STOPPED};
    const waiting = (Atomics.load(words, ${WORD.WRITTEN}) - worked) >>> 0;
    if (waiting >= ${BATCH} || (waiting > 0 && state === ${STATE.ENDED})) {
      const at = worked & ${RING - 1};
      const length = Math.min(waiting, ${RING} - at, ${BATCH});
      const going = consumer.update(ring.subarray(at, at + length));
      worked = (worked + length) | 0;
      Atomics.store(words, ${WORD.WORKED}, worked);
      Atomics.notify(words, ${WORD.WORKED});
      if (going instanceof Promise) await going;
    } else if (state === ${STATE.ENDED}) {
      result.set(await consumer.finish());
      return ${STATE.DONE};
    } else {
      Atomics.store(words, ${WORD.ASLEEP}, 1);
      Atomics.wait(words, ${WORD.CALLS}, calls);
      Atomics.store(words, ${WORD.ASLEEP}, 0);
    }
  }
};
const work = async (shared) => {
  const consumer = (await making)(shared.secret, shared.given);
  if (Atomics.compareExchange(shared.words, ${WORD.WORKER}, ${WORKER.NOBODY}, ${WORKER.THREAD}) !== ${WORKER.NOBODY}) return;
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
    end(shared, ${STATE.FAILED});
  }),
);
`;

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

export const THREADING: Threading = {
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

/** Memory that threads share, zeroed. */
export function sharedBytes(length: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(length));
}

/** Words for one thread, all of them zero. */
export function sharedWords(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(Object.keys(WORD).length * Int32Array.BYTES_PER_ELEMENT));
}
