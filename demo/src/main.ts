/**
 * `npm run demo`: the whole job on a synthetic dump and an embedded SFTP server on loopback, by the same commands that people run.
 * `--serve` leaves the server running afterwards, so that the commands can be repeated by hand; `--folder` says where.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Actor } from './actor.ts';
import { MIGRATE } from './actor.ts';
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
} from './cast.ts';
import { outline } from './outline.ts';
import { type SftpServer, startSftpServer } from './sftp-server.ts';

const JOB = 'port-2026';
const MARKER = '.sealift-demo';
const MAKE_DUMP = fileURLToPath(new URL('../make-dump.mjs', import.meta.url));

const script: string[] = [];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { folder: { type: 'string', default: 'demo-run' }, serve: { type: 'boolean', default: false } },
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
  await writeOutline(cast, server);
  await playAll(cast, authorisation(await rosterFingerprintOf(cast.lab)));
  await playAll(cast, await steps(cast));
  await summary(folder, cast);
  if (!values.serve) return server.close();
  say(`The SFTP server goes on at ${server.host}:${server.port}; end it with Ctrl-C.`);
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

async function writeOutline({ lab }: Cast, { host, port, hostKey }: SftpServer): Promise<void> {
  const text = outline({
    job: JOB,
    now: new Date(),
    operators: [
      {
        name: 'Jean Petit',
        account: ACCOUNTS.operator,
        identity: 'jean.identity.json',
        sshKey: 'jean.ssh.pub',
        unattended: false,
      },
      {
        name: 'purge service',
        account: ACCOUNTS.service,
        identity: 'purge.identity.json',
        sshKey: 'purge.ssh.pub',
        unattended: true,
      },
    ],
    recipients: [
      {
        name: 'Novalis SIL',
        account: ACCOUNTS.recipient,
        identity: 'novalis.identity.json',
        sshKey: 'novalis.ssh.pub',
      },
    ],
    endpoint: { host, port, folder: '/', hostKey },
  });
  await writeFile(lab.path('outline.json'), `${JSON.stringify(text, null, 2)}\n`);
}

/** The import names the rows that the recipient's screen shows; here they are counted in the dump's own truth file. */
async function steps(cast: Cast): Promise<readonly Step[]> {
  const truth = await truthOf(cast.vendor);
  return migration(JOB, [
    '--rows',
    `patients=${truth.patients.onOrAfterCutoff}`,
    '--rows',
    `results=${truth.results.ofKeptPatients}`,
  ]);
}

interface Truth {
  readonly patients: {
    readonly rows: number;
    readonly onOrAfterCutoff: number;
    readonly beforeCutoff: number;
    readonly emptyDate: number;
    readonly invalidDate: number;
  };
  readonly results: { readonly rows: number; readonly ofKeptPatients: number };
}

async function truthOf(vendor: Actor): Promise<Truth> {
  const truth: Truth = JSON.parse(await readFile(vendor.path('truth.json'), 'utf8'));
  return truth;
}

async function playAll(cast: Cast, story: readonly Step[]): Promise<void> {
  for (const step of story) {
    if ('do' in step) {
      if (step.title !== undefined) heading(step.title);
      command(cast, step.do, `migrate ${step.words.map(quoted).join(' ')}`);
    } else {
      const [from, file, to] = step.hand;
      command(cast, from, `cp ${file} ${relative(cast[from].folder, cast[to].folder)}/`);
    }
    const result = await play(cast, step);
    if (result === undefined) continue;
    print(indented(result.stdout + result.stderr));
    if (result.exitCode !== 0) throw new Error(`the command ended with exit code ${result.exitCode}`);
  }
}

async function summary(folder: string, { vendor, lab }: Cast): Promise<void> {
  const truth = await truthOf(vendor);
  const manifest: unknown = JSON.parse(await readFile(lab.path('manifest.json'), 'utf8'));
  const extraction = findExtraction(manifest);
  heading('What left, and what stayed');
  for (const { dataset, counts, columns } of extraction) {
    print(
      `  ${dataset}: ${counts['kept']} of ${counts['read']} rows left, ${columns.kept.length} of ${columns.kept.length + columns.withheld.length} columns`,
    );
    print(
      `    stayed, rows:    ${counts['outsideWindow']} before 7 May 2017, ${counts['emptyDate']} without a date, ${counts['impossibleDate']} with an impossible one, ${counts['notLinked']} of patients who stayed`,
    );
    print(`    stayed, columns: ${columns.withheld.join(', ')}`);
  }
  print(
    `  (the generator of the dump counted: ${truth.patients.onOrAfterCutoff} patients from 7 May 2017 on, ${truth.patients.beforeCutoff} before)`,
  );
  await writeScript(folder);
  const here = (path: string): string => relative(process.cwd(), path);
  print('');
  print(`  the manifest:        ${here(lab.path('manifest.json'))}`);
  print(`  explore the folder:  ${here(folder)}/   (laboratory, vendor, recipient, server)`);
  print(`  every command:       ${here(join(folder, 'commands.sh'))}`);
}

interface Extracted {
  readonly dataset: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly columns: { readonly kept: readonly string[]; readonly withheld: readonly string[] };
}

function findExtraction(manifest: unknown): readonly Extracted[] {
  const found: { entries: { signed: { statement: { kind: string; datasets?: readonly Extracted[] } } }[] } = JSON.parse(
    JSON.stringify(manifest),
  );
  return found.entries.find(({ signed }) => signed.statement.kind === 'extraction')?.signed.statement.datasets ?? [];
}

async function writeScript(folder: string): Promise<void> {
  const head = [
    '# Every command of the demo, in order. The server ends with the demo unless it was started with: npm run demo -- --serve',
    `migrate() { node ${quoted(relative(folder, MIGRATE))} "$@"; }  # from this folder`,
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
const say = (text: string): void => print(`\n${text}`);
const heading = (text: string): void => print(`\n== ${text}`);

await main();
