/** What was checked before the report was written, and how anybody checks it again without its authors. */
import { groupsOfFour } from '@sealift/core';
import { currentInstructions } from '@sealift/core/journal';
import { digestRecipe, signatureRecipe } from '../by-hand.ts';
import { html, type Markup } from '../markup.ts';
import { paragraphs, section, type Writing } from './section.ts';

/** The section. */
export function checkSection(writing: Writing): Markup {
  const { source, words } = writing;
  const { check } = words;
  const { story, checked } = source;
  const { roster } = currentInstructions(story);
  const { name: lab } = roster.document.signed.lab;
  const { seq: entries, head } = story.chain;
  return section(
    'check',
    writing,
    html`${paragraphs(check.done({ ...checked, lab, entries, head }))}<div class="fingerprint">
<p class="label">${check.fingerprint(lab)}</p>
<p class="groups">${groupsOfFour(roster.fingerprint)
      .split(' ')
      .map((group) => html`<span>${group}</span> `)}</p>
</div>
<p>${check.intro}</p>
<ol class="ways">
<li><p>${check.byPage}</p></li>
<li><p>${check.byCommand}</p>
<pre>migrate verify manifest.json --lab lab.roster.json</pre></li>
<li><p>${check.byHand}</p>
${byHand(writing)}<p class="remark">${check.further}</p></li>
</ol>
`,
  );
}

function byHand({ source: { story }, words: { check } }: Writing): Markup {
  const digests = digestRecipe(story);
  const signature = signatureRecipe(story);
  return html`${
    digests === undefined
      ? undefined
      : html`<p>${check.digests}</p>
<pre class="digests">${digests}</pre>
`
  }<p>${check.signature(signature.signer)}</p>
<pre class="signature">${signature.commands}</pre>
<p>${check.answers('Signature Verified Successfully')}</p>
`;
}
