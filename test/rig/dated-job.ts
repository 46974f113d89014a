/** Small jobs with deadlines around the present, run in this process, so that the vendor's clock can be set; the server's runs. */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instructions } from '@sealift/core/instructions';
import type { EntryDocument } from '@sealift/core/journal';
import { outline } from '@sealift/demo/outline';
import { writeSshKeyPair } from '@sealift/demo/ssh-keygen';
import { Machine, type Ran } from '../../packages/cli/test/harness.ts';
import type { Rig, RigAccount } from './rig.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.now();

/** The present and so many hours, as documents write it. */
export function hours(count: number): string {
  return `${new Date(NOW + count * HOUR_MS).toISOString().slice(0, 19)}Z`;
}

/** The present and so many days. */
export const days = (count: number): string => hours(24 * count);

const PARTIES = ['jean', 'purge', 'novalis'] as const;
const PURGE = ['purge', '--identity', 'purge.key.json', '--ssh-key', 'purge.ssh'];

/** What an extraction has beside the usual: members of its dataset, and words on the command's line. */
export interface ExtractionTwist {
  /** Further members of the instructions. */
  readonly members?: Readonly<Record<string, unknown>>;
  readonly dataset?: object;
  readonly words?: readonly string[];
}

/** Everybody's files on one machine, and a server. */
export class Desk {
  readonly machine: Machine = new Machine();
  readonly rig: Rig;
  #jobs = 0;

  private constructor(rig: Rig) {
    this.rig = rig;
  }

  /** Makes identities, keys and a pinned roster, a month ago. */
  static async open(start: (options: { readonly accounts: readonly RigAccount[] }) => Promise<Rig>): Promise<Desk> {
    const folder = new Machine();
    const keys = await Promise.all(PARTIES.map((name) => writeSshKeyPair(folder.path(`${name}.ssh`))));
    const accounts = PARTIES.map((name, index) => {
      const role = name === 'novalis' ? ('recipient' as const) : ('operator' as const);
      return { name, publicKey: keys[index] ?? '', role };
    });
    const desk = new Desk(await start({ accounts }));
    const { machine } = desk;
    machine.now = days(-30);
    const lab = ['lab', 'init', '--name', 'Laboratoire du Port', '--siren', '732829320', '--signer', 'Claire Moreau'];
    await machine.migrate(...lab, '--dpo', 'Anne Leroy', '--dpo-email', 'dpo@port.example', '--no-passphrase');
    for (const name of PARTIES) {
      for (const file of [`${name}.ssh`, `${name}.ssh.pub`]) machine.write(file, folder.read(file));
      await machine.migrate('keygen', '--name', name, '-o', `${name}.key.json`, '--no-passphrase');
      await machine.migrate('identity', 'show', `${name}.key.json`, '--export', `${name}.json`);
    }
    machine.write('contract.txt', 'contract');
    machine.write('patients.csv', 'ID;NOM\r\n1;Durand\r\n2;Petit\r\n');
    await machine.pin('lab.roster.json');
    return desk;
  }

