/** Keyed digests for gigabytes: the same HMAC-SHA-256 as everywhere, by `node:crypto` and in a thread of its own. */
import { type KeyedHash, keyedDigestText } from '../keyed-digest.ts';
import { BackgroundHash } from './background-hash.ts';

/** Begins a keyed digest (doc/format.md §1) under a key of 32 bytes. */
export function nodeKeyedHash(key: Uint8Array): KeyedHash {
  const background = new BackgroundHash(key);
  const hash: KeyedHash = {
    update: (bytes) => {
      background.update(bytes);
      return hash;
    },
    digest: () => keyedDigestText(background.digest()),
    wipe: () => background.wipe(),
  };
  return hash;
}
