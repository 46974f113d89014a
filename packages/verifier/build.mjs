/**
 * Builds `dist/sealift.html`: one file with the script, the style and the licences inside, under a policy that names their very
 * digests and forbids everything else. The same sources give the same bytes.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CLAIMS_STYLE, PALETTE, REPORT_STYLE } from '@sealift/report';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** In their order: what is narrow comes last. */
const STYLES = ['base', 'frame', 'steps', 'form', 'notice', 'table', 'reading', 'narrow'];

/** A source expression of a Content-Security-Policy for an inline text (CSP Level 3 §6.7.3). */
const digestSource = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * The report is shown in a frame of its own, which inherits the policy: its style is named beside the page's.
 * `wasm-unsafe-eval` lets libsodium's WebAssembly be compiled, and no text become code. Workers are made from the page's own script
 * (`blob:`) and inherit the policy. There is no connect-src, img-src, form-action…: all of that is refused.
 */
const policy = (script, styles) =>
  [
    "default-src 'none'",
    `script-src ${digestSource(script)} 'wasm-unsafe-eval'`,
    `style-src ${styles.map(digestSource).join(' ')}`,
    'worker-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

const { outputFiles } = await build({
  absWorkingDir: folder,
  entryPoints: ['src/main.ts'],
  bundle: true,
  write: false,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  conditions: ['source'],
  charset: 'utf8',
  // A reader must be able to read it: names and layout stay.
  minify: false,
  legalComments: 'inline',
  logLevel: 'warning',
});
// Nothing in the text may end the element that it stands in.
const script = outputFiles[0].text.replaceAll('</', '<\\/');

/** The licences of what the script contains, by package; the compiled validators name theirs in their own text. */
const licences = [...new Set(script.match(/node_modules\/\.pnpm\/[^/"]+\/node_modules\/(?:@[^/"]+\/)?[^/"]+/g))]
  .map((found) => `../../${found}`)
  .map((path) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}${path}/package.json`, 'utf8'));
    const file = readdirSync(`${folder}${path}`).find((candidate) => /^licen[cs]e/i.test(candidate));
    if (file === undefined) throw new Error(`${name} has no licence beside it`);
    return `${name} ${version}\n\n${readFileSync(`${folder}${path}/${file}`, 'utf8').trim()}\n`;
  })
  .sort()
  .join('\n\n')
  .replaceAll('&', '&amp;')
  .replaceAll('<', '&lt;');

const own = STYLES.map((name) => readFileSync(`${folder}src/style/${name}.css`, 'utf8')).join('\n');
const style = `${PALETTE}${CLAIMS_STYLE}${own}`;
const { version } = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));

const page = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script, [style, REPORT_STYLE])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Sealift ${version}">
<title>Sealift</title>
<style>${style}</style>
</head>
<body>
<noscript>Cette page a besoin de JavaScript, qui s’exécute sur cet ordinateur seul. — This page needs JavaScript, which runs on this computer alone.</noscript>
<script>${script}</script>
<template id="licences">${licences}</template>
</body>
</html>
`;

mkdirSync(`${folder}dist`, { recursive: true });
writeFileSync(`${folder}dist/sealift.html`, page);
