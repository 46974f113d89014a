/**
 * The laboratory's page in a real browser, opened from the disk: built reproducibly, it reaches nobody, people without a mouse or
 * without sight can use it, and what it makes is what the commands make.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Actor } from '@sealift/demo/actor';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from './rig/chromium.ts';
import { type LaboratoryOptions, LaboratoryPage, PAGE_FILE } from './rig/laboratory-page.ts';

/** The ways by which a page could send something away; see {@link tryToSend}. */
const WAYS = 'fetch request beacon image script style socket events frame worker form'.split(' ');
const PASSPHRASE = 'five calm herons cross rivers';

const html = (): string => readFileSync(PAGE_FILE, 'utf8');

describe("the laboratory's page as a file", () => {
  it('is the same to the byte, however often it is built', () => {
    const digest = (): string => createHash('sha256').update(readFileSync(PAGE_FILE)).digest('hex');
    const before = digest();
    const script = fileURLToPath(new URL('../packages/verifier/build.mjs', import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', cwd: '/' });
    expect(status, stderr).toBe(0);
    expect(digest()).toBe(before);
  });

  it('names nothing outside itself, and no folder of the machine that built it', () => {
    const page = html();
    expect(page).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b|<script[^>]+src/i);
    expect(page).not.toContain(fileURLToPath(new URL('..', import.meta.url)));
  });

  it('holds the licences of what is in it', () => {
    const [, licences = ''] = /<template id="licences">([\s\S]*)<\/template>/.exec(html()) ?? [];
    for (const name of ['libsodium ', 'libsodium-wrappers ', '@noble/hashes ', 'ajv ']) {
      expect(licences).toContain(name);
    }
    expect(licences).toContain('Permission');
  });

  it('allows by its policy the one script and its styles, by their digests, and nothing else', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html()) ?? [];
    expect(policy.split('; ').map((directive) => directive.replaceAll(/'sha256-[^']{44}'/g, 'DIGEST'))).toEqual([
      "default-src 'none'",
      "script-src DIGEST 'wasm-unsafe-eval'",
      expect.stringMatching(/^style-src DIGEST( DIGEST)*$/),
      'worker-src blob:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });
});

const missing = missingChromium("the laboratory's page in headless Chromium");

describe.skipIf(missing !== undefined)(missing ?? "the laboratory's page in headless Chromium", () => {
  let browser: Browser;
  let server: Server;
  /** What was asked of the server. */
  const visits = new Set<string>();
  const folder = mkdtempSync(join(tmpdir(), 'sealift-page-'));
  let open: LaboratoryPage | undefined;

  beforeAll(async () => {
    browser = await launchChromium();
    server = createServer((request, response) => {
      // A browser may ask for an icon of its own accord, once a form has taken the page there.
      if (request.url !== '/favicon.ico') visits.add(request.url ?? '');
      response.end();
    }).on('upgrade', (request, socket) => {
      visits.add(request.url ?? '');
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    await open?.close();
    open = undefined;
  });

  async function opened(options?: LaboratoryOptions): Promise<LaboratoryPage> {
    open = await LaboratoryPage.open(browser, options);
    return open;
  }

  it('refuses everything by which a page could send something away', async () => {
    const { page } = await opened();
    const outcomes = await page.evaluate(tryToSend, { address: addressOf(server), submitsForm: true });
    expect(outcomes).toEqual(Object.fromEntries(WAYS.map((way) => [way, 'refused'])));
    expect([...visits]).toEqual([]);
  });

  it('would reach a server by each of these ways without its policy', async () => {
    const unprotected = join(folder, 'unprotected.html');
    writeFileSync(unprotected, html().replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
    const { page } = await opened();
    visits.clear();
    await page.goto(pathToFileURL(unprotected).href);
    const address = addressOf(server);
    const visited = () => [...visits].sort();
    const paths = (ways: readonly string[]) => ways.map((way) => `/${way}`).sort();
    // The form takes the page away, so that it comes when the others have arrived.
    await page.evaluate(tryToSend, { address, submitsForm: false });
    await expect.poll(visited, { timeout: 20_000 }).toEqual(paths(WAYS.filter((way) => way !== 'form')));
    await page.evaluate(tryToSend, { address, submitsForm: true }).catch(() => undefined);
    await expect.poll(visited, { timeout: 20_000 }).toEqual(paths(WAYS));
  }, 60_000);

  it('makes an identity and a roster that the commands take, under the fingerprint that it shows', async () => {
    const laboratory = await opened();
    await laboratory.go('found');
    await laboratory.type({
      lab: 'Laboratoire du Port',
      number: '732 829 320',
      person: 'Dr Claire Moreau',
      passphrase: PASSPHRASE,
      again: PASSPHRASE,
      officer: 'Anne Leroy',
      email: 'dpo@port.example',
    });
    await laboratory.page.click('#submit');
    const shown = (await laboratory.page.textContent('.groups'))?.replaceAll(/\s/g, '') ?? '';
    const machine = await Actor.create(join(folder, 'machine'), { MIGRATE_PASSPHRASE_FILE: 'passphrase.txt' });
    for (const name of ['lab.roster.json', 'lab.key.json']) {
      writeFileSync(machine.path(name), await laboratory.save(name), { mode: 0o600 });
    }
    writeFileSync(machine.path('passphrase.txt'), PASSPHRASE, { mode: 0o600 });
    const trusted = await machine.migrate(['trust', 'add', 'lab.roster.json', '--fingerprint', shown]);
    expect(trusted.exitCode, trusted.stderr).toBe(0);
    const identity = await machine.migrate(['identity', 'show', 'lab.key.json', '--json']);
    expect(JSON.parse(identity.stdout)).toMatchObject({ name: 'Dr Claire Moreau' });
    expect(laboratory.requests).toEqual([]);
    expect(laboratory.complaints).toEqual([]);
  });

  it('says in plain words what is wrong with a passphrase, and makes nothing', async () => {
    const laboratory = await opened({ locale: 'fr-FR' });
    await laboratory.go('found');
    await laboratory.page.check('[value="person"]');
    await laboratory.type({ person: 'Luc Blanc', passphrase: 'trop court', again: 'trop court' });
    await laboratory.page.press('[name="again"]', 'Enter');
    await laboratory.page.waitForSelector('.notice.bad');
    expect(await laboratory.text()).toContain('La phrase de passe doit compter au moins 12 caractères.');
    expect(await laboratory.page.$('a[download]')).toBeNull();
  });

  it.each(['fr-FR', 'en-GB'] as const)('has no barrier that axe finds, in %s', async (locale) => {
    const laboratory = await opened({ locale });
    expect(await laboratory.barriers()).toEqual([]);
    await laboratory.go('found');
    expect(await laboratory.barriers()).toEqual([]);
  });
});

const addressOf = (server: Server): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Attempt {
  readonly address: string;
  readonly submitsForm: boolean;
}

/** Runs in the page: each way, and what came of it. */
async function tryToSend({ address, submitsForm }: Attempt): Promise<Record<string, 'sent' | 'refused'>> {
  const url = (way: string): string => `http://${address}/${way}`;
  const until = (start: (sent: () => void, refused: () => void) => void): Promise<'sent' | 'refused'> =>
    new Promise((resolve) => {
      start(
        () => resolve('sent'),
        () => resolve('refused'),
      );
      setTimeout(() => resolve('refused'), 3000);
    });
  const loaded = (make: () => HTMLElement) =>
    until((sent, refused) => {
      const made = make();
      made.addEventListener('load', sent);
      made.addEventListener('error', refused);
      document.body.append(made);
    });
  const inWorker = `fetch('${url('worker')}').then(() => postMessage('sent'), () => postMessage('refused'))`;
  return {
    fetch: await fetch(url('fetch'), { mode: 'no-cors' }).then(
      () => 'sent' as const,
      () => 'refused' as const,
    ),
    request: await until((sent, refused) => {
      const request = new XMLHttpRequest();
      request.onload = sent;
      request.onerror = refused;
      request.open('GET', url('request'));
      request.send();
    }),
    // A beacon that the policy refuses is queued all the same: what counts is the visit that doesn't come.
    beacon: await until((_sent, refused) => {
      navigator.sendBeacon(url('beacon'), 'x');
      setTimeout(refused, 300);
    }),
    image: await loaded(() => Object.assign(new Image(), { src: url('image') })),
    script: await loaded(() => Object.assign(document.createElement('script'), { src: url('script') })),
    style: await loaded(() => Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url('style') })),
    socket: await until((sent, refused) => {
      const socket = new WebSocket(`ws://${address}/socket`);
      socket.onopen = sent;
      socket.onerror = refused;
    }),
    events: await until((sent, refused) => {
      const events = new EventSource(url('events'));
      events.onopen = sent;
      events.onerror = refused;
    }),
    // A frame that is refused loads an error page: what counts is the visit that doesn't come.
    frame: await until((_sent, refused) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src: url('frame') }));
      setTimeout(refused, 300);
    }),
    worker: await until((sent, refused) => {
      const worker = new Worker(URL.createObjectURL(new Blob([inWorker], { type: 'text/javascript' })));
      worker.onmessage = ({ data }) => (data === 'sent' ? sent() : refused());
    }),
    form: await until((_sent, refused) => {
      const form = Object.assign(document.createElement('form'), { action: url('form'), method: 'post' });
      document.body.append(form);
      if (submitsForm) form.submit();
      setTimeout(refused, 300);
    }),
  };
}
