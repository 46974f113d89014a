/** What a folder's disk is, as far as Linux tells: /proc/self/mountinfo (proc(5)) and /sys/dev/block (sysfs). */
import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The mount that holds a folder. */
export interface Mount {
  readonly point: string;
  /** Such as `ext4`, `tmpfs`, `nfs4`. */
  readonly type: string;
  /** Major and minor number, as `8:1`. */
  readonly device: string;
}

/** Reads a file of the system, as text; undefined where it can't be read. */
export async function systemText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** The mount of a folder; undefined where the system doesn't tell. */
export async function mountOf(folder: string): Promise<Mount | undefined> {
  const table = await systemText('/proc/self/mountinfo');
  const path = await realpath(folder).catch(() => undefined);
  if (table === undefined || path === undefined) return undefined;
  return deepestMount(table, path);
}

/** The deepest mount of a mountinfo table that holds a path; of two at one point, the later one. */
export function deepestMount(table: string, path: string): Mount | undefined {
  let found: Mount | undefined;
  for (const line of table.split('\n')) {
    const mount = readMount(line);
    if (mount === undefined || !holds(mount.point, path)) continue;
    if (found === undefined || mount.point.length >= found.point.length) found = mount;
  }
  return found;
}

function readMount(line: string): Mount | undefined {
  const [before = '', after = ''] = line.split(' - ');
  const [, , device, , point] = before.split(' ');
  const [type] = after.split(' ');
  if (device === undefined || point === undefined || type === undefined || type === '') return undefined;
  // The kernel writes space, tab, newline and backslash in octal.
  return {
    device,
    type,
    point: point.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
  };
}

const holds = (point: string, path: string): boolean =>
  path === point || path.startsWith(point.endsWith('/') ? point : `${point}/`);

/** Whether every disk under a block device is encrypted by dm-crypt; undefined where the system doesn't tell. */
export async function isEncrypted(device: string, sys = '/sys'): Promise<boolean | undefined> {
  const folder = join(sys, 'dev', 'block', device);
  const uuid = await systemText(join(folder, 'dm', 'uuid'));
  if (uuid?.startsWith('CRYPT-') === true) return true;
  const slaves = await readdir(join(folder, 'slaves')).catch(() => undefined);
  // A partition has no slaves of its own, and neither has a disk.
  if (slaves === undefined || slaves.length === 0) return (await isThere(folder)) ? false : undefined;
  for (const slave of slaves) {
    const below = (await systemText(join(folder, 'slaves', slave, 'dev')))?.trim();
    const encrypted = below === undefined ? undefined : await isEncrypted(below, sys);
    if (encrypted !== true) return encrypted;
  }
  return true;
}

/** Whether a block device can be unplugged: it says so itself, or hangs on USB. Undefined where the system doesn't tell. */
export async function isRemovable(device: string, sys = '/sys'): Promise<boolean | undefined> {
  const path = await realpath(join(sys, 'dev', 'block', device)).catch(() => undefined);
  if (path === undefined) return undefined;
  // Of a partition, the disk's own folder is the one above.
  const flags = await Promise.all([path, dirname(path)].map((folder) => systemText(join(folder, 'removable'))));
  return /\/usb\d/.test(path) || flags.some((flag) => flag?.trim() === '1');
}

async function isThere(link: string): Promise<boolean> {
  return readlink(link).then(
    () => true,
    () => false,
  );
}
