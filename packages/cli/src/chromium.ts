/** Prints a page as PDF by a Chromium that is installed: found, never fetched; without the network; its profile goes with it. */
import { spawn } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SealiftError } from '@sealift/core';
import { fileError } from '@sealift/core/node';
import type { Environment } from './command-line.ts';

/** Under which names it is installed, and browsers that are built from it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const TIMEOUT_MS = 120_000;

/** It shows one local page without a script; nothing of it needs a display, an extension, an update or a host name. */
const FLAGS = [
  '--headless',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-extensions',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--no-pdf-header-footer',
  '--generate-pdf-document-outline',
];

/**
 * The page as PDF.
 * @param beside where a folder for its files may be made for the time being: a confined Chromium can't read the system's
 * @throws E_BROWSER without a Chromium, or when it fails; E_FILE
 */
export async function printPdf(html: string, beside: string, env: Environment): Promise<Uint8Array> {
  const program = await findChromium(env);
  const folder = await mkdtemp(join(dirname(beside), 'sealift-print-')).catch((cause: unknown) => {
    throw fileError(cause, 'writing', dirname(beside));
  });
  try {
    await writeFile(join(folder, 'report.html'), html);
    return await printIn(folder, program, env);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Root can't use Chromium's sandbox, nor can a container without user namespaces. The page has no script and its policy allows none. */
async function printIn(folder: string, program: string, env: Environment): Promise<Uint8Array> {
  const attempts = process.getuid?.() === 0 ? [['--no-sandbox']] : [[], ['--no-sandbox']];
  let failure: unknown;
  for (const [index, flags] of attempts.entries()) {
    const output = join(folder, 'report.pdf');
    const profile = join(folder, `profile-${index}`);
    await mkdir(profile);
    failure = await runChromium(
      program,
      [
        ...FLAGS,
        ...flags,
        `--user-data-dir=${profile}`,
        `--print-to-pdf=${output}`,
        pathToFileURL(join(folder, 'report.html')).href,
      ],
      {
        ...env,
        XDG_CONFIG_HOME: profile,
        XDG_CACHE_HOME: profile,
      },
    );
    const pdf = await readFile(output).catch(() => undefined);
    if (failure === undefined && pdf !== undefined) return pdf;
  }
  throw new SealiftError('E_BROWSER', `${program} printed no PDF`, {
    hint: 'write -o report.html instead, and print that page from any browser',
    cause: failure,
  });
}

/** Why it failed; undefined when it ended well. */
function runChromium(program: string, words: readonly string[], env: Environment): Promise<Error | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { env, stdio: 'ignore', timeout: TIMEOUT_MS, killSignal: 'SIGKILL' });
    child.on('error', resolve);
    child.on('close', (code, signal) => {
      resolve(code === 0 ? undefined : new Error(`it ended with ${code ?? signal ?? 'nothing'}`));
    });
  });
}

/** What `CHROME_PATH` names, else the first of the known names in `PATH`. */
async function findChromium(env: Environment): Promise<string> {
  const named = env['CHROME_PATH'];
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates =
    named === undefined ? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))) : [named];
  for (const candidate of candidates) {
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  throw new SealiftError(
    'E_BROWSER',
    named === undefined
      ? 'there is no Chromium in PATH to print with'
      : `CHROME_PATH names ${named}, which can't be run`,
    {
      hint: 'install Chromium, or name one in CHROME_PATH; or write -o report.html and print that page from any browser',
    },
  );
}
