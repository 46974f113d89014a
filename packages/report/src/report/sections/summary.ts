/** The first page: what it is about, how it came out, and the summary. */
import { outcomeOf } from '@sealift/core/claims';
import { currentInstructions } from '@sealift/core/journal';
import { courseOf, type Milestone } from '../course.ts';
import { html, type Markup } from '../markup.ts';
import { summaryOf, type Totals, totalsOf } from '../summary.ts';
import type { SectionName } from '../words.ts';
import { capital, paragraphs, section, titleOfSection, type Writing } from './section.ts';

/** The title, and how the job came out. */
export function heading({ source: { story }, words, said }: Writing): Markup {
  const { signed } = currentInstructions(story);
  const { source, recipients, lab } = signed;
  const outcome = outcomeOf(story);
  const subject = words.subject(
    signed.job,
    `${source.product} ${source.version}`,
    recipients.map(({ name }) => name),
  );
  return html`<header>
<p class="kind">${words.kind}</p>
<h1>${lab.name}</h1>
<p class="subject">${subject}</p>
<p class="verdict ${outcome}">${capital(said.outcomes[outcome])}.</p>
</header>
`;
}

/** The summary: the course of the job, four figures, a few sentences. */
export function summarySection(writing: Writing): Markup {
  const { source, words } = writing;
  const totals = totalsOf(source.story);
  return section(
    'summary',
    writing,
    course(writing),
    totals === undefined ? undefined : figures(totals, writing),
    paragraphs(words.summary(summaryOf(source.story))),
  );
}

function course({ source, words, set }: Writing): Markup {
  const standing = ({ standing: reached, time }: Milestone): string => {
    // Columns are narrow: the year may go to a second line.
    const when = time === undefined ? '' : set.day(time).replace(/\u00a0(?=\d{4}$)/, ' ');
    return reached === 'reached' ? when : [words.milestoneStandings[reached], when].filter(Boolean).join(', ');
  };
  return html`<ol class="course" aria-label="${words.course}">
${courseOf(source.story).map(
  (milestone) =>
    html`<li class="${milestone.standing}"><span class="name">${words.milestones[milestone.name]}</span> <span class="when">${standing(milestone)}</span></li>
`,
)}</ol>
`;
}

function figures(totals: Totals, { words, set }: Writing): Markup {
  const labels = words.figures(totals);
  const names = ['rowsLeft', 'rowsStayed', 'columnsLeft', 'columnsStayed'] as const;
  return html`<dl class="figures">
${names.map(
  (name) => html`<div class="${name}"><dt>${labels[name]}</dt><dd>${set.number(totals[name])}</dd></div>
`,
)}</dl>
`;
}

/** The list of the sections that follow. */
export function contents(names: readonly SectionName[], writing: Writing): Markup {
  return html`<nav aria-label="${writing.words.contents}"><ol>
${names.map(
  (name) => html`<li><a href="#${name}">${titleOfSection(name, writing)}</a></li>
`,
)}</ol></nav>
`;
}
