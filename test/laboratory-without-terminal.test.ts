/**
 * A laboratory that has the page and no terminal: makes its identity and roster, reads and signs the instructions, approves the
 * extraction and verifies the result in a browser, while vendor and recipient run the commands on a real server.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ACCOUNTS,
  type Cast,
  DELIVERY,
  ending,
  extraction,
  fingerprintOf,
  gather,
  importation,
  PREPARATION,
  play,
  RECEPTION,
  type Step,
  writeOutline,
} from '@sealift/demo/cast';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, missingChromium } from './rig/chromium.ts';
import { makeDump } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { LaboratoryPage } from './rig/laboratory-page.ts';
import type { Rig } from './rig/rig.ts';

const JOB = 'port-2026';
const PASSPHRASE = 'five calm herons cross rivers';
const missing = missingChromium('a laboratory without a terminal');

describe.skipIf(missing !== undefined)(missing ?? 'a laboratory without a terminal', () => {
  const base = mkdtempSync(join(tmpdir(), 'sealift-page-job-'));
  let browser: Browser;
  let cast: Cast;
  let rig: Rig;
  let laboratory: LaboratoryPage;
  let fingerprint = '';

  async function steps(...all: readonly Step[]): Promise<void> {
    for (const step of all) {
      const result = await play(cast, step);
      if (result !== undefined) expect(result.exitCode, result.stderr).toBe(0);
    }
  }

  /** What the page makes is saved at the laboratory. */
  async function save(name: string): Promise<void> {
    writeFileSync(cast.lab.path(name), await laboratory.save(name), { mode: 0o600 });
  }

  beforeAll(async () => {
    browser = await launchChromium();
    cast = await gather(base);
    await steps(...PREPARATION.filter((step) => !('do' in step && step.do === 'lab')));
    rig = await startEmbedded({
      accounts: [
        { name: ACCOUNTS.operator, publicKey: cast.sshKeys.operator, role: 'operator' },
        { name: ACCOUNTS.service, publicKey: cast.sshKeys.service, role: 'operator' },
        { name: ACCOUNTS.recipient, publicKey: cast.sshKeys.recipient, role: 'recipient' },
      ],
    });
    const recipient = await fingerprintOf(cast.recipient, 'novalis.key.json');
    await rig.prepareJob(JOB, [{ fingerprint: recipient, account: ACCOUNTS.recipient }]);
    laboratory = await LaboratoryPage.open(browser);
  });

  afterAll(async () => {
    await laboratory?.close();
    await browser?.close();
    await rig?.stop();
    rmSync(base, { recursive: true, force: true });
  });

  it('makes its identity and its roster', async () => {
    await laboratory.go('found');
    await laboratory.type({ lab: 'Laboratoire du Port', number: '732829320', person: 'Dr Claire Moreau' });
    await laboratory.type({ passphrase: PASSPHRASE, again: PASSPHRASE });
    await laboratory.type({ officer: 'Anne Leroy', email: 'dpo@labo-du-port.example' });
    await laboratory.page.click('#submit');
    fingerprint = (await laboratory.page.textContent('.groups'))?.replaceAll(/\s/g, '') ?? '';
    await save('lab.roster.json');
    await save('lab.key.json');
    expect(await laboratory.barriers()).toEqual([]);
  });

  it('reads in plain language what a draft asks, with what deserves a second look, and signs it', async () => {
    const { host, port, hostKey, folder } = rig;
    await writeOutline(cast, { job: JOB, endpoint: { host, port, hostKey, folder } });
    const draft = ['instructions', 'draft', 'outline.json', '--lab', 'lab.roster.json', '-o', 'lab.json'];
    await steps({ do: 'lab', words: draft });
    await laboratory.go('sign');
    await laboratory.give(cast.lab.path('lab.json'));
    await laboratory.page.waitForSelector('.sheet');
    expect(await laboratory.text()).toContain('The NIR leaves “patients” (NIR)');
    expect(await laboratory.barriers()).toEqual([]);
    await laboratory.type({ passphrase: PASSPHRASE });
    await laboratory.page.click('#submit');
    expect(await laboratory.text()).toContain('Say first that you have read them.');
    await laboratory.page.check('[name="consent"]');
    await laboratory.page.click('#submit');
    await save('lab.json');
    await steps({ do: 'lab', words: ['instructions', 'check', 'lab.json', '--lab', 'lab.roster.json'] });
  });

  it('approves what was extracted, after a wrong passphrase was refused', async () => {
    const trust = ['trust', 'add', 'lab.roster.json', '--fingerprint', fingerprint];
    await makeDump(cast.vendor.folder, '--patients', '300', '--before', '20');
    for (const to of ['vendor', 'recipient'] as const) {
      await steps(
        { hand: ['lab', 'lab.roster.json', to] },
        { hand: ['lab', 'lab.json', to] },
        { do: to, words: trust },
      );
    }
    await steps(...extraction(JOB));
    await laboratory.go('answer');
    await laboratory.give(cast.lab.path('manifest.json'));
    await laboratory.page.waitForSelector('table');
    expect(await laboratory.text()).toMatch(/patients300280/);
    await laboratory.type({ passphrase: 'another passphrase' });
    await laboratory.page.click('#submit');
    await laboratory.page.waitForSelector('.notice.bad');
    expect(await laboratory.text()).toContain('E_PASS');
    await laboratory.type({ passphrase: PASSPHRASE });
    await laboratory.page.press('[name="passphrase"]', 'Enter');
    await save('approval.json');
    expect(await laboratory.barriers()).toEqual([]);
    await steps(
      { hand: ['lab', 'approval.json', 'vendor'] },
      { do: 'vendor', words: ['accept', 'approval.json', '--identity', 'jean.key.json'] },
      ...DELIVERY,
      ...RECEPTION,
    );
  });

  it('verifies the whole job, and reads claim by claim what migrate verify says', async () => {
    await steps(...importation(['--rows', 'patients=280', '--rows', 'results=560']), ...ending(JOB).slice(0, -1));
    const verified = await cast.lab.migrate(['verify', 'manifest.json', '--lab', 'lab.roster.json', '--json']);
    const { claims, reconciliation } = JSON.parse(verified.stdout) as {
      claims: { claim: string }[];
      reconciliation: { dataset: string; counts: { kept: number }[] }[];
    };
    await laboratory.go('verify');
    await laboratory.give(cast.lab.path('manifest.json'));
    await laboratory.page.waitForSelector('.claims');
    const shown = await laboratory.page.$$eval('.claims li p', (items) =>
      items.map((item) => item.firstChild?.textContent ?? ''),
    );
    expect(shown).toEqual(claims.map(({ claim }) => claim));
    const rows = await laboratory.page.$$eval('table', (tables) =>
      [...(tables.at(-1)?.querySelectorAll('tbody tr') ?? [])].map(({ children }) =>
        Array.from(children, ({ textContent }) => textContent),
      ),
    );
    expect(rows).toEqual(
      reconciliation.map(({ dataset, counts }) => [dataset, ...counts.map(({ kept }) => String(kept))]),
    );
    expect(await laboratory.text()).toContain('Every count agrees.');
    expect(await laboratory.barriers()).toEqual([]);
  });

  it('reads the report in a frame that runs nothing, and saves the very page that migrate report writes', async () => {
    const { page } = laboratory;
    await page.click('details.report summary');
    const frame = page.frameLocator('details.report iframe');
    expect(await frame.locator('h1').textContent()).toBe('Laboratoire du Port');
    // Its style holds under the policy of the page around it.
    expect(await frame.locator('.verdict').evaluate((verdict) => getComputedStyle(verdict).borderLeftWidth)).toBe(
      '4px',
    );
    const saved = (await laboratory.save(`report-${JOB}.html`)).toString();
    const words = ['report', 'manifest.json', '--lab', 'lab.roster.json', '--lang', 'en', '-o', 'report.html'];
    const written = await cast.lab.migrate(words);
    expect(written.exitCode, written.stderr).toBe(0);
    const withoutTime = (html: string) => html.replace(/This report was made on [^<]*/, '');
    expect(withoutTime(saved)).toBe(withoutTime(readFileSync(cast.lab.path('report.html'), 'utf8')));
    expect(laboratory.complaints).toEqual([]);
  });

  it('sees at once that a manifest was changed', async () => {
    const changed = join(base, 'changed.json');
    writeFileSync(
      changed,
      readFileSync(cast.lab.path('manifest.json'), 'utf8').replaceAll('"rows": 280', '"rows": 281'),
    );
    await laboratory.give(changed);
    await laboratory.page.waitForSelector('.verdict.bad');
    expect(await laboratory.text()).toContain('E_SIG');
  });

  it('compares a sealed file with the manifest, without opening it', async () => {
    const sealed = join(base, 'patients.csv.sealed');
    writeFileSync(sealed, Buffer.concat([Buffer.from('sealift-sealed-v1\n'), Buffer.alloc(1000)]));
    await laboratory.give(cast.lab.path('manifest.json'), sealed);
    await laboratory.page.getByText('patients.csv.sealed is NOT the file that the manifest names').waitFor();
    expect(await laboratory.text()).toContain('every signature and count');
  });

  it('changes its language in the middle, and keeps what lies there', async () => {
    await laboratory.page.click('#language-fr');
    await laboratory.page.waitForSelector('.claims');
    expect(await laboratory.text()).toContain('n’est PAS le fichier que nomme le manifeste');
    expect(await laboratory.page.getAttribute('html', 'lang')).toBe('fr');
    expect(await laboratory.barriers()).toEqual([]);
    await laboratory.page.click('#language-en');
  });

  it('needs no mouse: from the first link to a signature, by the keyboard alone', async () => {
    const other = await LaboratoryPage.open(browser);
    const { page } = other;
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? '');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the content');
    const tabTo = async (wanted: RegExp): Promise<void> => {
      for (let step = 0; step < 60 && !wanted.test(await focused()); step += 1) await page.keyboard.press('Tab');
      expect(await focused()).toMatch(wanted);
    };
    await tabTo(/^Make an identity/);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#field-who-person');
    await page.focus('#field-who-lab');
    await page.keyboard.press('ArrowDown');
    for (const text of ['Luc Blanc', PASSPHRASE, PASSPHRASE]) {
      await page.keyboard.press('Tab');
      await page.keyboard.type(text);
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('.fingerprint');
    await tabTo(/^Save the secret identity/);
    await other.close();
  });

  it('stays alive while a manifest of tens of megabytes is read', async () => {
    const manifest = JSON.parse(readFileSync(cast.lab.path('manifest.json'), 'utf8')) as { entries: unknown[] };
    const large = join(base, 'large.json');
    const entries = Array.from({ length: 4000 }, () => manifest.entries).flat();
    writeFileSync(large, JSON.stringify({ ...manifest, entries }, null, 2));
    expect(readFileSync(large).length).toBeGreaterThan(30 << 20);
    await laboratory.page.evaluate(() => {
      let last = performance.now();
      const beat = { longest: 0 };
      Object.assign(globalThis, { beat });
      setInterval(() => {
        beat.longest = Math.max(beat.longest, performance.now() - last);
        last = performance.now();
      }, 20);
    });
    await laboratory.page.setInputFiles('input[type="file"]', [large]);
    await laboratory.page.waitForSelector('.verdict.bad, .other', { timeout: 60_000 });
    const longest = await laboratory.page.evaluate(
      () => (Reflect.get(globalThis, 'beat') as { longest: number }).longest,
    );
    expect(longest).toBeLessThan(1000);
  }, 90_000);

  it('and nothing of all this asked the network for anything', () => {
    expect(laboratory.requests).toEqual([]);
    expect(laboratory.complaints).toEqual([]);
  });
});
