/**
 * The person's own SSH key, from an OpenSSH private key file or an agent. It must be the key that the instructions
 * name for this person (F27): another one is refused before any connection.
 */

import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { SealiftError } from '@sealift/core';
import { closeAfterReading, fileError } from '@sealift/core/node';
import { parseSshPublicBlob, parseSshPublicKey, type SshPublicKey, SshWireReader, sameSshKey } from '@sealift/core/ssh';
import ssh2 from 'ssh2';

/** The digest of an RSA signature; undefined for Ed25519 and ECDSA, whose digest the key decides. */
export type SignatureHash = 'sha256' | 'sha512' | undefined;

/** A key that can sign. The secret stays inside. */
export interface SshKey {
  readonly publicKey: SshPublicKey;
  /** Signs SSH's authentication data. @throws E_SSH_KEY when the key or the agent refuses. */
  sign(data: Uint8Array, hash: SignatureHash): Promise<Uint8Array>;
}

/** Where the key is, and which one it must be. */
export type SshKeySource = {
  /** The OpenSSH public key line of the instructions. */
  readonly expectedPublicKey: string;
} & (
  | {
      /** An OpenSSH private key file. */
      readonly path: string;
      /** Asked only when the file is encrypted and holds the expected key. */
      readonly passphrase?: (() => Promise<string | undefined>) | undefined;
    }
  | {
      /** The agent's socket, as in `SSH_AUTH_SOCK`. */
      readonly agent: string;
    }
);

const MAX_KEY_FILE_BYTES = 64 * 1024;
const FILE_FORM = /^-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----\s*$/;

/** The clear part of a private key file (OpenSSH's PROTOCOL.key). */
interface KeyFileHeader {
  readonly encrypted: boolean;
  readonly publicKey: SshPublicKey;
}

/** A public key by mistake is common: it lies beside the private one, under nearly the same name. */
const PUBLIC_KEY = /^(?:ssh|ecdsa)-/;

function parseKeyFileHeader(text: string): KeyFileHeader {
  if (PUBLIC_KEY.test(text)) {
    throw new SealiftError('E_SSH_KEY', 'the SSH key file holds a public key', {
      hint: 'name the private key, the file without .pub',
    });
  }

  const malformed = new SealiftError('E_SSH_KEY', 'the SSH key file is not an OpenSSH private key', {
    hint: 'ssh-keygen -p -f <file> rewrites an older format',
  });
  const body = Buffer.from(FILE_FORM.exec(text)?.[1] ?? '', 'base64');
  const magic = 'openssh-key-v1\0';
  if (body.toString('latin1', 0, magic.length) !== magic) throw malformed;
  const reader = new SshWireReader(body.subarray(magic.length));
  const cipher = reader.string();
  const derivation = reader.string();
  const derivationOptions = reader.string();
  const keys = reader.uint32();
  const blob = reader.string();
  if (cipher === undefined || derivation === undefined || derivationOptions === undefined) throw malformed;
  if (keys !== 1 || blob === undefined) throw malformed;
  return { encrypted: Buffer.from(cipher).toString('latin1') !== 'none', publicKey: parseSshPublicBlob(blob) };
}

function openError(path: string, cause: unknown): SealiftError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ELOOP') {
    return new SealiftError('E_PERM', `the SSH key file ${path} is a symbolic link`, {
      hint: 'name the file itself',
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new SealiftError('E_NOT_FOUND', `there is no SSH key file ${path}`, { hint: 'check the path', cause });
  }
  return new SealiftError('E_FILE', `the SSH key file ${path} can't be opened`, { cause });
}

async function readPrivateFile(file: FileHandle, path: string): Promise<string> {
  const stat = await file.stat().catch((cause: unknown) => Promise.reject(fileError(cause, 'reading', path)));
  if (!stat.isFile()) throw new SealiftError('E_SSH_KEY', 'the SSH key file is not a regular file');
  if (stat.size > MAX_KEY_FILE_BYTES) throw new SealiftError('E_SSH_KEY', 'the SSH key file is too large for a key');
  const text = await file
    .readFile('latin1')
    .catch((cause: unknown) => Promise.reject(fileError(cause, 'reading', path)));
  // Windows has no such modes; its key files are protected by access control lists.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0 && !PUBLIC_KEY.test(text)) {
    throw new SealiftError('E_PERM', `the SSH key file ${path} can be read by others`, {
      hint: `run: chmod 600 ${path}`,
    });
  }
  return text;
}

