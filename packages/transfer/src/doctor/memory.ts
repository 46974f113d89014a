/** Where what is in memory may come to lie on a disk: swap and core dumps. */
import { lstat } from 'node:fs/promises';
import { isEncrypted, mountOf, systemText } from './block-device.ts';
import { type Finding, ok, warn } from './check.ts';

const UNKNOWN = "can't be told on this system";

/** There is no swap, or it is encrypted or in memory. */
export async function checkSwap(): Promise<Finding> {
  const table = await systemText('/proc/swaps');
  const remedy = 'encrypt the swap (dm-crypt), or turn it off while data are handled: swapoff -a';
  if (table === undefined) return warn(`whether memory is written to a disk ${UNKNOWN}`, remedy);
  const open: string[] = [];
  for (const { path, kind } of swapsOf(table)) if (!(await isSafe(path, kind))) open.push(path);
  if (open.length > 0)
    return warn(`memory may be written to a disk that is not known to be encrypted: ${open.join(', ')}`, remedy);
  return ok(swapsOf(table).length === 0 ? 'no swap' : 'encrypted, or in memory');
}

/** The lines of /proc/swaps. */
export function swapsOf(table: string): { readonly path: string; readonly kind: string }[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .flatMap(([path, kind]) => (path !== undefined && kind !== undefined && path !== '' ? [{ path, kind }] : []));
}

async function isSafe(path: string, kind: string): Promise<boolean> {
  if (path.startsWith('/dev/zram')) return true;
  if (kind === 'file') {
    const mount = await mountOf(path);
    return mount !== undefined && (await isEncrypted(mount.device)) === true;
  }
  const device = await lstat(path, { bigint: false }).catch(() => undefined);
  if (device === undefined || !device.isBlockDevice()) return false;
  return (await isEncrypted(deviceNumber(device.rdev))) === true;
}

/** Linux's major and minor number (makedev(3)). */
export function deviceNumber(rdev: number): string {
  const major = ((rdev >>> 8) & 0xfff) + Math.floor(rdev / 2 ** 44) * 0x1000;
  const minor = (rdev & 0xff) + ((Math.floor(rdev / 4096) & 0xfff_ff00) >>> 0);
  return `${major}:${minor}`;
}

/** A crash leaves no copy of the memory. */
export async function checkCoreDumps(): Promise<Finding> {
  const limits = await systemText('/proc/self/limits');
  const pattern = await systemText('/proc/sys/kernel/core_pattern');
  const remedy = 'turn them off while data are handled: ulimit -c 0, and with systemd Storage=none in coredump.conf';
  if (limits === undefined || pattern === undefined)
    return warn(`whether a crash leaves a core dump ${UNKNOWN}`, remedy);
  return judgeCoreDumps(limits, pattern.trim(), remedy);
}

/** From /proc/self/limits and core_pattern: a program that dumps are piped to gets them whatever the limit (core(5)). */
export function judgeCoreDumps(limits: string, pattern: string, remedy: string): Finding {
  if (pattern.startsWith('|')) {
    return pattern === '|/bin/false'
      ? ok('off')
      : warn('a crash hands its memory to a program that may keep it', remedy);
  }
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1];
  return soft === '0' || pattern === '' ? ok('off') : warn('a crash leaves its memory in a file', remedy);
}
