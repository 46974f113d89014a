/**
 * SHA-256 and HMAC-SHA-256 in a thread of their own: of the work on a sealed file the digests are more than half, and neither has to
 * wait for the cipher.
 */
import { createHash, createHmac } from 'node:crypto';
import { SealiftError } from '../errors.ts';
import type { Consumer, Work } from './background-task.ts';
import { prepareThread, type Threading } from './background-thread.ts';
import { BackgroundWork } from './background-work.ts';

const DIGEST_BYTES = 32;

/** Makes what hashes in the thread; {@link hashHere} is the same. */
export const HASHING = `(secret) => {
  const { createHash, createHmac } = require('node:crypto');
  const hash = secret.length === 0 ? createHash('sha256') : createHmac('sha256', secret);
  return { update: (bytes) => hash.update(bytes), finish: () => hash.digest() };
}`;

function hashHere(key: Uint8Array): Consumer {
  const hash = key.length === 0 ? createHash('sha256') : createHmac('sha256', key);
  return { update: (bytes) => hash.update(bytes), finish: () => hash.digest() };
}

/** The work that is SHA-256 of bytes; or, with a key, which is copied, HMAC-SHA-256. */
export function hashing(key: Uint8Array = new Uint8Array(0)): Work {
  return { maker: HASHING, here: hashHere, secret: key, resultBytes: DIGEST_BYTES, failure: stopped };
}

/** What is hashed to see how long it takes, and how long that may be, in milliseconds: three times as long as with instructions for it. */
const [SAMPLE_BYTES, QUICK_MS, TRIES] = [1 << 16, 0.12, 3];

/**
 * Whether SHA-256 takes long here: processors without instructions for it need several times as long, and nothing else tells.
 * @param now the time in milliseconds
 */
export function isHashingSlow(now: () => number = () => performance.now()): boolean {
  const sample = new Uint8Array(SAMPLE_BYTES);
  for (let tried = 0; tried < TRIES; tried += 1) {
    const began = now();
    createHash('sha256').update(sample).digest();
    if (now() - began < QUICK_MS) return false;
  }
  return true;
}

/** A hash over bytes that come one piece after the other, computed while the caller goes on. */
export class BackgroundHash {
  readonly #work: BackgroundWork;

  /** SHA-256; or, with a key, which is copied, HMAC-SHA-256. */
  constructor(key?: Uint8Array, threading?: Threading) {
    this.#work = new BackgroundWork([hashing(key)], threading);
  }

  /** Starts the thread that the next one will want, so that it is there when there are bytes: what starts slowly is waited for otherwise. */
  static prepare(): void {
    prepareThread(HASHING);
  }

  /** Adds bytes, which may be reused as soon as this returns. Waits while too many wait to be hashed. */
  update(bytes: Uint8Array): this {
    this.#work.update(bytes);
    return this;
  }

  /** The 32 bytes of the digest of everything added; the object can't be used afterwards. @throws E_INTERNAL when the thread stopped */
  digest(): Uint8Array {
    const [digest] = this.#work.finish();
    if (digest === undefined) throw stopped();
    return digest;
  }

  /** Stops the thread and overwrites bytes and key, where they can be reached; nothing is computed afterwards. */
  wipe(): void {
    this.#work.wipe();
  }
}

function stopped(): SealiftError {
  return new SealiftError('E_INTERNAL', 'the thread that computes a digest stopped', {
    hint: 'run the command again; if it happens again, report it',
  });
}
