/** Alerts reach the command and the webhook of alerts.json: each once when it is new, again each day, and none of them fails a purge. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireSchema } from '../packages/cli/test/harness.ts';
import { type DatedJob, Desk, days, hours } from './rig/dated-job.ts';
import { startEmbedded } from './rig/embedded.ts';

const TOKEN = 'T0kEn-of-the-webhook';

describe('hooks for alerts', { timeout: 60_000 }, () => {
  let desk: Desk;
  let server: Server;
  let posted: { path: string | undefined; type: string | undefined; body: string }[] = [];
  let status = 204;
  const configuration = (): string => desk.machine.path(join('config', 'sealift', 'alerts.json'));
  const toldFile = (): string => desk.machine.path('told.jsonl');
  /** Writes alerts.json; other text stays as it is. */
  const configure = (content: object | string, mode = 0o600): void => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(configuration(), text, { mode });
    chmodSync(configuration(), mode);
  };
  /** A program that adds what it reads to a file. */
  const command = (): string[] => [
    process.execPath,
    '-e',
    `process.stdin.pipe(require('node:fs').createWriteStream(process.argv[1], { flags: 'a' }))`,
    toldFile(),
  ];
  const told = (): Record<string, string>[] =>
    existsSync(toldFile())
      ? readFileSync(toldFile(), 'utf8')
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
      : [];
  const webhook = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/${TOKEN}`;

  beforeAll(async () => {
    desk = await Desk.open(startEmbedded);
    desk.machine.env = { ...desk.machine.env, XDG_CONFIG_HOME: desk.machine.path('config') };
    mkdirSync(desk.machine.path(join('config', 'sealift')), { recursive: true });
    server = createServer((request, answer) => {
      let body = '';
      request.on('data', (piece) => (body += String(piece)));
      request.on('end', () => {
        posted.push({ path: request.url, type: request.headers['content-type'], body });
        const redirects = request.url?.startsWith('/elsewhere') === true;
        answer.writeHead(redirects ? 307 : status, redirects ? { location: webhook() } : {}).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }, 60_000);
  afterAll(async () => {
    server?.close();
    await desk?.rig.stop();
  });
  beforeEach(() => {
    posted = [];
    status = 204;
    rmSync(toldFile(), { force: true });
    rmSync(configuration(), { force: true });
  });

  /** A job that ended, and whose sealed file on the server can't be deleted: somebody put a folder in its place. */
  async function undeletable(): Promise<DatedJob> {
    const job = await desk.delivered({ purge: days(20) });
    await job.revoke(hours(0.5));
    rmSync(job.remote('out', 'patients.csv.sealed'));
    mkdirSync(job.remote('out', 'patients.csv.sealed'));
    return job;
  }

  it('are told of an alert when it is new, not again within a day, and each day as long as nobody has answered it', async () => {
    configure({ command: command(), webhook: webhook() });
    const job = await undeletable();
    const runs = [[1, 'new'], [2], [24], [25.1, 'repeated'], [26], [49.2, 'repeated']] as const;
    for (const [hour] of runs) await expect(job.purge(hours(hour))).rejects.toMatchObject({ code: 'E_PURGE' });
    const expected = runs.flatMap(([hour, occasion]) =>
      // A path of this machine concerns nobody else.
      occasion === undefined
        ? []
        : [{ code: 'E_PURGE', message: 'the step failed on this machine', occasion, time: hours(hour), job: job.name }],
    );
    expect(told()).toEqual(expected);
    for (const alert of told()) requireSchema('alert', alert);
    expect(posted.map(({ body }) => JSON.parse(body))).toEqual(expected);
    expect(posted[0]).toMatchObject({ path: `/hooks/${TOKEN}`, type: 'application/json' });
    expect(await job.alerts()).toEqual(expected.map(({ code }) => code));
  });

  it('are told of a deadline, and of a clock that keeps the purge from its deadline', async () => {
    configure({ command: command() });
    const near = await desk.delivered({ purge: days(3) });
    const message = `the purge is due by ${days(3)}, and the job still waits for: receipt`;
    expect(await near.purge()).toMatchObject({ exitCode: 7, warnings: [expect.stringContaining(message)] });
    const due = await desk.delivered({ purge: hours(1) });
    await expect(due.purge(hours(2))).rejects.toMatchObject({ code: 'E_CLOCK' });
    expect(told()).toMatchObject([
      { job: near.name, code: 'E_DEADLINE', message, occasion: 'new' },
      { job: due.name, code: 'E_CLOCK', occasion: 'new' },
    ]);
  });

  it.each<[string, () => object, RegExp]>([
    [
      'a command that is not there',
      () => ({ command: ['/nowhere/pager'] }),
      /the alert command pager can't be started \(ENOENT\)/,
    ],
    [
      'a command that fails',
      () => ({ command: [process.execPath, '-e', 'process.exit(3)'] }),
      /the alert command node ended with status 3/,
    ],
    [
      'a webhook that refuses',
      () => ({ webhook: webhook() }),
      /the alert webhook at http:\/\/127\.0\.0\.1:\d+\/… answered 500/,
    ],
    [
      'a webhook that redirects',
      () => ({ webhook: webhook().replace('hooks', 'elsewhere') }),
      /the alert webhook at http:.+ could not be reached/,
    ],
    [
      'a webhook that nobody runs',
      () => ({ webhook: `http://127.0.0.1:9/${TOKEN}` }),
      /the alert webhook at http:\/\/127\.0\.0\.1:9\/… could not be reached/,
    ],
  ])('%s does not keep the purge from its work, and is said, without the address', async (_, hooks, said) => {
    status = 500;
    configure(hooks());
    const job = await desk.delivered({ delivery: days(-10.5) });
    const { data, warnings } = await job.purge();
    expect(data.jobs).toMatchObject([{ outcome: 'waiting', alerts: [{ code: 'E_DEADLINE' }] }]);
    expect(warnings).toContainEqual(expect.stringMatching(said));
    expect(warnings.join()).not.toContain(TOKEN);
    expect(await job.alerts()).toEqual(['E_DEADLINE']);
  });

  it.each<[string, object | string, number, string]>([
    ['that others may read', { webhook: `https://hooks.example/${TOKEN}` }, 0o640, 'E_PERM'],
    ['whose webhook is open to listeners', { webhook: `http://hooks.example/${TOKEN}` }, 0o600, 'E_SCHEMA'],
    ['with a command for a shell', { command: `page ${TOKEN}` }, 0o600, 'E_SCHEMA'],
    ['that is no JSON', `{ "webhook": "https://hooks.example/${TOKEN}"`, 0o600, 'E_JSON'],
    ['that says nothing', {}, 0o600, 'E_SCHEMA'],
  ])('an alerts.json %s is a warning at each run, and the purge goes on', async (_, content, mode, code) => {
    configure(content, mode);
    const job = await desk.delivered({});
    const { exitCode, warnings } = await job.purge();
    expect([exitCode, warnings]).toEqual([0, [expect.stringContaining(`(${code})`)]]);
    expect(warnings.join()).not.toContain(TOKEN);
  });
});
