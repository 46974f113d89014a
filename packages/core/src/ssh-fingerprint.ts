/** OpenSSH's fingerprints of SSH public keys, as statements name them. */
import { decodeBase64, encodeBase64 } from './base64.ts';
import { SealiftError } from './errors.ts';
import { sha256 } from './sha256.ts';

/**
 * The fingerprint of a public key line `<type> <base64>`: `SHA256:` and 43 base64 characters (ssh-keygen(1), `-l`).
 * @throws E_SSH_KEY when the line has another form, E_ENCODING when its base64 is not canonical
 */
export function sshKeyFingerprint(line: string): string {
  const [type, blob, ...more] = line.split(' ');
  if (type === undefined || blob === undefined || more.length > 0) {
    throw new SealiftError('E_SSH_KEY', 'an SSH public key is written as its type and its base64', {
      hint: 'take the first two parts of the .pub file',
    });
  }
  return `SHA256:${encodeBase64(sha256(decodeBase64(blob))).replace(/=+$/, '')}`;
}
