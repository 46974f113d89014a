/**
 * The doctor on machines that are set up well and badly: the built command, in namespaces of its own where the kernel's tables say what
 * they would say there. Sockets, limits, mounts and devices are real.
 */
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MIGRATE } from '@sealift/demo/actor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountOf } from '../packages/transfer/src/doctor/block-device.ts';
import { requireOutput } from './rig/output.ts';

const MOUNT = ['--mount', '--net', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'];
const canMount = process.platform === 'linux' && spawnSync('unshare', MOUNT).status === 0;

/** The numbers of a block device that exists on no machine. */
const SWAP_DEVICE = ['253', '250'] as const;
const SWAPS = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly found: string;
  readonly remedy?: string;
}

/** What a machine's tables say, by the names under which they are laid over the kernel's. */
interface Tables {
  readonly swaps: string;
  readonly 'core-pattern': string;
  readonly cpuinfo: string;
  /** By number: what stands in `dm/uuid`, empty for a disk that device mapper did not make. */
  readonly devices: Readonly<Record<string, string>>;
}

describe.skipIf(!canMount)('the doctor on this machine', () => {
  let base: string;
  let workspace: string;
  let device: string;
  let well: readonly Finding[];
  let badly: readonly Finding[];
  const listener = createServer();
  const local = createServer();
  const portOf = (server: typeof listener): number => (server.address() as AddressInfo).port;

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'sealift-machine-'));
    workspace = join(base, 'workspace');
    await mkdir(workspace, { mode: 0o700 });
    device = (await mountOf(workspace))?.device ?? '';
    listener.listen(0, '0.0.0.0');
    local.listen(0, '127.0.0.1');
    await Promise.all([once(listener, 'listening'), once(local, 'listening')]);
    await makeSwapDevice();
    well = await machineSetUpWell();
    badly = await machineSetUpBadly();
  });
  afterAll(async () => {
    listener.close();
    local.close();
    await rm(base, { recursive: true, force: true });
  });

  const swapDevice = (): string => join(base, 'swap');
  async function makeSwapDevice(): Promise<void> {
    await promisify(execFile)('mknod', [swapDevice(), 'b', ...SWAP_DEVICE]);
  }

  /** Lays out tables in a folder of their own. */
  async function layOut(name: string, { devices, ...tables }: Tables): Promise<string> {
    const folder = join(base, name);
    await mkdir(join(folder, 'block'), { recursive: true });
    for (const [number, uuid] of Object.entries(devices)) {
      await mkdir(join(folder, 'devices', number, 'dm'), { recursive: true });
      if (uuid !== '') await writeFile(join(folder, 'devices', number, 'dm', 'uuid'), uuid);
      await symlink(join(folder, 'devices', number), join(folder, 'block', number));
    }
    for (const [table, text] of Object.entries(tables)) await writeFile(join(folder, table), text);
    return folder;
  }

  /** Runs the doctor where these tables are laid over the kernel's, after some lines of shell. */
  async function doctor(
    tables: string,
    setUp: readonly string[],
    options: { net: boolean; preload?: string },
  ): Promise<Finding[]> {
    const script = [
      'set -e',
      `mount --bind ${tables}/swaps /proc/swaps`,
      `mount --bind ${tables}/core-pattern /proc/sys/kernel/core_pattern`,
      `mount --bind ${tables}/cpuinfo /proc/cpuinfo`,
      `mount --bind ${tables}/block /sys/dev/block`,
      'mount -t tmpfs tmpfs /run',
      ...setUp,
      'exec "$@"',
    ].join('\n');
    const namespaces = ['--mount', ...(options.net ? ['--net'] : [])];
    const words = [...namespaces, 'sh', '-c', script, 'sh', process.execPath];
    const preload = options.preload === undefined ? [] : ['--import', options.preload];
    const { stdout } = await promisify(execFile)('unshare', [...words, ...preload, MIGRATE, 'doctor', '--json'], {
      cwd: workspace,
      env: { PATH: process.env['PATH'], HOME: base, XDG_STATE_HOME: join(base, 'state') },
    });
    return requireOutput('doctor', stdout)['checks'] as Finding[];
  }

  /** Encrypted, without a network, its clock kept by a service, and no dumps. */
  async function machineSetUpWell(): Promise<Finding[]> {
    const crypt = 'CRYPT-LUKS2-0123456789abcdef-disk';
    const tables = await layOut('well', {
      swaps: `${SWAPS}/dev/zram0 partition 1024 0 100\n${swapDevice()} partition 1024 0 -2\n`,
      'core-pattern': 'core\n',
      cpuinfo: 'processor\t: 0\nflags\t\t: fpu sse2 sha_ni avx2\n',
      devices: { [device]: crypt, [SWAP_DEVICE.join(':')]: crypt },
    });
    const service = ['mkdir -p /run/systemd/timesync', ': > /run/systemd/timesync/synchronized'];
    return doctor(tables, [...service, 'ulimit -c 0'], { net: true });
  }

  /** Nothing is encrypted, a port is open, dumps are handed on, no service keeps the clock, and OpenSSL lacks ChaCha20. */
  async function machineSetUpBadly(): Promise<Finding[]> {
    const tables = await layOut('badly', {
      swaps: `${SWAPS}${swapDevice()} partition 1024 0 -2\n`,
      'core-pattern': '|/usr/lib/systemd/systemd-coredump %P\n',
      cpuinfo: 'processor\t: 0\nflags\t\t: fpu sse2 avx2\n',
      devices: { [device]: '', [SWAP_DEVICE.join(':')]: 'LVM-0123456789abcdef' },
    });
    const preload = join(base, 'without-chacha20.mjs');
    await writeFile(preload, WITHOUT_CHACHA20);
    return doctor(tables, [], { net: false, preload });
  }

  const of = (findings: readonly Finding[], name: string): Finding =>
    findings.find(({ check }) => check === name) ?? expect.fail(`no check ${name}`);

  it.each([
    ['F33 finds that nothing listens', 'listening-sockets', 'nothing listens to other machines'],
    ['F34 finds that the disk is encrypted', 'disk-encryption', 'dm-crypt'],
    ['F34 finds that swap is encrypted, or in memory', 'swap', 'encrypted, or in memory'],
    ['F34 finds that a crash leaves nothing', 'core-dumps', 'off'],
    ['F25 finds that a service keeps the clock', 'clock', 'kept by a time service'],
    ["F25 finds that Node's cipher is in use", 'stream-cipher', 'node:crypto'],
    ['F25 finds that the processor hashes fast', 'sha-extensions', 'the processor has them'],
  ])('%s', (_, check, found) => {
    expect(of(well, check)).toMatchObject({ verdict: 'ok', found });
    expect(of(well, check).remedy).toBeUndefined();
  });

  it.each([
    [
      'F34 warns of an open disk',
      'disk-encryption',
      'the disk under the workspace is not encrypted by this system',
      'LUKS',
    ],
    ['F34 warns of swap on an open disk', 'swap', 'memory may be written to a disk', 'swapoff'],
    ['F34 warns of a program that takes dumps', 'core-dumps', 'a crash hands its memory to a program', 'ulimit -c 0'],
    ['F25 warns of a clock that nothing keeps', 'clock', 'nothing here confirms it', 'time service'],
    ['F25 warns of an OpenSSL without the cipher', 'stream-cipher', 'libsodium', 'official build'],
    ['F25 warns of a processor that hashes slowly', 'sha-extensions', 'the processor has none', 'nothing is wrong'],
  ])('%s', (_, check, found, remedy) => {
    expect(of(badly, check)).toMatchObject({
      verdict: 'warn',
      found: expect.stringContaining(found),
      remedy: expect.stringContaining(remedy),
    });
  });

  it('F33 warns of a socket that other machines reach, by its port, and not of one on loopback', () => {
    const { verdict, found, remedy } = of(badly, 'listening-sockets');
    const ports = found.match(/\d+/g)?.map(Number);
    expect(verdict).toBe('warn');
    expect(ports).toContain(portOf(listener));
    expect(ports).not.toContain(portOf(local));
    expect(remedy).toContain('loopback');
  });

  it('F34 warns of a swap file on an open disk', async () => {
    const tables = await layOut('file', {
      swaps: `${SWAPS}${join(base, 'swapfile')} file 1024 0 -2\n`,
      'core-pattern': 'core\n',
      cpuinfo: 'processor\t: 0\n',
      devices: { [device]: '' },
    });
    await writeFile(join(base, 'swapfile'), '');
    const findings = await doctor(tables, ['ulimit -c unlimited'], { net: true });
    expect(of(findings, 'swap')).toMatchObject({ verdict: 'warn', found: expect.stringContaining('swapfile') });
    expect(of(findings, 'core-dumps')).toMatchObject({ verdict: 'warn', found: 'a crash leaves its memory in a file' });
  });

  it('F34 finds that a workspace in memory needs no encryption', async () => {
    const tables = await layOut('memory', {
      swaps: SWAPS,
      'core-pattern': '|/bin/false\n',
      cpuinfo: 'processor\t: 0\n',
      devices: { [device]: '' },
    });
    const memory = [`mount -t tmpfs tmpfs ${workspace}`, `cd ${workspace}`];
    const findings = await doctor(tables, memory, { net: true });
    expect(of(findings, 'disk-encryption')).toMatchObject({ verdict: 'ok', found: 'the workspace lies in memory' });
    expect(of(findings, 'swap')).toMatchObject({ verdict: 'ok', found: 'no swap' });
    expect(of(findings, 'core-dumps')).toMatchObject({ verdict: 'ok' });
  });
});

/** Preloaded: Node's OpenSSL as it is where it was built without ChaCha20. */
const WITHOUT_CHACHA20 = `
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
for (const name of ['createCipheriv', 'createDecipheriv']) {
  const real = crypto[name];
  crypto[name] = (algorithm, ...rest) => {
    if (String(algorithm).startsWith('chacha20')) throw new Error('Unknown cipher');
    return real(algorithm, ...rest);
  };
}
syncBuiltinESMExports();
`;
