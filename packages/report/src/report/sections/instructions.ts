/** The instructions as they were signed, in plain language, and the words that need an explanation. */
import { currentInstructions } from '@sealift/core/journal';
import type { Section } from '../../page/page.ts';
import { signatureStatus } from '../../page/signature-status.ts';
import { html, type Markup } from '../markup.ts';
import { plainText } from './plain-text.ts';
import { section, type Writing } from './section.ts';

/** The instructions in force at the end, with the versions before them. */
export function instructionsSection(writing: Writing): Markup {
  const { source, page } = writing;
  const { document, signed, roster } = currentInstructions(source.story);
  const { title, sections } = page({ signed, status: signatureStatus(document, roster) });
  return section(
    'instructions',
    writing,
    versions(writing),
    html`<div class="sheet">
<h3>${title}</h3>
${sections.map(sheetSection)}</div>
`,
  );
}

function versions({ source: { story }, words, set }: Writing): Markup | undefined {
  if (story.versions.length < 2) return undefined;
  return html`<p>${words.versions}</p>
<ol>${story.versions.map(
    ({ signed, digest }) =>
      html`<li>${String(signed.version)}, ${set.moment(signed.issued)} <code>${digest}</code></li>`,
  )}</ol>
`;
}

function sheetSection({ title, lines }: Section): Markup {
  return html`<h4>${title}</h4>
${plainText(lines)}`;
}

/** The glossary. */
export function wordsSection(writing: Writing): Markup {
  return section(
    'words',
    writing,
    html`<dl class="glossary">
${writing.words.glossary.map(
  ([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>
`,
)}</dl>
`,
  );
}
