/**
 * The first byte in `bytes[start, end)` that is not part of well-formed UTF-8, or -1.
 * Well-formed is Unicode 17 table 3-7 (RFC 3629 §4): overlong forms, surrogates, values above U+10FFFF and cut sequences are not.
 */
export function firstIllFormed(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(lead);
    if (length === 0 || at + length > end || !wellContinued(bytes, at, lead, length)) return at;
    at += length;
  }
  return -1;
}

/** Bytes of a sequence that starts with `lead`; 0 where none does. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

function wellContinued(bytes: Uint8Array, at: number, lead: number, length: number): boolean {
  // Only the second byte has bounds of its own: they rule out overlong forms, surrogates and values that are too high.
  const second = bytes[at + 1] ?? 0;
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return false;
  for (let index = 2; index < length; index++) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}
