/**
 * `npm run demo`: the whole job on a synthetic dump and an embedded SFTP server on loopback, by the same commands that people run.
 * `--by-hand` stops before the laboratory drafts its instructions and keeps the server running, for a person to go on; `--folder` says where.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseJson, readDocument } from '@sealift/core/document';
import { paragraph } from '@sealift/report/wrap';
import { type Actor, MIGRATE } from './actor.ts';
import {
  ACCOUNTS,
  authorisation,
  type Cast,
  fingerprintOf,
  gather,
  migration,
  PREPARATION,
  play,
  rosterFingerprintOf,
  type Step,
  writeOutline,
} from './cast.ts';
import { type SftpServer, startSftpServer } from './sftp-server.ts';

const JOB = 'port-2026';
const MARKER = '.sealift-demo';
const MAKE_DUMP = fileURLToPath(new URL('../make-dump.mjs', import.meta.url));

const script: string[] = [];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string', default: 'demo-run' }, 'by-hand': { type: 'boolean', default: false } },
  });
  const folder = resolve(values.folder);
  await clear(folder);
  const cast = await gather(folder);
  say('A synthetic dump of a legacy system, as an engineer finds it: 1,200 patients, 28 columns, windows-1252.');
  execFileSync(
    process.execPath,
    [MAKE_DUMP, '--out', cast.vendor.folder, '--patients', '1200', '--before', '78', '--quirks'],
    { stdio: 'ignore' },
  );

  await playAll(cast, PREPARATION);
  const server = await serve(folder, cast);
  await writeOutline(cast, {
    job: JOB,
    endpoint: { host: server.host, port: server.port, folder: '/', hostKey: server.hostKey },
  });
  const story = [...authorisation(await rosterFingerprintOf(cast.lab)), ...(await steps(cast))];
  if (values['by-hand']) return byHand(folder, cast, story, server);
  await playAll(cast, story);
  await summary(folder, cast);
  await server.close();
}

/** Leaves the rest of the story to a person; the server runs until the process ends. */
async function byHand(folder: string, cast: Cast, story: readonly Step[], { host, port }: SftpServer): Promise<void> {
  script.length = 0;
  heading('Your turn: in another terminal, command by command, or all of it with commands.sh');
  for (const step of story) announce(cast, step);
  await writeScript(folder);
  say(
    `The SFTP server runs at ${host}:${port}; end it with Ctrl-C. The commands are in ${join(folder, 'commands.sh')}`,
  );
}

/** The last demo's folder is replaced; nobody else's. */
async function clear(folder: string): Promise<void> {
  if (existsSync(folder) && !existsSync(join(folder, MARKER))) {
    throw new Error(`${folder} exists and was not made by the demo; name another with --folder`);
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, MARKER), 'made by npm run demo; replaced by the next one\n');
}

/** The server as its administrator sets it up: one account a person, rights by folder (doc/format.md section 15). */
async function serve(folder: string, { recipient, sshKeys }: Cast): Promise<SftpServer> {
  const root = join(folder, 'server');
  const fingerprint = await fingerprintOf(recipient, 'novalis.key.json');
  await mkdir(join(root, JOB, 'in', fingerprint), { recursive: true });
  await mkdir(join(root, JOB, 'out'), { recursive: true });
  const accounts = [
    { name: ACCOUNTS.operator, publicKey: sshKeys.operator },
    { name: ACCOUNTS.service, publicKey: sshKeys.service },
    { name: ACCOUNTS.recipient, publicKey: sshKeys.recipient },
  ];
  const server = await startSftpServer({ root, accounts });
  for (const account of [ACCOUNTS.operator, ACCOUNTS.service]) {
    server.grant(account, `/${JOB}/out`, 'write');
    server.grant(account, `/${JOB}/in`, 'read');
  }
  server.grant(ACCOUNTS.recipient, `/${JOB}/out`, 'read');
  server.grant(ACCOUNTS.recipient, `/${JOB}/in/${fingerprint}`, 'write');
  return server;
}

/** The import names the rows that the recipient's screen shows; here they are counted in the dump's own truth file. */
async function steps(cast: Cast): Promise<readonly Step[]> {
  const truth = await truthOf(cast.vendor);
  return migration(JOB, ['--rows', `patients=${truth.patientsKept}`, '--rows', `results=${truth.resultsKept}`]);
}

