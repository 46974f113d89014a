/**
 * Work on a run of bytes in threads of its own, one for each piece of work, while the caller goes on. Memory is one ring of fixed size
 * that all share: the caller writes every byte once, and waits while the slowest has it full.
 */
import { BackgroundTask, type Work } from './background-task.ts';
import { RING, sharedBytes, type Threading } from './background-thread.ts';

/** One or several pieces of work over the same bytes, which come one piece after the other. */
export class BackgroundWork {
  readonly #ring: Uint8Array = sharedBytes(RING);
  readonly #tasks: readonly BackgroundTask[];
  #written = 0;

  constructor(works: readonly Work[], threading?: Threading) {
    this.#tasks = works.map((work) => new BackgroundTask(work, this.#ring, threading));
  }

  /** Adds bytes, which may be reused as soon as this returns. Waits while the ring is full. */
  update(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      const part = rest.subarray(0, Math.min(...this.#tasks.map((task) => task.room())));
      if (this.#tasks.some((task) => task.needsRing)) this.#ring.set(part, this.#written % RING);
      this.#written += part.length;
      for (const task of this.#tasks) task.take(part);
      rest = rest.subarray(part.length);
    }
  }

  /** The results over everything added, one for each piece of work; the object can't be used afterwards. */
  finish(): Uint8Array[] {
    try {
      for (const task of this.#tasks) task.end();
      return this.#tasks.map((task) => task.result());
    } finally {
      this.wipe();
    }
  }

  /** Stops the threads, waits until they have stopped, and overwrites bytes and keys, where they can be reached. */
  wipe(): void {
    for (const task of this.#tasks) task.wipe();
    this.#ring.fill(0, 0, Math.min(this.#written, RING));
  }
}
