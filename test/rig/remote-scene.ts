/** Remotes of every kind before the same accounts, folders and rights, and the server's side of them. */
import { chmod, lstat, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { connect, loadSshKey, type Remote, type SshKey } from '@sealift/transfer';
import { MemoryRemote, MemoryServer } from './memory-remote.ts';
import type { Rig, RigAccount } from './rig.ts';

/** Two who share the operators' rights, a recipient, and another recipient. */
export const NAMES = ['operator', 'purger', 'recipient', 'stranger'] as const;
export type Name = (typeof NAMES)[number];
/** The fingerprints of the two recipients, by account. */
export const RECIPIENTS = { recipient: `${'b'.repeat(51)}a`, stranger: `${'c'.repeat(51)}a` } as const;

/** What a server's administrator, or somebody who broke into it, sees and does. */
export interface ServerSide {
  put(path: string, bytes: Uint8Array | string, modified?: Date): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** A link to a file beside it that everybody may write. */
  makeLink(path: string): Promise<void>;
  /** A link to a name beside it that nothing has. */
  makeDanglingLink(path: string): Promise<void>;
  /** The bytes of a file; otherwise what is there. */
  look(path: string): Promise<Buffer | 'absent' | 'folder' | 'symlink'>;
  /** Whether nothing was written through a link in this folder. */
  isUntouched(folder: string): Promise<boolean>;
}

/** A server with jobs. */
export interface RemoteScene {
  readonly folder: string;
  readonly server: ServerSide;
  as(account: Name): Promise<Remote>;
  prepareJob(job: string): Promise<void>;
  stop(): Promise<void>;
}

const UNTOUCHED = 'untouched';

/** The scene in memory. */
export async function memoryScene(): Promise<RemoteScene> {
  const memory = new MemoryServer();
  const set = async (path: string, kind: 'folder' | 'symlink'): Promise<void> => void memory.nodes.set(path, { kind });
  return {
    folder: '/',
    as: async (account) => new MemoryRemote(memory, account),
    prepareJob: async (job) => {
      memory.makeFolders(`/${job}/out`);
      for (const [account, fingerprint] of Object.entries(RECIPIENTS)) {
        memory.makeFolders(`/${job}/in/${fingerprint}`);
        memory.rightsOf(account).grant(`/${job}/out`, 'read');
        memory.rightsOf(account).grant(`/${job}/in/${fingerprint}`, 'write');
      }
      for (const account of ['operator', 'purger']) {
        memory.rightsOf(account).grant(`/${job}/out`, 'write');
        memory.rightsOf(account).grant(`/${job}/in`, 'read');
      }
    },
    stop: async () => undefined,
    server: {
      put: async (path, bytes, modified) => memory.put(path, bytes, modified),
      makeFolder: (path) => set(path, 'folder'),
      makeLink: (path) => set(path, 'symlink'),
      makeDanglingLink: (path) => set(path, 'symlink'),
      look: async (path) => {
        const found = memory.nodes.get(path);
        return found?.kind === 'file' ? found.bytes : (found?.kind ?? 'absent');
      },
      isUntouched: async (folder) =>
        [memory.nodes.get(`${folder}/victim`), memory.nodes.get(`${folder}/nowhere`)].every((one) => one === undefined),
    },
  };
}

/** The server's side of a rig: its disk. */
function diskOf(root: string, folder: string): ServerSide {
  const local = (path: string): string => join(root, path.slice(folder.replace(/\/$/, '').length));
  return {
    put: async (path, bytes, modified) => {
      await writeFile(local(path), bytes);
      // Whoever reaches it by a link may write to it.
      await chmod(local(path), 0o666);
      if (modified !== undefined) await utimes(local(path), modified, modified);
    },
    makeFolder: (path) => mkdir(local(path)),
    makeLink: async (path) => {
      const victim = join(dirname(local(path)), 'victim');
      await writeFile(victim, UNTOUCHED);
      await chmod(victim, 0o666);
      await symlink('victim', local(path));
    },
    makeDanglingLink: (path) => symlink('nowhere', local(path)),
    look: async (path) => {
      const found = await lstat(local(path)).catch(() => undefined);
      if (found === undefined) return 'absent';
      if (found.isDirectory()) return 'folder';
      return found.isSymbolicLink() ? 'symlink' : readFile(local(path));
    },
    isUntouched: async (folder) => {
      const [victim, nowhere] = await Promise.all(
        ['victim', 'nowhere'].map((name) => readFile(join(local(folder), name), 'utf8').catch(() => undefined)),
      );
      return (victim === undefined || victim === UNTOUCHED) && nowhere === undefined;
    },
  };
}

async function makeKeys(folder: string): Promise<ReadonlyMap<Name, SshKey>> {
  const load = async (name: Name): Promise<[Name, SshKey]> => {
    const path = join(folder, `${name}.key`);
    return [name, await loadSshKey({ path, expectedPublicKey: await writeSshKeyPair(path) })];
  };
  return new Map(await Promise.all(NAMES.map(load)));
}

/** The scene before a test server that speaks SFTP. */
export async function sftpScene(
  start: (options: { readonly accounts: readonly RigAccount[] }) => Promise<Rig>,
): Promise<RemoteScene> {
  const home = await mkdtemp(join(tmpdir(), 'sealift-scene-'));
  const keys = await makeKeys(home);
  const accounts = [...keys].map(([name, key]): RigAccount => {
    const role = name === 'operator' || name === 'purger' ? 'operator' : 'recipient';
    return { name, publicKey: key.publicKey.line, role };
  });
  const rig = await start({ accounts });
  const { host, port, hostKey, folder } = rig;
  return {
    folder,
    server: diskOf(rig.root, folder),
    as: (account) => {
      const key = keys.get(account);
      if (key === undefined) throw new Error('no such account');
      return connect({ host, port, hostKey, account, key });
    },
    prepareJob: (job) =>
      rig.prepareJob(
        job,
        Object.entries(RECIPIENTS).map(([account, fingerprint]) => ({ account, fingerprint })),
      ),
    stop: async () => {
      await rig.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
