/** The report in a real browser: without barriers, at every width, and on paper. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launchChromium, missingChromium } from './rig/chromium.ts';
import { barriersOf } from './rig/laboratory-page.ts';
import type { Migration } from './rig/migration.ts';
import { startWideJob } from './rig/wide-job.ts';

const missing = missingChromium('the report in headless Chromium');

describe.skipIf(missing !== undefined)(missing ?? 'the report in headless Chromium', () => {
  let browser: Browser;
  let migration: Migration;

  const path = (name: string): string => migration.cast.vendor.path(name);
  async function report(output: string, lang: 'fr' | 'en'): Promise<void> {
    const words = ['report', migration.local('manifest.json'), '--lang', lang, '-o', output];
    const ran = await migration.cast.vendor.migrate(words, { env: { CHROME_PATH: CHROMIUM } });
    expect(ran.exitCode, ran.stderr).toBe(0);
  }

  beforeAll(async () => {
    browser = await launchChromium();
    migration = await startWideJob();
    for (const lang of ['fr', 'en'] as const) await report(`${lang}.html`, lang);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await migration?.stop();
  });

  it.each(['fr', 'en'])('has no barrier that axe finds, complaint or request, in %s', async (lang) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    const address = pathToFileURL(path(`${lang}.html`)).href;
    await page.goto(address);
    expect([requests, complaints]).toEqual([[address], []]);
    expect(await barriersOf(page)).toEqual([]);
    await context.close();
  });

  it.each([1280, 390, 320])('scrolls in one direction only at a width of %d pixels', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    await page.goto(pathToFileURL(path('fr.html')).href);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.close();
  });

  it('is printed as a tagged PDF on A4, and leaves nothing of the printing behind', async () => {
    await report('report.pdf', 'fr');
    const pdf = readFileSync(path('report.pdf'), 'latin1');
    expect(pdf.startsWith('%PDF-')).toBe(true);
    expect(pdf).toContain('/MarkInfo <</Type /MarkInfo\n/Marked true');
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
    expect(statSync(path('report.pdf')).mode & 0o777).toBe(0o644);
    expect(readdirSync(migration.cast.vendor.folder).filter((name) => name.startsWith('sealift-'))).toEqual([]);
  }, 60_000);
});
