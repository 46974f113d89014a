/** The server's host key, pinned by the instructions: there is no trust on first use (design §7). */

import { SealiftError } from '@sealift/core';
import { parseSshPublicKey, type SshKeyType, type SshPublicKey, sameSshKey } from '@sealift/core/ssh';

/** A signature algorithm by which a server proves that it holds its host key. */
export type HostKeyAlgorithm = Exclude<SshKeyType, 'ssh-rsa'> | 'rsa-sha2-512' | 'rsa-sha2-256';

/** A pinned host key. */
export interface HostKey {
  readonly publicKey: SshPublicKey;
  /** The only host key algorithms offered to the server: those of this key's type, never SHA-1 (RFC 8332). */
  readonly algorithms: readonly HostKeyAlgorithm[];
  /** True when the server's key, in SSH's binary encoding, is the pinned one byte for byte. */
  matches(presented: Uint8Array): boolean;
}

function algorithmsOf(type: SshKeyType): readonly HostKeyAlgorithm[] {
  return type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type];
}

/**
 * Pins the host key of the instructions, an OpenSSH public key line.
 *
 * @throws E_HOSTKEY when the pin is empty or is not a public key, so that no connection is ever tried without one.
 */
export function pinHostKey(line: string): HostKey {
  if (line.trim() === '') {
    throw new SealiftError('E_HOSTKEY', 'no host key is pinned', {
      hint: "the instructions must hold the server's public host key, compared with its administrator",
    });
  }
  let publicKey: SshPublicKey;
  try {
    publicKey = parseSshPublicKey(line);
  } catch (cause) {
    const why = cause instanceof SealiftError ? `: ${cause.message}` : '';
    throw new SealiftError('E_HOSTKEY', `the pinned host key can't be used${why}`, {
      hint: "the instructions must hold the server's public host key, compared with its administrator",
      cause,
    });
  }
  return {
    publicKey,
    algorithms: algorithmsOf(publicKey.type),
    matches: (presented) => sameSshKey(publicKey, presented),
  };
}
