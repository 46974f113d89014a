/** The doctor before OpenSSH, set up well and badly, and what a red result keeps from happening. */
import { chmod, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Desk, days } from './rig/dated-job.ts';
import { startOpenSsh, unavailable } from './rig/openssh.ts';
import type { RigAccount } from './rig/rig.ts';

const AS_JEAN = ['--identity', 'jean.key.json', '--ssh-key', 'jean.ssh'];

let desk: Desk | undefined;

afterEach(async () => {
  await desk?.rig.stop();
  desk = undefined;
});

/** A job that is extracted, and a server with these further lines; the first of two lines counts. */
async function extracted(...configuration: string[]) {
  const start = (options: { readonly accounts: readonly RigAccount[] }) =>
    startOpenSsh({ ...options, configuration, loose: configuration.length > 0 });
  desk = await Desk.open(start);
  const job = await desk.extracted({});
  desk.machine.now = days(0);
  const { machine } = desk;
  const doctor = (...who: string[]) => machine.migrate('doctor', '--instructions', `${job.name}.json`, ...who);
  const send = () => machine.migrate('send', '--job', job.name, ...AS_JEAN);
  return { job, machine, doctor, send, rig: desk.rig };
}

type Checks = readonly { check: string; where: string; verdict: string }[];
const failed = (checks: Checks): string[] =>
  checks.flatMap(({ check, verdict }) => (verdict === 'fail' ? [check] : []));

describe.skipIf(unavailable() !== undefined)(unavailable() ?? 'the doctor on OpenSSH', { timeout: 60_000 }, () => {
  it('F25 is green before a hardened server, from outside and from inside, and F29 each delivery says so', async () => {
    const { job, doctor, send } = await extracted();
    const outside = await doctor();
    expect([outside.exitCode, failed(outside.data.checks)]).toEqual([0, []]);
    const { data, exitCode, text } = await doctor(...AS_JEAN);
    const endpoint = (data.checks as Checks).filter(({ where }) => where === 'endpoint');
    expect([exitCode, endpoint.filter(({ verdict }) => verdict !== 'ok')]).toEqual([0, []]);
    expect(endpoint).toHaveLength(14);
    expect(text).toMatch(/^the server$/m);
    expect((await doctor('--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh')).exitCode).toBe(0);
    await send();
    const delivery = (await job.entries()).at(-1)?.statement;
    const checks = delivery?.kind === 'delivery' ? (delivery.checks ?? []) : [];
    expect(checks).toEqual(expect.arrayContaining(endpoint.map(({ check }) => ({ check, verdict: 'ok' }))));
  });

  it.each([
    ['passwords are taken', ['PasswordAuthentication yes'], 'password'],
    ['a shell opens', ['ForceCommand none', 'PermitTTY yes', 'ChrootDirectory none'], 'shell'],
    ['commands run', ['ForceCommand none', 'ChrootDirectory none'], 'exec'],
    ['nobody is shut in', ['ChrootDirectory none'], 'file-system'],
    ['connections are forwarded', ['AllowTcpForwarding yes'], 'forwarding'],
    ['ports are opened', ['AllowTcpForwarding remote'], 'reverse-forwarding'],
    ['prompts are answered', ['KbdInteractiveAuthentication yes', 'UsePAM yes'], 'keyboard-interactive'],
    ['broken algorithms are offered', ['Ciphers aes128-gcm@openssh.com,aes128-cbc'], 'algorithms'],
  ])('F25 is red where %s, and nothing is sent', async (_, configuration, check) => {
    const { job, doctor, send } = await extracted(...configuration);
    const { data, exitCode } = await doctor(...AS_JEAN);
    expect(exitCode).toBe(3);
    expect(failed(data.checks)).toContain(check);
    await expect(send()).rejects.toMatchObject({ code: 'E_DOCTOR' });
    expect((await job.entries()).at(-1)?.statement).toMatchObject({ kind: 'refusal', step: 'send', code: 'E_DOCTOR' });
  });

  it('fault 51: nothing is sent to a server that offers weak algorithms alone, and the journal says so', async () => {
    const { job, send } = await extracted('Ciphers aes256-cbc');
    await expect(send()).rejects.toMatchObject({ code: 'E_ALGO', hint: expect.stringMatching(/./) });
    const statements = (await job.entries()).map(({ statement }) => statement);
    expect(statements.map(({ kind }) => kind)).toEqual(['extraction', 'refusal']);
    expect(statements.at(-1)).toMatchObject({ step: 'send', code: 'E_ALGO' });
    expect(await readdir(job.remote('out'))).toEqual([]);
    expect(await readdir(job.local('out'))).toHaveLength(1);
  });

  it("F25 is red where a neighbour's folder can be read", async () => {
    const { doctor, send, rig } = await extracted();
    await openNeighbour(rig.root);
    expect(failed((await doctor(...AS_JEAN)).data.checks)).toEqual(['neighbours']);
    await expect(send()).rejects.toMatchObject({ code: 'E_DOCTOR' });
  });

  it('fault 72: is red where the socket of the log is missing in the chroot, and nothing is sent', async () => {
    const { job, doctor, send, rig } = await extracted();
    await rm(join(rig.root, '..', 'dev', 'log'));
    const { data, exitCode } = await doctor(...AS_JEAN);
    expect([exitCode, failed(data.checks)]).toEqual([3, ['server-log']]);
    await expect(send()).rejects.toMatchObject({ code: 'E_DOCTOR', hint: expect.stringContaining('dev/log') });
    expect((await job.entries()).map(({ statement }) => statement.kind)).toEqual(['extraction', 'refusal']);
  });

  it('F33 looks at this machine alone where no instructions are named', async () => {
    const { machine } = await extracted();
    const { data } = await machine.migrate('doctor');
    expect((data.checks as Checks).every(({ where }) => where === 'machine')).toBe(true);
    expect(data.checks).toHaveLength(11);
  });
});

/** Gives everybody the right to write in the recipients' folders. */
async function openNeighbour(root: string): Promise<void> {
  for (const job of await readdir(root)) {
    const inbox = join(root, job, 'in');
    for (const name of await readdir(inbox)) await chmod(join(inbox, name), 0o777);
  }
}