async function readKeyFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((cause: unknown) => {
    throw openError(path, cause);
  });
  try {
    return await readPrivateFile(file, path);
  } finally {
    await closeAfterReading(file);
  }
}

function requireExpected(found: SshPublicKey, expected: SshPublicKey): void {
  if (!sameSshKey(found, expected.blob)) {
    throw new SealiftError('E_SSH_KEY', `the SSH key ${found.fingerprint} is not the one of the instructions`, {
      hint: `the instructions name ${expected.fingerprint} for this person`,
    });
  }
}

function unlock(text: string, passphrase: string | undefined): ssh2.ParsedKey {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? undefined : parsed;
  if (key === undefined || key instanceof Error || !key.isPrivateKey()) {
    if (passphrase === undefined) throw new SealiftError('E_SSH_KEY', "the SSH key file can't be read");
    throw new SealiftError('E_PASS', 'the passphrase does not open the SSH key file');
  }
  return key;
}

async function loadFile(
  path: string,
  expected: SshPublicKey,
  passphrase: (() => Promise<string | undefined>) | undefined,
): Promise<SshKey> {
  const text = await readKeyFile(path);
  const header = parseKeyFileHeader(text);
  requireExpected(header.publicKey, expected);
  const secret = header.encrypted ? await passphrase?.() : undefined;
  if (header.encrypted && (secret === undefined || secret === '')) {
    throw new SealiftError('E_PASS', 'the SSH key file is encrypted and no passphrase was given', {
      hint: 'use the agent, or name a file in MIGRATE_SSH_PASSPHRASE_FILE',
    });
  }
  const key = unlock(text, secret);
  // The clear part of the file could name another key than the one it encrypts.
  requireExpected(parseSshPublicBlob(key.getPublicSSH()), expected);
  return {
    publicKey: expected,
    sign: async (data, hash) => {
      const signature: unknown = key.sign(Buffer.from(data), hash);
      if (Buffer.isBuffer(signature)) return signature;
      throw new SealiftError('E_SSH_KEY', "the SSH key can't sign", { cause: signature });
    },
  };
}

function agentError(cause: unknown): SealiftError {
  return new SealiftError('E_SSH_KEY', 'the SSH agent does not answer', {
    hint: 'check SSH_AUTH_SOCK, or name the key file',
    cause,
  });
}

function agentIdentities(agent: ssh2.OpenSSHAgent): Promise<readonly ssh2.ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys) => {
      if (error !== undefined && error !== null) reject(agentError(error));
      else resolve((keys ?? []).flatMap((key) => ('getPublicSSH' in key ? [key] : [])));
    });
  });
}

function agentSign(
  agent: ssh2.OpenSSHAgent,
  key: ssh2.ParsedKey,
  data: Uint8Array,
  hash: SignatureHash,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options: ssh2.SigningRequestOptions = hash === undefined ? {} : { hash };
    agent.sign(key, Buffer.from(data), options, (error, signature) => {
      if (signature === undefined || error instanceof Error) reject(agentError(error));
      else resolve(signature);
    });
  });
}

async function loadFromAgent(socket: string, expected: SshPublicKey): Promise<SshKey> {
  const agent = new ssh2.OpenSSHAgent(socket);
  const key = (await agentIdentities(agent)).find((found) => sameSshKey(expected, found.getPublicSSH()));
  if (key === undefined) {
    throw new SealiftError('E_SSH_KEY', 'the SSH agent does not hold the key of the instructions', {
      hint: `ssh-add the key ${expected.fingerprint}`,
    });
  }
  return { publicKey: expected, sign: (data, hash) => agentSign(agent, key, data, hash) };
}

/**
 * Loads the person's key.
 *
 * @throws E_SSH_KEY when it is not the expected key, is malformed, or the agent does not hold it; E_PASS when its
 * passphrase is missing or wrong; E_PERM when the file can be read by others or is a symbolic link; E_NOT_FOUND, E_FILE
 * when it can't be opened.
 */
export async function loadSshKey(source: SshKeySource): Promise<SshKey> {
  const expected = parseSshPublicKey(source.expectedPublicKey);
  if ('agent' in source) return loadFromAgent(source.agent, expected);
  return loadFile(source.path, expected, source.passphrase);
}
