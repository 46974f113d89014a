/** Node, and how fast this machine seals and hashes. */

import { timeValue, type UtcTime } from '@sealift/core/ids';
import { streamCipher } from '@sealift/core/node';
import { systemText } from './block-device.ts';
import { type Finding, ok, warn } from './check.ts';

/** The last day of each release line (github.com/nodejs/Release, schedule.json). */
const END_OF_LIFE: ReadonlyMap<number, string> = new Map([
  [20, '2026-04-30'],
  [21, '2024-06-01'],
  [22, '2027-04-30'],
  [23, '2025-06-01'],
  [24, '2028-04-30'],
  [25, '2026-06-01'],
  [26, '2029-04-30'],
]);

/** The release line of Node still gets security updates. */
export function checkNode(version: string, now: UtcTime): Finding {
  const end = END_OF_LIFE.get(Number.parseInt(version.slice(1), 10));
  const remedy = 'install a release line of Node that is maintained: https://nodejs.org/en/about/previous-releases';
  if (end === undefined) return warn(`until when ${version} is maintained is not known to this version`, remedy);
  if (now.slice(0, 10) > end) return warn(`${version} is not maintained since ${end}`, remedy);
  return ok(`${version}, maintained until ${end}`);
}

/** Node's own cipher seals; libsodium's does the same, some times slower. Needs `await ready()`. */
export function checkStreamCipher(): Finding {
  const { name } = streamCipher();
  return name === 'node:crypto'
    ? ok(name)
    : warn(`${name}: sealing and opening take longer`, "use Node's official build, whose OpenSSL has ChaCha20");
}

/** The processor has instructions for SHA-256. */
export async function checkShaExtensions(): Promise<Finding> {
  const info = await systemText('/proc/cpuinfo');
  const remedy = 'nothing is wrong: digests take a few times longer';
  if (info === undefined)
    return warn("whether the processor has instructions for SHA-256 can't be told on this system", remedy);
  return /^(?:flags|Features)\s*:.*\b(?:sha_ni|sha2)\b/m.test(info)
    ? ok('the processor has them')
    : warn('the processor has none', remedy);
}

/** How far the server's clock may be from this one's. */
const TOLERANCE_MS = 3_600_000;

/** The clock is right: the server's agrees, or a time service keeps it. `server` is undefined where no server was asked. */
export async function checkClock(now: UtcTime, server: Date | undefined): Promise<Finding> {
  const remedy = 'set the clock by a time service (systemd-timesyncd, chrony): deadlines are counted by it';
  if (server !== undefined) {
    const minutes = Math.round(Math.abs(server.getTime() - timeValue(now)) / 60_000);
    return minutes * 60_000 > TOLERANCE_MS
      ? warn(`${minutes} minutes apart from the server's`, remedy)
      : ok(`within ${Math.max(1, minutes)} minutes of the server's`);
  }
  const kept = await systemText('/run/systemd/timesync/synchronized');
  return kept === undefined ? warn('nothing here confirms it', remedy) : ok('kept by a time service');
}
