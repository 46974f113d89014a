/** Base64 with padding, in its one canonical form (RFC 4648 §4; doc/format.md §1). */
import { SealiftError } from './errors.ts';

/** Unused bits are zero, no white space, padding complete. */
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** The base64 of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** The bytes of a canonical base64 text. Throws `E_ENCODING` for every other form. */
export function decodeBase64(text: string): Uint8Array {
  if (!CANONICAL.test(text)) throw new SealiftError('E_ENCODING', 'a text is not canonical base64');
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
