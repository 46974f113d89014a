/** The timeline, and the persons and services with their roles. */
import { groupsOfFour } from '@sealift/core';
import { html, type Markup } from '../markup.ts';
import { type Person, personsOf } from '../persons.ts';
import { type Step, stepsOf } from '../steps.ts';
import { titleOf } from '../tables.ts';
import { section, type Writing } from './section.ts';

/** Kinds of steps that a reader must not overlook. */
const MARKED: ReadonlySet<string> = new Set(['refusal', 'alert', 'revocation', 'abort', 'repair']);

/** The section. */
export function stepsSection(writing: Writing): Markup {
  const { source, words } = writing;
  return section(
    'steps',
    writing,
    html`<p class="remark">${words.steps.intro}</p>
<ol class="steps">
${stepsOf(source.story).map((step) => stepItem(step, writing))}</ol>
<h3>${words.steps.persons}</h3>
<ul class="persons">
${personsOf(source.story).map((person) => personItem(person, writing))}</ul>
`,
  );
}

function stepItem(step: Step, writing: Writing): Markup {
  const { words, set } = writing;
  const kind = step.content.kind === 'instructions' ? 'instructions' : step.content.statement.kind;
  const again =
    step.until === undefined
      ? undefined
      : html`<p class="again">${words.steps.again(step.times, set.moment(step.until))}</p>`;
  const takenIn =
    step.takenIn === undefined ? '' : `, ${words.steps.takenIn(step.takenIn.by.name, set.moment(step.takenIn.time))}`;
  const entry = step.entry === undefined ? '' : ` · ${words.entry(step.entry)}`;
  return html`<li class="${MARKED.has(kind) ? 'marked' : 'plain'}">
<p class="when"><time datetime="${step.time}">${set.moment(step.time)}</time></p>
<div><p class="what">${titleOf(step, words)}</p>
<p class="detail">${words.steps.detail(step.content)}</p>${again}
<p class="who">${step.by.map(({ name, role }) => `${name} (${words.steps.roles[role]})`).join(', ')}${takenIn}${entry}</p></div></li>
`;
}

function personItem({ name, role, organisation, country, undertaking, fingerprint }: Person, writing: Writing): Markup {
  const { words, set } = writing;
  const facts = [
    words.steps.roles[role],
    ...(organisation === undefined ? [] : [organisation]),
    set.country(country),
    ...(undertaking === undefined ? [] : [words.labelled(words.headings.undertaking, set.day(undertaking))]),
  ];
  return html`<li><strong>${name}</strong> <span class="facts">${facts.join(' · ')}</span> <code>${groupsOfFour(fingerprint)}</code></li>
`;
}
