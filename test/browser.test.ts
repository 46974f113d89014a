/**
 * Core in a browser: the bundle holds nothing of Node, and under a policy without `unsafe-eval` headless Chromium verifies a
 * manifest and opens sealed files of both suites with the same results as Node. `CHROMIUM` names the program, else it is
 * Debian's /usr/bin/chromium; where there is none, the tests in it are skipped.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { encodeBase64, ready } from '@sealift/core';
import { canonicalJson } from '@sealift/core/document';
import { sealBytes } from '@sealift/core/sealed';
import { type BuildOptions, build } from 'esbuild';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedOf } from '../packages/core/test/people.ts';
import { type Evidence, examine } from './browser/examine.ts';
import type { Answer } from './browser/page.ts';
import { type MigrationDocuments, makeMigration } from './fuzz/migration-documents.ts';
import { launchChromium, missingChromium } from './rig/chromium.ts';

/** WebAssembly may be compiled, text may not become code, and nothing comes from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

/** Tells whether the policy is in force: text must not become code. */
const POLICY_CHECK = `
try {
  globalThis.evalIsBlocked = new Function('return false')();
} catch {
  globalThis.evalIsBlocked = true;
}`;

const PAGE = `<!doctype html>
<script src="/policy-check.js"></script>
<script type="module" src="/page.js"></script>`;

/** Every entry of core that promises to run in browsers. */
const BROWSER_ENTRIES = Object.keys(
  (JSON.parse(readFileSync(new URL('../packages/core/package.json', import.meta.url), 'utf8')) as { exports: object })
    .exports,
)
  .filter((entry) => !entry.startsWith('./node') && entry !== './package.json')
  .map((entry) => `@sealift/core${entry.slice(1)}`);

/** Bundles for browsers, from the sources. Fails for an import of a module of Node's. */
async function bundle(input: Pick<BuildOptions, 'entryPoints' | 'stdin'>): Promise<string> {
  const { outputFiles } = await build({
    ...input,
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
}

const exporting = (...entries: readonly string[]) => ({
  stdin: { contents: entries.map((entry) => `export * from '${entry}';`).join('\n'), resolveDir: import.meta.dirname },
});

describe("core's entries for browsers", () => {
  it('hold nothing of Node', async () => {
    const code = await bundle(exporting(...BROWSER_ENTRIES));
    expect(code).toContain('E_HEADER_MAC');
    expect(code).not.toMatch(/['"]node:/);
  });

  it('would not go unnoticed if they did: the entry for Node is no bundle', async () => {
    await expect(bundle(exporting('@sealift/core/node'))).rejects.toThrow(/Could not resolve "node:/);
  });
});

const missing = missingChromium('core in headless Chromium');

describe.skipIf(missing !== undefined)(missing ?? 'core in headless Chromium', () => {
  const served = new Map<string, { type: string; body: string }>();
  let evidence: Evidence;
  let server: Server;
  let browser: Browser;
  let answered: (answer: Answer) => void;
  const answer = new Promise<Answer>((resolve) => {
    answered = resolve;
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') answered(JSON.parse(await text(request)));
    const file = served.get(request.url ?? '');
    response.writeHead(file === undefined ? 204 : 200, {
      'content-type': file?.type ?? 'text/plain',
      'content-security-policy': POLICY,
    });
    response.end(file?.body);
  }

  beforeAll(async () => {
    await ready();
    evidence = evidenceOf(makeMigration());
    served.set('/', { type: 'text/html', body: PAGE });
    served.set('/policy-check.js', { type: 'text/javascript', body: POLICY_CHECK });
    served.set('/page.js', {
      type: 'text/javascript',
      body: await bundle({ entryPoints: [`${import.meta.dirname}/browser/page.ts`] }),
    });
    served.set('/evidence.json', { type: 'application/json', body: JSON.stringify(evidence) });
    server = createServer((request, response) => void respond(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('verifies a manifest and opens sealed files of both suites as Node does, without unsafe-eval', async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const expected = await examine(evidence);
    expect(await answer, complaints.join('\n')).toEqual({ findings: expected, evalIsBlocked: true });
    expect(expected.entries).toBe(10);
    expect(expected.plaintexts).toEqual(['id\r\n1\r\n', 'id\r\n2\r\n']);
    expect(expected.refusals).toEqual(['E_SIG', 'E_AUTH', 'E_AUTH']);
  });
});

function evidenceOf({ cast, roster, manifest }: MigrationDocuments): Evidence {
  const written = (document: unknown): string => new TextDecoder().decode(canonicalJson(document));
  const { document } = cast.recipient.identity;
  const secret = { kdf: 'none', seed: encodeBase64(seedOf(5)) };
  const sealed = (['sealedbox', 'xwing-sealedbox'] as const).map((suite, index) => {
    const recipients = [cast.recipient.identity, cast.director.identity];
    const plaintext = new TextEncoder().encode(`id\r\n${index + 1}\r\n`);
    return encodeBase64(sealBytes(plaintext, { suite, job: 'parc-2026', dataset: 'patients', recipients }));
  });
  return {
    roster: written(roster),
    manifest: written(manifest),
    secret: written({ type: 'sealift.secret-identity.v1', identity: document, secret }),
    sealed,
  };
}
