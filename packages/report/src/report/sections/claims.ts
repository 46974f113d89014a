/** What is missing, late or refused; and every claim with how far it goes. */
import { type Claim, claimsOf, type Standing, type Trouble, troublesOf } from '@sealift/core/claims';
import { html, type Markup } from '../markup.ts';
import { asOf } from '../source.ts';
import { section, type Writing } from './section.ts';

const STANDINGS: readonly Standing[] = ['proven', 'attested', 'unknown'];

/** The troubles; undefined where there are none. */
export function troublesSection(writing: Writing): Markup | undefined {
  const { source, said } = writing;
  // Why it stopped, before what is missing since.
  const found = troublesOf(source.story, asOf(source));
  const isMissing = ({ trouble }: Trouble): boolean => trouble === 'missing';
  const troubles = [...found.filter((one) => !isMissing(one)), ...found.filter(isMissing)];
  if (troubles.length === 0) return undefined;
  return section(
    'troubles',
    writing,
    html`<ul class="claims">
${troubles.map(
  (
    trouble,
  ) => html`<li class="trouble"><span class="standing">${said.marks[trouble.trouble]}</span> <p>${said.trouble(trouble)}</p></li>
`,
)}</ul>
`,
  );
}

/** The claims, grouped by the questions that they answer. */
export function claimsSection(writing: Writing): Markup {
  const { source, words, said } = writing;
  const claims = claimsOf(source.story);
  const groups = [...new Set(claims.map(({ group }) => group))];
  const many = (standing: Standing): number => claims.filter((claim) => claim.standing === standing).length;
  return section(
    'claims',
    writing,
    html`<dl class="meanings">
${STANDINGS.map(
  (standing) =>
    html`<dt class="standing ${standing}">${words.standingCounts(standing, many(standing))}</dt><dd>${said.meanings[standing]}</dd>
`,
)}</dl>
${groups.map(
  (group) => html`<h3>${said.groups[group]}</h3>
<ul class="claims">
${claims.filter((claim) => claim.group === group).map((claim) => claimItem(claim, writing))}</ul>
`,
)}`,
  );
}

function claimItem(claim: Claim, { words, said }: Writing): Markup {
  const { claim: says, reason } = said.claim(claim);
  const rests = claim.entry === undefined ? reason : `${reason} (${words.entry(claim.entry)})`;
  return html`<li><span class="standing ${claim.standing}">${said.standings[claim.standing]}</span> <p>${says} <small>${rests}</small></p></li>
`;
}
