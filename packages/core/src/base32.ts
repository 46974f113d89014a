/** Base32 in lower case without padding (RFC 4648 §6; doc/format.md §1): fingerprints, read aloud and safe in file names. */

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** The base32 of bytes; unused bits of the last character are zero. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET.charAt((bits >> held) & 31);
    }
    bits &= 31;
  }
  return held === 0 ? text : text + ALPHABET.charAt((bits << (5 - held)) & 31);
}
