/** Well-formed UTF-8: Unicode 17 table 3-7 (RFC 3629 §4). Overlong forms, surrogates, values above U+10FFFF and cut sequences are not. */

/** The address of the first byte from `start` to before `end` that is not part of a well-formed sequence, or 0. */
export function firstIllFormed(start: u32, end: u32): u32 {
  let address = start;
  while (address < end) {
    const lead = <u32>load<u8>(address);
    if (lead < 0x80) {
      address++;
      continue;
    }
    const length = sequenceLength(lead);
    if (length == 0 || address + length > end || !isContinued(address, lead, length)) return address;
    address += length;
  }
  return 0;
}

/** Bytes of a sequence that starts with `lead`; 0 where none does. */
function sequenceLength(lead: u32): u32 {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
}

/** Only the second byte has bounds of its own: they rule out overlong forms, surrogates and values that are too high. */
function isContinued(address: u32, lead: u32, length: u32): bool {
  const second = <u32>load<u8>(address, 1);
  const lowest: u32 = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const highest: u32 = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (second < lowest || second > highest) return false;
  for (let index: u32 = 2; index < length; index++) {
    if ((load<u8>(address + index) & 0xc0) != 0x80) return false;
  }
  return true;
}
