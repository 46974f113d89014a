/** The disk under the workspace (F34), and where its contents go besides. */
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isEncrypted, isRemovable, mountOf } from './block-device.ts';
import { type Finding, ok, warn } from './check.ts';

/** File systems that lie in memory. */
const MEMORY = new Set(['tmpfs', 'ramfs']);
/** File systems that encrypt by themselves. */
const ENCRYPTING = /^(?:ecryptfs|fuse\.(?:gocryptfs|cryfs|encfs|securefs))$/;
/** File systems of another machine. */
const NETWORK = /^(?:nfs4?|cifs|smb3?|smbfs|afs|ceph|9p|virtiofs|fuse\.(?:sshfs|rclone|s3fs|davfs2?)|davfs)$/;
/** Folders that a program copies elsewhere, by their usual names. */
const SYNCHRONISED =
  /^(?:dropbox.*|onedrive.*|google ?drive|my drive|icloud ?drive|mobile documents|com~apple~clouddocs|nextcloud|owncloud|box(?: sync)?|pcloud ?drive|seafile|syncthing|sync|mega(?:sync)?|kdrive|hubic)$/i;
/** What such programs leave in the folders that they watch. */
const MARKS =
  /^(?:\.dropbox(?:\.cache)?|\.stfolder|\.sync_[0-9a-f]+\.db|\._sync_[0-9a-f]+\.db|\.csync_journal\.db|\.owncloudsync\.log|\.nextcloudsync\.log|\.seafile-data|\.tmp\.drivedownload)$/;

const ENCRYPT =
  'put the workspace on a disk encrypted by LUKS (dm-crypt), FileVault or BitLocker, and let somebody confirm it';

/** The disk is encrypted. Only dm-crypt and a few encrypting file systems are seen. */
export async function checkDiskEncryption(folder: string): Promise<Finding> {
  const mount = await mountOf(folder);
  if (mount === undefined) return warn("whether the disk is encrypted can't be told on this system", ENCRYPT);
  if (MEMORY.has(mount.type)) return ok('the workspace lies in memory');
  if (ENCRYPTING.test(mount.type)) return ok(`the file system encrypts (${mount.type})`);
  const encrypted = await isEncrypted(mount.device);
  if (encrypted === true) return ok('dm-crypt');
  if (encrypted === false) return warn('the disk under the workspace is not encrypted by this system', ENCRYPT);
  return warn(`whether the disk is encrypted can't be told (${mount.type})`, ENCRYPT);
}

/** The disk stays where it is. */
export async function checkRemovable(folder: string): Promise<Finding> {
  const remedy = 'work on a disk that is built in: what can be unplugged can be lost';
  const mount = await mountOf(folder);
  if (mount === undefined) return warn("whether the disk can be unplugged can't be told on this system", remedy);
  if (MEMORY.has(mount.type)) return ok('the workspace lies in memory');
  const removable = await isRemovable(mount.device);
  if (removable === true) return warn('the workspace lies on a disk that can be unplugged', remedy);
  if (removable === false) return ok('built in');
  return warn(`whether the disk can be unplugged can't be told (${mount.type})`, remedy);
}

/** No program copies the folder elsewhere, and it lies on this machine. */
export async function checkSynchronised(folder: string): Promise<Finding> {
  const remedy = 'work in a folder that no program copies elsewhere, on this machine';
  const type = (await mountOf(folder))?.type ?? '';
  if (NETWORK.test(type)) return warn(`the workspace lies on another machine (${type})`, remedy);
  const by = await synchroniser(resolve(folder));
  return by === undefined
    ? ok('no sign of a program that copies it elsewhere')
    : warn(`a program seems to copy this folder elsewhere: ${by}`, remedy);
}

async function synchroniser(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    const name = at.split(/[/\\]/).at(-1) ?? '';
    if (SYNCHRONISED.test(name)) return name;
    const mark = (await readdir(at).catch(() => [])).find((entry) => MARKS.test(entry));
    if (mark !== undefined) return mark;
    if (dirname(at) === at) return undefined;
  }
}

/** The folders and files of a workspace that hold data or decide on it. */
export interface Private {
  readonly workspace: string;
  readonly state: string;
  readonly sources: readonly string[];
}

/** Others can neither read nor replace what lies here. A source dump counts as open only if its folder is, too. */
export async function checkFileModes(
  { workspace, state, sources }: Private,
  platform: NodeJS.Platform = process.platform,
): Promise<Finding> {
  if (platform === 'win32') {
    return warn('access lists are not looked at on Windows', 'see that only your own account may open the workspace');
  }
  const open: string[] = [];
  const modeOf = async (path: string): Promise<number> => (await lstat(path).catch(() => undefined))?.mode ?? 0;
  const isEntered = ((await modeOf(workspace)) & 0o011) !== 0;
  if (((await modeOf(workspace)) & 0o022) !== 0) open.push(workspace);
  for (const path of [join(workspace, 'jobs'), state]) if (((await modeOf(path)) & 0o077) !== 0) open.push(path);
  for (const path of sources) if (isEntered && ((await modeOf(path)) & 0o044) !== 0) open.push(path);
  return open.length === 0
    ? ok('workspace, state and sources are closed to others')
    : warn(`open to others: ${open.join(', ')}`, 'take the rights of group and others away: chmod go-rwx');
}
