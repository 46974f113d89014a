/** Looks at the server of the instructions: as a stranger, and as one person with that person's own key (F25). */
import type { VerifiedInstructions } from '@sealift/core/instructions';
import type ssh2 from 'ssh2';
import { pinHostKey } from '../host-key.ts';
import { pathsOf } from '../sealed-statement.ts';
import type { SshKey } from '../ssh-key.ts';
import { checkAlgorithms } from './algorithm-check.ts';
import type { Check, EndpointCheck, Finding } from './check.ts';
import { fail, ok, warn } from './check.ts';
import { checkFileSystem, checkNeighbours, checkServerLog, Sight } from './folders.ts';
import { logIn } from './login.ts';
import { checkAnonymous, checkNone, checkWay, type Door, knock } from './outsider.ts';
import { readServerOffer, type ServerOffer } from './server-offer.ts';
import { checkExec, checkForwarding, checkReverseForwarding, checkShell } from './session-doors.ts';

/** A person of the instructions who logs in. */
export interface Person {
  readonly account: string;
  readonly key: SshKey;
}

const TITLES: Readonly<Record<EndpointCheck, string>> = {
  algorithms: 'only sound algorithms are offered',
  'host-key': 'the host key is the pinned one',
  none: 'nobody logs in without proof',
  password: 'no passwords are taken',
  'keyboard-interactive': 'nothing typed at a prompt is taken',
  anonymous: 'strangers stay outside',
  login: "the person's key and account open the door",
  shell: 'no shell opens',
  exec: 'no command runs',
  forwarding: 'the server forwards no connections',
  'reverse-forwarding': 'the server opens no port for an account',
  'file-system': 'the account is shut into its folder',
  neighbours: "others' folders are shut",
  'server-log': 'what the account does is logged',
};

/** The checks that need a login. */
const INSIDE = [
  'login',
  'shell',
  'exec',
  'forwarding',
  'reverse-forwarding',
  'file-system',
  'neighbours',
  'server-log',
] as const satisfies readonly EndpointCheck[];

/** What was found, and what time the server has, where it could be asked. */
export interface EndpointExamination {
  readonly checks: Check[];
  readonly clock?: Date | undefined;
}

type Findings = readonly (readonly [EndpointCheck, Finding])[];

/**
 * Looks at everything, with four connections at most: one that only reads the server's offer, two that ask for `none`, one that logs in.
 * Without a person what needs a login is left open.
 * @throws E_REMOTE when no SSH server answers, or the connection ends while it is looked at
 */
export async function examineEndpoint(
  instructions: VerifiedInstructions,
  person?: Person,
): Promise<EndpointExamination> {
  const { host, port, hostKey } = instructions.signed.endpoint;
  const offer = await readServerOffer(host, port);
  const door: Door = { host, port, hostKey: pinHostKey(hostKey) };
  const atTheDoor = await outside(door, instructions, person);
  const isOurServer = atTheDoor.every(([check, { verdict }]) => check !== 'host-key' || verdict === 'ok');
  const within = isOurServer ? await inside(door, { instructions, person, offer }) : { findings: [] };
  const findings: Findings = [['algorithms', checkAlgorithms(offer)], ...atTheDoor, ...within.findings];
  const checks = findings.map(
    ([check, finding]): Check => ({ check, where: 'endpoint', title: TITLES[check], ...finding }),
  );
  return { checks, clock: within.clock };
}

async function outside(door: Door, instructions: VerifiedInstructions, person?: Person): Promise<Findings> {
  const account = person?.account ?? instructions.signed.processor.operators[0]?.account ?? 'anonymous';
  const answer = await knock(door, account, false);
  if (!answer.hostKeyMatches) {
    const pinned = door.hostKey.publicKey.fingerprint;
    return [
      [
        'host-key',
        fail(
          `the server does not prove the pinned host key ${pinned}`,
          'nothing else was tried: ask its administrator which key it has, and the laboratory for instructions that pin it',
        ),
      ],
    ];
  }
  return [
    ['host-key', ok(door.hostKey.publicKey.fingerprint)],
    ['none', checkNone(answer)],
    ['password', checkWay('password', answer)],
    ['keyboard-interactive', checkWay('keyboard-interactive', answer)],
    ['anonymous', checkAnonymous(await knock(door, 'anonymous', true))],
  ];
}

interface Inside {
  readonly instructions: VerifiedInstructions;
  readonly person: Person | undefined;
  readonly offer: ServerOffer;
}

type Entered = Inside & { readonly person: Person };

interface Within {
  readonly findings: Findings;
  readonly clock?: Date | undefined;
}

async function inside(door: Door, { instructions, person, offer }: Inside): Promise<Within> {
  if (person === undefined) {
    const left = warn('not looked at: nobody was named who logs in', 'name yourself with --identity and --ssh-key');
    return { findings: INSIDE.map((check) => [check, left] as const) };
  }
  const login = await logIn(door, person.account, person.key);
  if (login === undefined) {
    const why = `the server does not let ${person.account} in with the key ${person.key.publicKey.fingerprint}`;
    return { findings: [['login', fail(why, 'the administrator must list this key for this account')]] };
  }
  const { client, ended } = login;
  try {
    // A door that nobody answered at any more is not shut.
    return await Promise.race([lookAround(client, door, { instructions, person, offer }), ended]);
  } finally {
    client.end();
  }
}

async function lookAround(
  client: ssh2.Client,
  { port }: Door,
  { instructions, person, offer }: Entered,
): Promise<Within> {
  const doors: Findings = [
    ['login', ok(`${person.account}, with the key of the instructions`)],
    ['shell', await checkShell(client)],
    ['exec', await checkExec(client)],
    ['forwarding', await checkForwarding(client, port)],
    ['reverse-forwarding', await checkReverseForwarding(client)],
  ];
  const sight = await Sight.open(client);
  const seen = await files(sight, { instructions, account: person.account, software: offer.software });
  return { findings: [...doors, ...seen], clock: await sight?.clock(ownFolder(instructions, person.account)) };
}

/** The folder that an account writes. */
function ownFolder(instructions: VerifiedInstructions, account: string): string {
  const paths = pathsOf(instructions);
  for (const [fingerprint, { entry }] of instructions.recipients) {
    if (entry.account === account) return paths.inFolder(fingerprint);
  }
  return paths.out;
}

async function files(
  sight: Sight | undefined,
  about: { readonly instructions: VerifiedInstructions; readonly account: string; readonly software: string },
): Promise<Findings> {
  if (sight === undefined) {
    const none = fail('SFTP does not open', 'give the account the SFTP subsystem: "Subsystem sftp internal-sftp"');
    return [['file-system', none]];
  }
  return [
    ['file-system', await checkFileSystem(sight)],
    ['neighbours', await checkNeighbours({ sight, ...about })],
    ['server-log', await checkServerLog(sight, about.software)],
  ];
}
