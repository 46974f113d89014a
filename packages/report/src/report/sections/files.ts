/** The sealed files and their digests. */
import { currentInstructions } from '@sealift/core/journal';
import { html, type Markup } from '../markup.ts';
import { sealedFilesOf } from '../sealed-files.ts';
import { section, type Writing } from './section.ts';

/** The section. */
export function filesSection(writing: Writing): Markup {
  const { source, words, set } = writing;
  const files = sealedFilesOf(source.story);
  if (files.length === 0) return section('files', writing, html`<p>${words.files.none}</p>`);
  return section(
    'files',
    writing,
    html`<p>${words.files.intro}</p>
${server(writing)}<ul class="files">
${files.map(
  ({ name, bytes, digest, delivered }) =>
    html`<li><strong>${name}</strong> <span class="facts">${set.size(bytes)} (${set.number(bytes)}) · ${words.files.delivered[delivered]}</span> <code>${digest}</code></li>
`,
)}</ul>
`,
  );
}

function server({ source: { story }, words, set }: Writing): Markup | undefined {
  const { delivery } = story.progress;
  if (delivery === undefined) return undefined;
  const { host, port } = delivery.server;
  const { country } = currentInstructions(story).signed.endpoint;
  return html`<p>${words.files.server(host, String(port), set.country(country))}</p>
`;
}
