/** What a server offers before anybody logs in: its first line and the algorithms of its key exchange (RFC 4253 §4.2, §7.1). */
import { connect, type Socket } from 'node:net';
import { SealiftError } from '@sealift/core';
import { PATIENCE } from '../patience.ts';
import { SshWire } from './ssh-wire.ts';

/** The lists of a server's SSH_MSG_KEXINIT, both directions of ciphers and MACs taken together. */
export interface ServerOffer {
  /** Such as `SSH-2.0-OpenSSH_9.2p1 Debian-2`. */
  readonly software: string;
  readonly kex: readonly string[];
  readonly hostKeys: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
}

const KEXINIT = 20;
const COOKIE_BYTES = 16;
const MAX_BYTES = 256 << 10;

/**
 * Reads the offer and hangs up: one connection, nothing said but a version line.
 * @throws E_REMOTE when nothing answers within so many milliseconds, or what answers is no SSH server
 */
export async function readServerOffer(host: string, port: number, wait: number = PATIENCE.knock): Promise<ServerOffer> {
  const socket = connect({ host, port });
  // For all of it: a server that says a byte at a time is not listened to for long.
  const late = setTimeout(() => socket.destroy(new Error('timeout')), wait);
  try {
    socket.write('SSH-2.0-sealift\r\n');
    return await offerOf(socket);
  } catch (cause) {
    if (cause instanceof SealiftError) throw cause;
    throw noServer(host, port, cause);
  } finally {
    clearTimeout(late);
    socket.destroy();
  }
}

function noServer(host: string, port: number, cause?: unknown): SealiftError {
  return new SealiftError('E_REMOTE', `no SSH server answers at ${host}:${port}`, {
    hint: 'check host and port in the instructions, the network and the firewall',
    cause,
  });
}

async function offerOf(socket: Socket): Promise<ServerOffer> {
  let bytes = Buffer.alloc(0);
  for await (const piece of socket) {
    if (Buffer.isBuffer(piece)) bytes = Buffer.concat([bytes, piece]);
    if (bytes.length > MAX_BYTES) break;
    const offer = readOffer(bytes);
    if (offer !== undefined) return offer;
  }
  throw new Error('no key exchange');
}

/** The offer in what a server sent so far; undefined while it is incomplete. */
export function readOffer(bytes: Buffer): ServerOffer | undefined {
  const text = bytes.toString('latin1');
  const line = /(?:^|\n)(SSH-[^\n]*?)\r?\n/.exec(text);
  const software = line?.[1];
  if (line === null || software === undefined) return undefined;
  const packet = bytes.subarray(line.index + line[0].length);
  if (packet.length < 6) return undefined;
  const length = packet.readUInt32BE(0);
  if (length > MAX_BYTES) throw new Error('no key exchange');
  if (packet.length < 4 + length) return undefined;
  if (packet[5] !== KEXINIT) throw new Error('no key exchange');
  const wire = new SshWire(packet.subarray(6 + COOKIE_BYTES, 4 + length));
  const [kex, hostKeys, cipherIn, cipherOut, macIn, macOut] = Array.from({ length: 6 }, () => wire.names());
  return {
    software,
    kex: kex ?? [],
    hostKeys: hostKeys ?? [],
    ciphers: both(cipherIn, cipherOut),
    macs: both(macIn, macOut),
  };
}

const both = (a: readonly string[] = [], b: readonly string[] = []): string[] => [...new Set([...a, ...b])];
