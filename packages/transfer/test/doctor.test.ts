/** What the doctor reads from a server's first packet and from the tables of Linux. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUtcTime } from '@sealift/core/ids';
import { afterAll, describe, expect, it } from 'vitest';
import { checkAlgorithms } from '../src/doctor/algorithm-check.ts';
import { deepestMount, isEncrypted, isRemovable } from '../src/doctor/block-device.ts';
import { checkFileModes, checkSynchronised } from '../src/doctor/disk.ts';
import { openPorts } from '../src/doctor/listening.ts';
import { deviceNumber, judgeCoreDumps, swapsOf } from '../src/doctor/memory.ts';
import { checkClock, checkNode } from '../src/doctor/runtime.ts';
import { readOffer, type ServerOffer } from '../src/doctor/server-offer.ts';

const folder = mkdtempSync(join(tmpdir(), 'sealift-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const GOOD: ServerOffer = {
  software: 'SSH-2.0-OpenSSH_9.2',
  kex: ['curve25519-sha256', 'kex-strict-s-v00@openssh.com'],
  hostKeys: ['ssh-ed25519'],
  ciphers: ['aes256-ctr', 'aes128-gcm@openssh.com'],
  macs: ['hmac-sha2-512-etm@openssh.com'],
};

describe("a server's offer", () => {
  function packet(lists: readonly string[]): Buffer {
    const names = lists.map((list) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(list.length);
      return Buffer.concat([length, Buffer.from(list)]);
    });
    const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16), ...names, Buffer.alloc(5)]);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(payload.length + 5);
    head[4] = 4;
    return Buffer.concat([head, payload, Buffer.alloc(4)]);
  }

  it('is read after the lines that may come before, once it is whole', () => {
    const sent = packet(['a,b', 'ssh-ed25519', 'c', 'c,d', 'm', '', 'none', 'none', '', '']);
    const bytes = Buffer.concat([Buffer.from('be warned\r\nSSH-2.0-Other_1\r\n'), sent]);
    expect(readOffer(bytes)).toEqual({
      software: 'SSH-2.0-Other_1',
      kex: ['a', 'b'],
      hostKeys: ['ssh-ed25519'],
      ciphers: ['c', 'd'],
      macs: ['m'],
    });
    for (let length = 0; length < bytes.length; length++) expect(readOffer(bytes.subarray(0, length))).toBeUndefined();
  });

  it.each([
    ['ok', {}],
    ['fail', { ciphers: ['aes128-gcm@openssh.com', 'aes128-cbc'] }],
    ['fail', { kex: ['curve25519-sha256', 'diffie-hellman-group1-sha1'] }],
    ['fail', { hostKeys: ['ssh-ed25519', 'ssh-rsa'] }],
    ['fail', { macs: ['hmac-md5'] }],
    ['fail', { kex: ['curve25519-sha256'], ciphers: ['aes256-ctr'] }],
    ['fail', { kex: ['diffie-hellman-group14-sha256'] }],
    ['warn', { macs: ['hmac-sha2-256', 'hmac-sha1'] }],
  ] as const)('is %s with %j', (verdict, change) => {
    expect(checkAlgorithms({ ...GOOD, ...change }).verdict).toBe(verdict);
  });
});

describe('this machine', () => {
  it('the deepest mount holds a folder, and its name may have spaces', () => {
    const table = [
      '21 1 8:1 / / rw - ext4 /dev/sda1 rw',
      '22 21 253:0 / /home rw - ext4 /dev/dm-0 rw',
      '23 22 0:44 / /home/my\\040data rw - nfs4 server:/x rw',
    ].join('\n');
    expect(deepestMount(table, '/home/x')).toMatchObject({ device: '253:0', type: 'ext4' });
    expect(deepestMount(table, '/homes')).toMatchObject({ device: '8:1' });
    expect(deepestMount(table, '/home/my data/y')).toMatchObject({ type: 'nfs4' });
  });

  it('F34 dm-crypt is seen through a volume group, and one open disk under it is not enough', async () => {
    const device = (name: string, uuid: string | undefined, slaves: Record<string, string>) => {
      const at = join(folder, 'sys', 'dev', 'block', name);
      mkdirSync(join(at, 'slaves'), { recursive: true });
      if (uuid !== undefined) {
        mkdirSync(join(at, 'dm'));
        writeFileSync(join(at, 'dm', 'uuid'), uuid);
      }
      for (const [slave, number] of Object.entries(slaves)) {
        mkdirSync(join(at, 'slaves', slave));
        writeFileSync(join(at, 'slaves', slave, 'dev'), `${number}\n`);
      }
    };
    device('253:1', 'LVM-abc', { 'dm-0': '253:0' });
    device('253:2', 'LVM-def', { 'dm-0': '253:0', sdb: '8:16' });
    device('253:0', 'CRYPT-LUKS2-abc', { sda: '8:0' });
    const sys = join(folder, 'sys');
    expect(await isEncrypted('253:1', sys)).toBe(true);
    expect(await isEncrypted('253:2', sys)).not.toBe(true);
    expect(await isEncrypted('9:9', sys)).toBeUndefined();
  });

  it('F34 a disk that says that it can be unplugged, or hangs on USB, is named; of an unknown one nothing is said', async () => {
    const sys = join(folder, 'plugs');
    const device = (number: string, place: string, removable: string) => {
      const at = join(sys, 'devices', place);
      mkdirSync(at, { recursive: true });
      writeFileSync(join(at, 'removable'), `${removable}\n`);
      mkdirSync(join(sys, 'dev', 'block'), { recursive: true });
      symlinkSync(at, join(sys, 'dev', 'block', number));
    };
    device('8:0', 'pci0/ata1/sda', '0');
    device('8:16', 'pci0/usb1/sdb', '0');
    device('11:0', 'pci0/ata2/sr0', '1');
    const seen = await Promise.all(['8:0', '8:16', '11:0', '9:9'].map((one) => isRemovable(one, sys)));
    expect(seen).toEqual([false, true, true, undefined]);
  });

  it('F33 ports that listen to other machines are named, those on loopback are not', () => {
    const table = [
      ' sl local_address rem_address st',
      '0: 0100007F:1F90 00000000:0000 0A',
      '1: 00000000:2B67 00000000:0000 0A',
      '2: 0A00000A:0016 0B00000A:C350 01',
      '3: 00000000000000000000000001000000:0019 0:0 0A',
      '4: 00000000000000000000000000000000:0016 0:0 0A',
    ].join('\n');
    expect(openPorts(table)).toEqual([22, 11_111]);
  });

  it('swaps and device numbers are read as the kernel writes them', () => {
    expect(swapsOf('Filename Type Size\n/dev/dm-1  partition 8 0 -2\n')).toEqual([
      { path: '/dev/dm-1', kind: 'partition' },
    ]);
    expect([deviceNumber(0xfd01), deviceNumber(0x801)]).toEqual(['253:1', '8:1']);
  });

  it('a program that takes core dumps takes them whatever the limit', () => {
    const limits = (soft: string) => `Limit  Soft\nMax core file size        ${soft}     unlimited  bytes\n`;
    expect(judgeCoreDumps(limits('0'), 'core', '-').verdict).toBe('ok');
    expect(judgeCoreDumps(limits('unlimited'), 'core', '-').verdict).toBe('warn');
    expect(judgeCoreDumps(limits('0'), '|/usr/lib/systemd/systemd-coredump', '-').verdict).toBe('warn');
  });

  it('Node ends, and clocks differ', async () => {
    const now = parseUtcTime('2026-11-27T00:00:00Z');
    expect([checkNode('v20.20.0', now), checkNode('v24.1.0', now)].map(({ verdict }) => verdict)).toEqual([
      'warn',
      'ok',
    ]);
    expect((await checkClock(now, new Date('2026-11-27T00:30:00Z'))).verdict).toBe('ok');
    expect((await checkClock(now, new Date('2026-11-27T02:30:00Z'))).verdict).toBe('warn');
  });

  it('F34 a folder that a program copies elsewhere, or that others may enter, is named', async () => {
    const shared = join(folder, 'OneDrive - Labo', 'work');
    mkdirSync(join(shared, 'jobs'), { recursive: true, mode: 0o755 });
    expect((await checkSynchronised(shared)).verdict).toBe('warn');
    const about = { workspace: shared, state: join(folder, 'none'), sources: [] };
    expect(await checkFileModes(about)).toMatchObject({ verdict: 'warn', found: expect.stringContaining('jobs') });
    expect((await checkFileModes(about, 'win32')).verdict).toBe('warn');
  });
});