  /** Signs instructions with these deadlines for a new job, and extracts it at a time, ten days ago by default. */
  async extracted(
    deadlines: Partial<Instructions['deadlines']> | Record<string, unknown>,
    at: string = days(-10),
    { dataset = {}, members = {}, words = [] }: ExtractionTwist = {},
  ): Promise<DatedJob> {
    const { machine, rig } = this;
    const name = `port-${this.#jobs++}-2026`;
    const { data: novalis } = await machine.migrate('identity', 'show', 'novalis.json');
    await rig.prepareJob(name, [{ fingerprint: novalis.fingerprint, account: 'novalis' }]);
    const party = (account: string) => ({
      name: account,
      account,
      identity: `${account}.json`,
      sshKey: `${account}.ssh.pub`,
    });
    const { host, port, hostKey, folder } = rig;
    const text = outline({
      job: name,
      now: new Date(NOW - 30 * 24 * HOUR_MS),
      operators: [
        { ...party('jean'), unattended: false },
        { ...party('purge'), unattended: true },
      ],
      recipients: [party('novalis')],
      endpoint: { host, port, hostKey, folder },
      datasets: [
        {
          name: 'patients',
          dialect: { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf' },
          fields: [{ name: 'ID' }],
          ...dataset,
        },
      ],
    });
    const defaults = { delivery: days(-9), purge: days(20), warnDays: 7, atPurge: 'purge' };
    const gates = { delivery: [], purge: ['receipt'] };
    machine.now = days(-11);
    machine.write(`${name}.outline.json`, {
      ...text,
      expires: days(300),
      gates,
      deadlines: { ...defaults, ...deadlines },
      ...members,
    });
    const lab = ['--lab', 'lab.roster.json'];
    await machine.migrate('instructions', 'draft', `${name}.outline.json`, ...lab, '-o', `${name}.json`);
    await machine.migrate('instructions', 'sign', `${name}.json`, ...lab, '--identity', 'lab.key.json');
    machine.now = at;
    await machine.migrate('extract', '--instructions', `${name}.json`, '--identity', 'jean.key.json', ...words);
    return new DatedJob(this, name);
  }

  /** As {@link extracted}, and sends it at a time, ten days ago by default. */
  async delivered(
    deadlines: Partial<Instructions['deadlines']> | Record<string, unknown>,
    at: string = days(-10),
    twist: ExtractionTwist = {},
  ): Promise<DatedJob> {
    const job = await this.extracted(deadlines, days(-10), twist);
    this.machine.now = at;
    await this.machine.migrate('send', '--job', job.name, '--identity', 'jean.key.json', '--ssh-key', 'jean.ssh');
    return job;
  }
}

/** One job of a desk. */
export class DatedJob {
  readonly name: string;
  readonly #desk: Desk;

  constructor(desk: Desk, name: string) {
    this.#desk = desk;
    this.name = name;
  }

  /** The purge as cron runs it, at a time of the vendor's clock; a thrown error is the caller's. */
  purge(at: string = days(0), ...more: string[]): Promise<Ran> {
    this.#desk.machine.now = at;
    return this.#desk.machine.migrate(...PURGE, '--job', this.name, ...more);
  }

  /** The purge as {@link purge}, of every job of the desk; the data of this one. */
  async purgeAll(at: string = days(0)): Promise<Ran & { readonly job: Ran['data'] }> {
    this.#desk.machine.now = at;
    const ran = await this.#desk.machine.migrate(...PURGE, '--all');
    return { ...ran, job: ran.data.jobs.find(({ job }: { job: string }) => job === this.name) };
  }

  /** The recipient fetches what was delivered and sends its receipt, at a time. */
  async receive(at: string): Promise<void> {
    const { machine } = this.#desk;
    machine.now = at;
    const keys = ['--identity', 'novalis.key.json', '--ssh-key', 'novalis.ssh'];
    await machine.migrate('receive', '--instructions', `${this.name}.json`, ...keys, '--into', `received-${this.name}`);
  }

  /** The laboratory revokes the job, and the vendor takes that in, at a time. */
  async revoke(at: string): Promise<void> {
    const { machine } = this.#desk;
    machine.now = at;
    const lab = ['--lab', 'lab.roster.json', '--identity', 'lab.key.json', '--reason', 'the scope was wrong'];
    const revocation = `${this.name}.revocation.json`;
    await machine.migrate('revoke', `jobs/${this.name}/manifest.json`, ...lab, '-o', revocation);
    await machine.migrate('accept', revocation, '--identity', 'jean.key.json');
  }

  /** The job's folder in the workspace. */
  local(...names: string[]): string {
    return this.#desk.machine.path(join('jobs', this.name, ...names));
  }

  /** The job's folder on the server's disk. */
  remote(...names: string[]): string {
    return join(this.#desk.rig.root, this.name, ...names);
  }

  /** The journal's entries. */
  async entries(): Promise<EntryDocument['signed'][]> {
    const text = await readFile(this.local('journal.jsonl'), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as EntryDocument).signed);
  }

  /** The codes of the alerts in the journal. */
  async alerts(): Promise<string[]> {
    return (await this.entries()).flatMap(({ statement }) => (statement.kind === 'alert' ? [statement.code] : []));
  }

  /** Damages the journal. */
  async breakJournal(): Promise<void> {
    await appendFile(this.local('journal.jsonl'), '{}\n');
  }
}
