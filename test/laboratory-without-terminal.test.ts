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
    const { claims } = JSON.parse(verified.stdout) as { claims: { claim: string }[] };
    await laboratory.go('verify');
    await laboratory.give(cast.lab.path('manifest.json'));
    await laboratory.page.waitForSelector('.claims');
    const shown = await laboratory.page.$$eval('.claims li p', (items) =>
      items.map((item) => item.firstChild?.textContent ?? ''),
    );
    expect(shown).toEqual(claims.map(({ claim }) => claim));
    expect(await laboratory.barriers()).toEqual([]);
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

  it('and nothing of all this asked the network for anything', () => {
    expect(laboratory.requests).toEqual([]);
    expect(laboratory.complaints).toEqual([]);
  });
});
