/**
 * The encodings that a source may declare, as tables from a byte to its UTF-8 bytes. All agree with ASCII below 0x80 (UTF-16 after
 * utf16.ts made UTF-8 of it), so that
 * delimiters, quotes, newlines and digits are found without decoding.
 */

import type { SourceEncoding } from '@sealift/core/dataset';
import { firstIllFormed } from './utf8.ts';

/** One encoding, ready to copy with. */
export interface Encoding {
  readonly name: SourceEncoding;
  /** Number of bytes to write for each of the 256 byte values. */
  readonly lengths: Uint8Array;
  /** The bytes to write, {@link MAX_BYTES} places for each byte value. */
  readonly utf8: Uint8Array;
  /** Whether a character may take several bytes, as in UTF-8, which is then copied as it is. */
  readonly multibyte: boolean;
  /** The index of the first byte in `bytes[start, end)` that the encoding leaves undefined, or -1. */
  firstUndefined(bytes: Uint8Array, start: number, end: number): number;
}

/** The most UTF-8 bytes that one source byte becomes. */
export const MAX_BYTES = 3;

/** Stands for a byte value that has no character. */
const UNDEFINED = '\ufffd';

/** Unicode's windows-1252 (CP1252.TXT), 0x80–0x9F; 0x81, 0x8D, 0x8F, 0x90 and 0x9D have no character. The rest is ISO 8859-1. */
const WINDOWS_1252_C1 = `€${UNDEFINED}‚ƒ„…†‡ˆ‰Š‹Œ${UNDEFINED}Ž${UNDEFINED}${UNDEFINED}‘’“”•–—˜™š›œ${UNDEFINED}žŸ`;

/** Where ISO 8859-15 differs from ISO 8859-1. */
const ISO_8859_15_CHANGES: ReadonlyMap<number, string> = new Map([
  [0xa4, '€'],
  [0xa6, 'Š'],
  [0xa8, 'š'],
  [0xb4, 'Ž'],
  [0xb8, 'ž'],
  [0xbc, 'Œ'],
  [0xbd, 'œ'],
  [0xbe, 'Ÿ'],
]);

/** DOS code page 850, 0x80–0xFF (CP850.TXT); soft hyphen and no-break space are spelled out. */
const CP850_HIGH = [
  'ÇüéâäàåçêëèïîìÄÅ',
  'ÉæÆôöòûùÿÖÜø£Ø×ƒ',
  'áíóúñÑªº¿®¬½¼¡«»',
  '░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐',
  '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤',
  'ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀',
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´',
  '\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
].join('');

/** DOS code page 437, 0x80–0xFF (CP437.TXT); no-break space is spelled out. */
const CP437_HIGH = [
  'ÇüéâäàåçêëèïîìÄÅ',
  'ÉæÆôöòûùÿÖÜ¢£¥₧ƒ',
  'áíóúñÑªº¿⌐¬½¼¡«»',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐',
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧',
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩',
  '≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
].join('');

/** Apple's Mac OS Roman, 0x80–0xFF (ROMAN.TXT); no-break space and Apple's own sign, in the private use area, are spelled out. */
const MAC_ROMAN_HIGH = [
  'ÄÅÇÉÑÖÜáàâäãåçéè',
  'êëíìîïñóòôöõúùûü',
  '†°¢£§•¶ß®©™´¨≠ÆØ',
  '∞±≤≥¥µ∂∑∏π∫ªºΩæø',
  '¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ',
  '–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ',
  '‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ',
  '\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
].join('');

const latin1 = (byte: number): string => String.fromCharCode(byte);

/** The encoding of that name. */
export function encodingOf(name: SourceEncoding): Encoding {
  switch (name) {
    case 'utf-8':
    case 'utf-16le':
    case 'utf-16be':
      return utf8Encoding(name);
    case 'windows-1252':
      return singleByte(name, (byte) => WINDOWS_1252_C1[byte - 0x80] ?? latin1(byte));
    case 'iso-8859-1':
      return singleByte(name, latin1);
    case 'iso-8859-15':
      return singleByte(name, (byte) => ISO_8859_15_CHANGES.get(byte) ?? latin1(byte));
    case 'cp437':
      return singleByte(name, (byte) => CP437_HIGH[byte - 0x80] ?? UNDEFINED);
    case 'cp850':
      return singleByte(name, (byte) => CP850_HIGH[byte - 0x80] ?? UNDEFINED);
    case 'mac-roman':
      return singleByte(name, (byte) => MAC_ROMAN_HIGH[byte - 0x80] ?? UNDEFINED);
  }
}

function singleByte(name: SourceEncoding, characterOf: (byte: number) => string): Encoding {
  const { lengths, utf8 } = identityTable();
  const encoder = new TextEncoder();
  for (let byte = 0x80; byte < 0x100; byte++) {
    const character = characterOf(byte);
    const encoded = character === UNDEFINED ? new Uint8Array(0) : encoder.encode(character);
    lengths[byte] = encoded.length;
    utf8.set(encoded, byte * MAX_BYTES);
  }
  const firstUndefined = (bytes: Uint8Array, start: number, end: number): number => {
    for (let at = start; at < end; at++) if (lengths[bytes[at] ?? 0] === 0) return at;
    return -1;
  };
  return { name, lengths, utf8, multibyte: false, firstUndefined };
}

/** UTF-8, and what UTF-16 was made before it was scanned (utf16.ts), is copied byte by byte once it is known to be well-formed. */
function utf8Encoding(name: SourceEncoding): Encoding {
  return { name, ...identityTable(), multibyte: true, firstUndefined: firstIllFormed };
}

function identityTable(): { lengths: Uint8Array; utf8: Uint8Array } {
  const lengths = new Uint8Array(256).fill(1);
  const utf8 = new Uint8Array(256 * MAX_BYTES);
  for (let byte = 0; byte < 256; byte++) utf8[byte * MAX_BYTES] = byte;
  return { lengths, utf8 };
}
