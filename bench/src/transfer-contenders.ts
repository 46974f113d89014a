/** Who sends and receives: the transfer as a process of its own, and OpenSSH's sftp. */
import { randomFillSync } from 'node:crypto';
import { cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@sealift/core';
import type { FileDigest } from '@sealift/core/statement';
import type { Contender } from './comparison.ts';
import { type OpenSsh, sftpOptions } from './open-ssh.ts';
import { runProgram } from './program.ts';
import type { TransferPlan } from './transfer-program.ts';

/** The name of ours among the contenders. */
export const OURS = 'sealift';
const JOB = 'bench';

const CIPHERS = { defaults: [], 'aes128-gcm': ['-c', 'aes128-gcm@openssh.com'] } as const;
/** OpenSSH's own choice, or the cipher that is fastest on most processors. */
export type Cipher = keyof typeof CIPHERS;

/** What is moved. */
export interface Transfer {
  /** The port may be a proxy's. */
  readonly server: OpenSsh;
  /** A folder for all files. */
  readonly place: string;
  readonly files: readonly FileDigest[];
  readonly way: 'send' | 'receive';
  /** Ours, as one file. */
  readonly program: string;
}

const localOf = (place: string): string => join(place, 'local');
const remoteOf = (place: string): string => join(place, 'server', JOB, 'out');
const receivedOf = (place: string): string => join(place, 'received');
const sentOf = (place: string): string => join(place, 'sent');

/** Writes files of random bytes, here and on the server. */
export async function prepareFiles(place: string, count: number, bytes: number): Promise<FileDigest[]> {
  for (const folder of [localOf(place), remoteOf(place), receivedOf(place), sentOf(place)]) {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(localOf(place));
  const content = Buffer.allocUnsafe(bytes);
  const files: FileDigest[] = [];
  for (let index = 0; index < count; index++) {
    const name = `file-${index}.csv.sealed`;
    await writeFile(join(localOf(place), name), randomFillSync(content));
    files.push({ name, bytes, digest: digestOf(content) });
  }
  await cp(localOf(place), remoteOf(place), { recursive: true });
  return files;
}

/** Sealift's transfer, from start to exit. */
export function ourTransfer({ server, place, files, way, program }: Transfer): Contender {
  const sends = way === 'send';
  const { host, port, hostKey, account, key, publicKey } = server;
  const local = sends ? localOf(place) : receivedOf(place);
  const plan: TransferPlan = {
    ...{ host, port, hostKey, account, key, publicKey },
    ...{ folder: join(place, 'server'), job: JOB, local, files },
  };
  const planFile = join(place, 'plan.json');
  return {
    name: OURS,
    run: async () => {
      await writeFile(planFile, JSON.stringify(plan));
      await empty(sends ? remoteOf(place) : local);
      const { milliseconds } = await runProgram(process.execPath, [
        '--heap-growing-percent=300',
        program,
        way,
        planFile,
      ]);
      await requireFiles(OURS, sends ? remoteOf(place) : local, files);
      return milliseconds;
    },
  };
}

/** OpenSSH's client with one command, which copies the folder. */
export function sftpTransfer({ server, place, files, way }: Transfer, cipher: Cipher): Contender {
  const name = `sftp -r${cipher === 'defaults' ? '' : ` -c ${cipher}`}`;
  const to = way === 'send' ? sentOf(place) : receivedOf(place);
  const batch = join(place, 'batch');
  return {
    name,
    run: async () => {
      const line = way === 'send' ? `put -r ${localOf(place)}/. ${to}` : `get -r ${remoteOf(place)}/. ${to}`;
      await writeFile(batch, `${line}\n`);
      await empty(to);
      const options = await sftpOptions(server, join(place, 'known_hosts'));
      const words = [...options, ...CIPHERS[cipher], '-b', batch, `${server.account}@${server.host}`];
      const { milliseconds } = await runProgram('sftp', words);
      await requireFiles(name, to, files);
      return milliseconds;
    },
  };
}

async function empty(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

/** A contender that leaves anything else than all of the bytes is not measured, but an error. */
async function requireFiles(who: string, folder: string, files: readonly FileDigest[]): Promise<void> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (names.length === files.length && sizes.reduce((sum, size) => sum + size, 0) === bytes) return;
  throw new Error(`${who} left ${names.length} files of ${files.length}, or parts of them`);
}
