/**
 * The report of a job (F21): one HTML page without a script and without anything outside itself, on screens and on paper, of a job that
 * succeeded, failed or was refused. It says nothing that a verified manifest does not, and holds no value of a patient.
 */
import { encodeBase64, sha256 } from '@sealift/core';
import { currentInstructions } from '@sealift/core/journal';
import { html, Markup } from './markup.ts';
import { checkSection } from './sections/check.ts';
import { claimsSection, troublesSection } from './sections/claims.ts';
import { countsSection } from './sections/counts.ts';
import { datasetsSection } from './sections/datasets.ts';
import { filesSection } from './sections/files.ts';
import { instructionsSection, wordsSection } from './sections/instructions.ts';
import type { Writing } from './sections/section.ts';
import { stepsSection } from './sections/steps.ts';
import { contents, heading, summarySection } from './sections/summary.ts';
import type { ReportSource } from './source.ts';
import { REPORT_STYLE } from './style.ts';
import { reportLanguage, type SectionName } from './words.ts';

/** The page. The same source gives the same bytes. */
export function reportHtml(source: ReportSource): string {
  const writing: Writing = { ...reportLanguage(source.language), source };
  const { words } = writing;
  const { signed } = currentInstructions(source.story);
  const troubles = troublesSection(writing);
  const names: SectionName[] = [
    ...(troubles === undefined ? [] : ['troubles' as const]),
    ...(['counts', 'datasets', 'steps', 'files', 'claims', 'check', 'instructions', 'words'] as const),
  ];
  return html`<!doctype html>
<html lang="${source.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${words.kind} – ${signed.job} – ${signed.lab.name}</title>
<style>${Markup.trusted(REPORT_STYLE)}</style>
</head>
<body>
<main>
${heading(writing)}${summarySection(writing)}${contents(names, writing)}${troubles}${countsSection(writing)}${datasetsSection(writing)}${stepsSection(writing)}${filesSection(writing)}${claimsSection(writing)}${checkSection(writing)}${instructionsSection(writing)}${wordsSection(writing)}</main>
<footer><p>${words.footer}</p></footer>
</body>
</html>
`.toString();
}

/** Nothing may be loaded and no script run: the one style, by its digest (CSP Level 3 §6.7.3). */
function policy(): string {
  const digest = encodeBase64(sha256(new TextEncoder().encode(REPORT_STYLE)));
  return `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`;
}
