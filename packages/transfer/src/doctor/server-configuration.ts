/**
 * The server's side as text: what an administrator sets up for the accounts of instructions, with the folders and rights of a job.
 * All accounts are shut into one folder; a job's folder lets in its own accounts alone.
 */
import { digestOf } from '@sealift/core';
import type { VerifiedInstructions } from '@sealift/core/instructions';
import { parseSshPublicKey } from '@sealift/core/ssh';
import { SOUND } from '../algorithms.ts';
import { pinHostKey } from '../host-key.ts';
import { pathsOf } from '../sealed-statement.ts';

/** Everybody who may log in by these settings. */
const GROUP = 'sealift';
/** Where accounts are shut in. */
const CHROOT = '/srv/sealift';
/** Keys lie where no account can change its own. */
const KEYS = '/etc/ssh/sealift-keys';

/** What an administrator needs, in three files. */
export interface ServerConfiguration {
  /** A whole sshd_config: of a server for this purpose, or instead of the present one. */
  readonly sshd: readonly string[];
  /** Commands for root's shell: groups, accounts, keys, folders and their rights. They may be run again. */
  readonly commands: readonly string[];
  /** Lines for a file of its own under /etc/rsyslog.d: the log's socket inside the folder that accounts are shut into. */
  readonly rsyslog: readonly string[];
}

/** Writes it for one job. */
export function serverConfiguration(instructions: VerifiedInstructions): ServerConfiguration {
  return {
    sshd: sshdLines(instructions),
    commands: commandLines(instructions),
    rsyslog: [`input(type="imuxsock" Socket="${CHROOT}/dev/log" CreatePath="on")`],
  };
}

function sshdLines({ signed }: VerifiedInstructions): string[] {
  const { publicKey, algorithms } = pinHostKey(signed.endpoint.hostKey);
  const kind = /ecdsa|rsa|ed25519/.exec(publicKey.type)?.[0] ?? 'ed25519';
  return [
    `Port ${signed.endpoint.port}`,
    `HostKey /etc/ssh/ssh_host_${kind}_key`,
    `KexAlgorithms ${SOUND.kex.join(',')}`,
    `HostKeyAlgorithms ${algorithms.join(',')}`,
    `Ciphers ${SOUND.ciphers.join(',')}`,
    `MACs ${SOUND.macs.join(',')}`,
    'PermitRootLogin no',
    'LogLevel VERBOSE',
    'Subsystem sftp internal-sftp',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    `Match Group ${GROUP}`,
    '  AuthenticationMethods publickey',
    `  AuthorizedKeysFile ${KEYS}/%u`,
    `  ChrootDirectory ${CHROOT}`,
    '  ForceCommand internal-sftp -l VERBOSE -u 0002',
    '  DisableForwarding yes',
    '  PermitTTY no',
    '  PermitUserRC no',
  ];
}

function commandLines(instructions: VerifiedInstructions): string[] {
  const { processor, recipients } = instructions.signed;
  const all = jobGroup(instructions, 'a');
  const operators = jobGroup(instructions, 'o');
  return [
    'set -eu',
    'umask 022',
    ...[GROUP, all, operators].map((group) => `groupadd -f ${group}`),
    `install -d -o root -g root -m 0755 ${CHROOT} ${CHROOT}/dev ${KEYS}`,
    ...processor.operators.flatMap((entry) => account(entry, [GROUP, all, operators])),
    ...recipients.flatMap((entry) => account(entry, [GROUP, all])),
    ...folders(instructions, all, operators),
  ];
}

/** Groups of one job: all of its accounts, and its operators. A name of at most 32 characters that no other job has. */
function jobGroup({ signed }: VerifiedInstructions, kind: 'a' | 'o'): string {
  const { scheme, value } = signed.lab.id;
  const digest = digestOf(new TextEncoder().encode(`${scheme} ${value} ${signed.job}`));
  return `sealift-${kind}-${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
}

function account(entry: { readonly account: string; readonly sshKey: string }, groups: readonly string[]): string[] {
  const { account: name, sshKey } = entry;
  const { line } = parseSshPublicKey(sshKey);
  return [
    `if getent passwd ${name} >/dev/null; then id -nG ${name} | grep -qw ${GROUP} || { echo 'the account ${name} is there already, for something else' >&2; exit 1; }`,
    `else useradd --no-create-home --home-dir / --shell /usr/sbin/nologin --password '*' ${name}; fi`,
    `usermod -a -G ${groups.join(',')} ${name}`,
    `printf '%s\\n' 'restrict ${line}' > ${KEYS}/${name}`,
  ];
}

function folders(instructions: VerifiedInstructions, all: string, operators: string): string[] {
  const paths = pathsOf(instructions);
  const steps = paths.job
    .split('/')
    .slice(1, -1)
    .map((_, index, parts) => `${CHROOT}/${parts.slice(0, index + 1).join('/')}`);
  return [
    ...steps.map((folder) => `install -d -o root -g root -m 0711 ${folder}`),
    `install -d -o root -g ${all} -m 0750 ${CHROOT}${paths.job}`,
    `install -d -o root -g ${operators} -m 2775 ${CHROOT}${paths.out}`,
    `install -d -o root -g ${all} -m 0710 ${CHROOT}${paths.in}`,
    ...[...instructions.recipients].map(
      ([fingerprint, { entry }]) =>
        `install -d -o ${entry.account} -g ${operators} -m 2750 ${CHROOT}${paths.inFolder(fingerprint)}`,
    ),
  ];
}
