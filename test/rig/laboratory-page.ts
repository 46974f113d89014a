/** Somebody at the laboratory with the page open in a browser: gives it files, saves what it makes, and watches what it asks of the network. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const AXE = require.resolve('axe-core/axe.min.js');

/** The built page. */
export const PAGE_FILE: string = require.resolve('@sealift/verifier/sealift.html');

/** How the browser is set up. */
export interface LaboratoryOptions {
  readonly locale?: 'fr-FR' | 'en-GB';
  readonly width?: number;
}

/** One violation that axe found, and where. */
export interface Barrier {
  readonly rule: string;
  readonly impact: string;
  readonly places: readonly string[];
}

/** The open page. */
export class LaboratoryPage {
  readonly page: Page;
  /** Every address that was asked for, beyond the file itself and what it made in its own memory. */
  readonly requests: string[] = [];
  /** What the browser complained about. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.page = page;
    page.on('request', (request) => {
      if (!/^(?:file|blob|data):/.test(request.url())) this.requests.push(request.url());
    });
    page.on('console', (message) => this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
  }

  /** Opens the page from the disk, as from a stick. */
  static async open(
    browser: Browser,
    { locale = 'en-GB', width = 1280 }: LaboratoryOptions = {},
  ): Promise<LaboratoryPage> {
    const context = await browser.newContext({ locale, viewport: { width, height: 900 }, acceptDownloads: true });
    const page = await context.newPage();
    const opened = new LaboratoryPage(context, page);
    await page.goto(pathToFileURL(PAGE_FILE).href);
    return opened;
  }

  /** Goes to one of the views. */
  async go(view: 'verify' | 'sign' | 'answer' | 'found'): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, view);
    await this.page.waitForSelector('nav a[aria-current="page"]');
  }

  /** Chooses files, and waits until the page says what they are. */
  async give(...paths: readonly string[]): Promise<void> {
    await this.page.setInputFiles('input[type="file"]', [...paths]);
    await this.page.waitForFunction(
      (count) => document.querySelectorAll('.there, .other').length >= count,
      paths.length,
    );
  }

  /** Types into fields by their names. */
  async type(texts: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(texts)) await this.page.fill(`[name="${name}"]`, text);
  }

  /** Follows the link that saves a file of this name; its content. */
  async save(name: string): Promise<Buffer> {
    const [download] = await Promise.all([
      this.page.waitForEvent('download'),
      this.page.click(`a[download="${name}"]`),
    ]);
    return readFile(await download.path());
  }

  /** What a person sees. */
  async text(): Promise<string> {
    return (await this.page.textContent('main')) ?? '';
  }

  /** What axe holds against the page as it is now. */
  barriers(): Promise<Barrier[]> {
    return barriersOf(this.page);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }
}

/** What axe holds against any page as it is now. */
export async function barriersOf(page: Page): Promise<Barrier[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }) => ({
      rule: id,
      impact: impact ?? '',
      places: nodes.map(({ html }) => html),
    }));
  });
}

/** axe, as it stands in the page once it was put there. */
declare const axe: {
  run(
    root: Document,
    options: object,
  ): Promise<{
    violations: { id: string; impact?: string | null; nodes: { html: string }[] }[];
  }>;
};
