/** The report of five datasets with eighty columns each; in a real browser without barriers, at every width, and on paper. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { DELIVERY, RECEPTION } from '@sealift/demo/cast';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launchChromium, missingChromium } from './rig/chromium.ts';
import { barriersOf } from './rig/laboratory-page.ts';
import type { Migration } from './rig/migration.ts';
import { textOf } from './rig/report-text.ts';
import { HOSTILE_CELLS, HOSTILE_NAMES, startWideJob, WIDE_COLUMNS } from './rig/wide-job.ts';

const missing = missingChromium('the report in headless Chromium');

describe('five datasets with eighty columns each', () => {
  let migration: Migration;
  let html = '';

  const path = (name: string): string => migration.cast.vendor.path(name);
  async function report(output: string, ...words: readonly string[]): Promise<void> {
    const all = ['report', migration.local('manifest.json'), '-o', output, ...words];
    const ran = await migration.cast.vendor.migrate(all, { env: { CHROME_PATH: CHROMIUM } });
    expect(ran.exitCode, ran.stderr).toBe(0);
  }

  beforeAll(async () => {
    migration = await startWideJob();
    await report('en.html', '--lang', 'en', '--csv', 'csv');
    await report('fr.html', '--lang', 'fr', '--csv', 'fr');
    html = await readFile(path('en.html'), 'utf8');
  }, 120_000);
  afterAll(() => migration?.stop());

  it('stand one after the other, each column once in the matrix', () => {
    const articles = [...html.matchAll(/<article .*?<\/article>/gs)].map(([article]) => article);
    expect(articles).toHaveLength(5);
    for (const article of articles) {
      expect(article.match(/<th scope="row">/g)).toHaveLength(24);
      const [, names = ''] = /<ul class="names">(.*?)<\/ul>/s.exec(article) ?? [];
      expect(names.match(/<li>/g)).toHaveLength(56);
    }
  });

  it('show names as text, whatever they would do to a page', () => {
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    for (const name of HOSTILE_NAMES) expect(textOf(html)).toContain(name.replace('\u202e', '\\u202e'));
  });

  it('fault 33: cells leave as they are, and only the tables for spreadsheets neutralise formulas', async () => {
    const { cast } = migration;
    await migration.play([...DELIVERY, ...RECEPTION]);
    const received = parse(await readFile(cast.recipient.path('received', 'patients.csv'), 'utf8')) as string[][];
    expect(received[0]?.[0]).toBe(HOSTILE_NAMES[0]);
    expect(received[1]?.slice(0, HOSTILE_CELLS.length)).toEqual(HOSTILE_CELLS);
    const fields = parse(await readFile(path('csv/fields.csv'), 'utf8'), { bom: true }) as string[][];
    const names = fields.slice(1, 1 + WIDE_COLUMNS.length).map(([, name]) => name);
    expect(names.slice(0, 4)).toEqual(HOSTILE_NAMES.slice(0, 4).map((name) => `'${name}`));
    expect(names.slice(HOSTILE_NAMES.length)).toEqual(WIDE_COLUMNS.slice(HOSTILE_NAMES.length));
    expect(fields.slice(1).every((row) => row.every((cell) => !/^[=+\-@\t\r]/.test(cell)))).toBe(true);
  });

  it('F08: has tables of rows, fields, years, counts, steps, persons, files and claims for a spreadsheet', async () => {
    for (const name of ['rows', 'fields', 'years', 'counts', 'steps', 'persons', 'files', 'claims']) {
      const text = await readFile(path(`csv/${name}.csv`), 'utf8');
      expect(text.startsWith('\ufeff')).toBe(true);
      expect((parse(text, { bom: true }) as string[][]).length).toBeGreaterThan(1);
    }
    const years = parse(await readFile(path('csv/years.csv'), 'utf8'), { bom: true }) as string[][];
    expect(years.slice(1).reduce((sum, [, , left]) => sum + Number(left), 0)).toBe(5 * 40 * 16);
  });

  it('use the semicolon in French, as spreadsheets there expect it', async () => {
    const text = await readFile(path('fr/rows.csv'), 'utf8');
    expect(text.split('\r\n')[0]).toContain('Jeu de données;Dans la source;Sorties;Restées');
  });

  describe.skipIf(missing !== undefined)(missing ?? 'in headless Chromium', () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());

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
      await report('report.pdf', '--lang', 'fr');
      const pdf = readFileSync(path('report.pdf'), 'latin1');
      expect(pdf.startsWith('%PDF-')).toBe(true);
      expect(pdf).toContain('/MarkInfo <</Type /MarkInfo\n/Marked true');
      expect(pdf).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
      expect(statSync(path('report.pdf')).mode & 0o777).toBe(0o644);
      expect(readdirSync(migration.cast.vendor.folder).filter((name) => name.startsWith('sealift-'))).toEqual([]);
    }, 60_000);
  });
});
