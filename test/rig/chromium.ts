/** Headless Chromium. `CHROMIUM` names the program, else it is Debian's; where there is none, tests in it are skipped by name. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The program. */
export const CHROMIUM: string = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Nothing here may reach the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Why tests in a browser can't run, undefined when they can. */
export function missingChromium(subject: string): string | undefined {
  return existsSync(CHROMIUM) ? undefined : `${subject}: there is no Chromium (CHROMIUM names the program)`;
}

/** Starts it. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
