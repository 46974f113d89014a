/** SSH key pairs for machines without ssh-keygen. */

import { writeFile } from 'node:fs/promises';
import ssh2 from 'ssh2';

/** An Ed25519 key pair in OpenSSH's formats. */
export interface SshKeyPair {
  /** The private key file's text, not encrypted. */
  readonly privateKey: string;
  /** `ssh-ed25519 <base64>`, without a comment. */
  readonly publicKey: string;
}

function isSound(privateKey: string, publicKey: string): boolean {
  const secret = ssh2.utils.parseKey(privateKey);
  const open = ssh2.utils.parseKey(publicKey);
  return !(secret instanceof Error) && !(open instanceof Error) && secret.getPublicSSH().equals(open.getPublicSSH());
}

/** Makes a new Ed25519 key pair. */
export function newSshKeyPair(): SshKeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    const publicKey = pair.public.trim();
    // ssh2 1.17 cuts a leading zero byte off the public key, so that one pair in 256 can't be read by anyone.
    if (isSound(pair.private, publicKey)) return { privateKey: pair.private, publicKey };
  }
}

/**
 * Writes a new Ed25519 key pair to `path` (mode 0600, never over an existing file) and `<path>.pub`, and returns the
 * public key line.
 */
export async function writeSshKeyPair(path: string): Promise<string> {
  const pair = newSshKeyPair();
  await writeFile(path, pair.privateKey, { mode: 0o600, flag: 'wx' });
  await writeFile(`${path}.pub`, `${pair.publicKey}\n`, { mode: 0o644, flag: 'wx' });
  return pair.publicKey;
}
