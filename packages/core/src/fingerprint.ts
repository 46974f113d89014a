/** Fingerprints: what people read out to each other to make sure that they hold the same keys (doc/format.md §1, §5, §6). */
import { encodeBase32 } from './base32.ts';
import { type Fingerprint, parseFingerprint } from './ids.ts';

/** 32 bytes of SHA-256 as a fingerprint. Throws `E_ENCODING` for another length. */
export function fingerprintText(hash: Uint8Array): Fingerprint {
  return parseFingerprint(encodeBase32(hash));
}

/** A text in groups of four characters, as fingerprints are shown to people. */
export function groupsOfFour(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}
