/**
 * Puts {@link GcmEncryption} and {@link GcmDecryption} in the place of ssh2's own ciphers (doc/adr/0024). These are private fields of ssh2, whose version is
 * pinned for it: where one of them is not as it was, ssh2's own stay.
 */
import type { Client } from 'ssh2';
import {
  type GcmCipher,
  GcmDecryption,
  GcmEncryption,
  type GcmKey,
  type NetworkWrite,
  type PayloadUse,
  type TakePayload,
} from './ssh-gcm.ts';

const NONCE_BYTES = 12;
const KEY_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['aes-128-gcm', 16],
  ['aes-256-gcm', 32],
]);

/** A field of something that may be no object. */
function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
}

function isGcm(name: unknown): name is GcmCipher {
  return KEY_BYTES.has(name);
}

function isTaking(value: unknown): value is TakePayload {
  return typeof value === 'function';
}

/** The key that one of ssh2's ciphers holds, if it is what it was. */
function keyOf(
  holder: unknown,
  names: { readonly cipher: string; readonly key: string; readonly nonce: string },
): GcmKey | undefined {
  const [cipher, key, nonce] = [field(holder, names.cipher), field(holder, names.key), field(holder, names.nonce)];
  if (!isGcm(cipher) || !Buffer.isBuffer(key) || !Buffer.isBuffer(nonce)) return undefined;
  if (key.length !== KEY_BYTES.get(cipher) || nonce.length !== NONCE_BYTES) return undefined;
  return { cipher, key, nonce };
}

function encryptionOf(own: unknown, write: NetworkWrite): GcmEncryption | undefined {
  const key = keyOf(own, { cipher: '_encSSLName', key: '_encKey', nonce: '_encIV' });
  const sent = field(own, 'outSeqno');
  if (key === undefined || typeof sent !== 'number' || field(own, '_dead') !== false) return undefined;
  return new GcmEncryption(key, sent, write);
}

function decryptionOf(own: unknown, use: PayloadUse): GcmDecryption | undefined {
  const key = keyOf(own, { cipher: '_decipherSSLName', key: '_decipherKey', nonce: '_decipherIV' });
  const [received, take] = [field(own, 'inSeqno'), field(own, '_onPayload')];
  // Nothing of a packet may have been taken yet.
  const isFresh = field(own, '_lenBytes') === 0 && field(own, '_tagPos') === 0 && field(own, '_pktLen') === 0;
  if (key === undefined || typeof received !== 'number' || !isTaking(take) || !isFresh) return undefined;
  return new GcmDecryption(key, received, take, use);
}

/**
 * To be called when keys were agreed, each time.
 * @param write writes to the connection's socket
 * @param use where it is said whether a payload is needed any more
 * @returns whether both directions are in our hands; if not, neither is
 */
export function takeOverCiphers(client: Client, write: NetworkWrite, use: PayloadUse): boolean {
  const protocol = field(client, '_protocol');
  const encryption = encryptionOf(field(protocol, '_cipher'), write);
  const decryption = decryptionOf(field(protocol, '_decipher'), use);
  if (typeof protocol !== 'object' || protocol === null || encryption === undefined || decryption === undefined)
    return false;
  return Reflect.set(protocol, '_cipher', encryption) && Reflect.set(protocol, '_decipher', decryption);
}
