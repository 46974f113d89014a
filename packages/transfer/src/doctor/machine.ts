/** Looks at this machine. What is found warns; where the laboratory's instructions require it, it fails. */
import { join } from 'node:path';
import type { UtcTime } from '@sealift/core/ids';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type { Check, Finding, MachineCheck } from './check.ts';
import { checkDiskEncryption, checkFileModes, checkRemovable, checkSynchronised } from './disk.ts';
import { checkListening } from './listening.ts';
import { checkCoreDumps, checkSwap } from './memory.ts';
import { checkClock, checkNode, checkShaExtensions, checkStreamCipher } from './runtime.ts';

/** What is looked at. */
export interface Machine {
  readonly workspace: string;
  /** The user's state folder. */
  readonly state: string;
  readonly now: UtcTime;
  /** The server's clock, where a server was asked. */
  readonly serverClock?: Date | undefined;
  readonly instructions?: VerifiedInstructions | undefined;
}

const TITLES: Readonly<Record<MachineCheck, string>> = {
  'listening-sockets': 'nothing listens to other machines',
  'disk-encryption': 'the disk under the workspace is encrypted',
  'removable-folder': 'the workspace lies on a disk that is built in',
  'synchronised-folder': 'no program copies the workspace elsewhere',
  'file-modes': 'files are closed to others',
  swap: 'memory is not written to an open disk',
  'core-dumps': 'a crash leaves no copy of the memory',
  clock: 'the clock is right',
  'node-support': 'Node is maintained',
  'stream-cipher': 'the fast cipher is in use',
  'sha-extensions': 'the processor hashes fast',
};

/** Looks at everything. Needs `await ready()`. */
export async function examineMachine(machine: Machine): Promise<Check[]> {
  const { workspace, state, now, serverClock, instructions } = machine;
  const datasets = instructions?.signed.datasets ?? [];
  const sources = datasets.map(({ name }) => join(workspace, `${name}.csv`));
  const findings: readonly (readonly [MachineCheck, Finding])[] = [
    ['listening-sockets', await checkListening()],
    ['disk-encryption', await checkDiskEncryption(workspace)],
    ['removable-folder', await checkRemovable(workspace)],
    ['synchronised-folder', await checkSynchronised(workspace)],
    ['file-modes', await checkFileModes({ workspace, state, sources })],
    ['swap', await checkSwap()],
    ['core-dumps', await checkCoreDumps()],
    ['clock', await checkClock(now, serverClock)],
    ['node-support', checkNode(process.version, now)],
    ['stream-cipher', checkStreamCipher()],
    ['sha-extensions', await checkShaExtensions()],
  ];
  const required = new Set<string>(instructions?.signed.requires ?? []);
  return findings.map(([check, finding]) => {
    const judged =
      required.has(check) && finding.verdict === 'warn' ? { ...finding, verdict: 'fail' as const } : finding;
    return { check, where: 'machine', title: TITLES[check], ...judged };
  });
}
