/**
 * The SSH algorithms that Sealift offers, and no others: what a server can't do with these is refused, never
 * negotiated down. No SHA-1, no CBC, no MAC over plaintext, no finite-field groups under 4096 bits.
 */

import { SealiftError } from '@sealift/core';
import type { Algorithms, CipherAlgorithm, KexAlgorithm, MacAlgorithm, NegotiatedAlgorithms } from 'ssh2';
import type { HostKeyAlgorithm } from './host-key.ts';

/** Key exchange, best first (RFC 8731, RFC 5656, RFC 8268). */
const KEX: readonly KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
];

/** Sound with or without strict key exchange, and the fastest of Node's ciphers (RFC 5647). */
const GCM: readonly CipherAlgorithm[] = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'];

/** Only under strict key exchange: a prefix of the stream could be cut off otherwise (Terrapin, CVE-2023-48795). */
const STRICT_ONLY: readonly CipherAlgorithm[] = ['aes256-ctr', 'aes128-ctr', 'chacha20-poly1305@openssh.com'];

const MAC: readonly MacAlgorithm[] = ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'];

/** All that Sealift takes, for a server that offers nothing else. */
export const SOUND: {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
} = {
  kex: KEX,
  ciphers: [...GCM, ...STRICT_ONLY],
  macs: MAC,
};

/** What was agreed with the server, for the delivery statement. */
export interface SessionAlgorithms {
  readonly kex: string;
  readonly cipher: string;
  /** `implicit` when the cipher authenticates by itself. */
  readonly mac: string;
}

/** What is offered to a server whose pinned host key proves itself by `hostKeyAlgorithms`. Never compression. */
export function offeredAlgorithms(hostKeyAlgorithms: readonly HostKeyAlgorithm[]): Algorithms {
  return {
    kex: [...KEX],
    cipher: [...GCM, ...STRICT_ONLY],
    hmac: [...MAC],
    serverHostKey: [...hostKeyAlgorithms],
    compress: ['none'],
  };
}

/**
 * Checks what was negotiated, before authentication.
 *
 * @param strict whether both sides agreed on strict key exchange
 * @throws E_ALGO when the cipher is only sound under strict key exchange and the server does not do that.
 */
export function checkNegotiated(negotiated: NegotiatedAlgorithms, strict: boolean): SessionAlgorithms {
  for (const { cipher } of [negotiated.cs, negotiated.sc]) {
    if (!strict && !GCM.includes(cipher)) {
      throw new SealiftError('E_ALGO', `the server offers ${cipher} without strict key exchange`, {
        hint: 'ask its administrator for aes128-gcm@openssh.com, or for a server without CVE-2023-48795',
      });
    }
  }
  return {
    kex: negotiated.kex,
    cipher: negotiated.cs.cipher,
    mac: negotiated.cs.mac === '' ? 'implicit' : negotiated.cs.mac,
  };
}

/** Whether what a server offers holds a combination that Sealift would take. */
export function isSound(offer: {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  /** Whether the server does strict key exchange. */
  readonly strict: boolean;
}): boolean {
  const some = (own: readonly string[], theirs: readonly string[]): boolean =>
    own.some((name) => theirs.includes(name));
  if (!some(KEX, offer.kex)) return false;
  if (some(GCM, offer.ciphers)) return true;
  return offer.strict && some(STRICT_ONLY, offer.ciphers) && some(MAC, offer.macs);
}