/** What the generator of the dump counted. */
interface Truth {
  readonly patientsKept: number;
  readonly patientsBefore: number;
  readonly resultsKept: number;
}

async function truthOf(vendor: Actor): Promise<Truth> {
  const { value } = parseJson(await readFile(vendor.path('truth.json')), { maxBytes: 1 << 20 });
  const count = (...path: readonly string[]): number => {
    let member: unknown = value;
    for (const name of path)
      member = typeof member === 'object' && member !== null ? Reflect.get(member, name) : undefined;
    if (typeof member !== 'number') throw new Error(`the truth file has no ${path.join('.')}`);
    return member;
  };
  return {
    patientsKept: count('patients', 'onOrAfterCutoff'),
    patientsBefore: count('patients', 'beforeCutoff'),
    resultsKept: count('results', 'ofKeptPatients'),
  };
}

async function playAll(cast: Cast, story: readonly Step[]): Promise<void> {
  for (const step of story) {
    announce(cast, step);
    const result = await play(cast, step);
    if (result === undefined) continue;
    print(indented(result.stdout + result.stderr));
    if (result.exitCode !== 0) throw new Error(`the command ended with exit code ${result.exitCode}`);
  }
}

/** Prints who does what, and keeps it for commands.sh. */
function announce(cast: Cast, step: Step): void {
  if ('do' in step) {
    if (step.title !== undefined) heading(step.title);
    command(cast, step.do, `migrate ${step.words.map(quoted).join(' ')}`);
  } else {
    const [from, file, to] = step.hand;
    command(cast, from, `cp ${file} ${relative(cast[from].folder, cast[to].folder)}/`);
  }
}

async function summary(folder: string, { vendor, lab }: Cast): Promise<void> {
  const truth = await truthOf(vendor);
  const { document } = readDocument(await readFile(lab.path('manifest.json')), 'sealift.manifest.v1');
  const extraction = document.entries
    .map(({ signed }) => signed.statement)
    .find((statement) => statement.kind === 'extraction');
  heading('What left, and what stayed');
  for (const { dataset, counts, columns } of extraction?.datasets ?? []) {
    print(
      `  ${dataset}: ${counts.kept} of ${counts.read} rows left, ${columns.kept.length} of ${columns.kept.length + columns.withheld.length} columns`,
    );
    sentence(
      `${counts.outsideWindow} before 7 May 2017, ${counts.emptyDate} without a date, ${counts.impossibleDate} with an impossible one, ${counts.notLinked} of patients who stayed`,
      '    stayed, rows:    ',
    );
    sentence(columns.withheld.join(', '), '    stayed, columns: ');
  }
  sentence(
    `(the generator of the dump counted: ${truth.patientsKept} patients from 7 May 2017 on, ${truth.patientsBefore} before)`,
    '  ',
  );
  await writeScript(folder);
  const here = (path: string): string => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  print('');
  print(`  the manifest:        ${here(lab.path('manifest.json'))}`);
  print(`  explore the folder:  ${here(folder)}/   (laboratory, vendor, recipient, server)`);
  print(`  every command:       ${here(join(folder, 'commands.sh'))}`);
}

async function writeScript(folder: string): Promise<void> {
  const head = [
    '# Commands of the demo, in order. Those of a demo that has ended find their files there already, and no server:',
    '# "npm run demo -- --by-hand" prepares a fresh one and leaves these commands to you.',
    'set -e',
    'cd "$(dirname "$0")"',
    'demo=$PWD',
    `migrate() { node "$demo"/${quoted(relative(folder, MIGRATE))} "$@"; }`,
  ];
  await writeFile(join(folder, 'commands.sh'), `${[...head, ...script].join('\n')}\n`);
}

function command(cast: Cast, who: 'lab' | 'vendor' | 'recipient', line: string): void {
  const names = { lab: 'laboratory', vendor: 'vendor', recipient: 'recipient' } as const;
  print(`${names[who]}$ ${line}`);
  const variables = Object.entries(cast[who].environment).map(([name, value]) => `${name}=${quoted(value)}`);
  script.push(`(cd ${names[who]} && export ${variables.join(' ')} && ${line})`);
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_./:=@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');
const print = (text: string): void => console.log(text);
const sentence = (text: string, indent: string): void => print(paragraph(text, indent).join('\n'));
const say = (text: string): void => {
  print('');
  sentence(text, '');
};
const heading = (text: string): void => print(`\n== ${text}`);

await main();
