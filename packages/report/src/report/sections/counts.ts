/** What was counted, over all datasets: rows, fields, and the counts of every party beside each other. */
import { countColumns, reconcile } from '@sealift/core/claims';
import type { RowCounts } from '@sealift/core/dataset';
import { countSentences } from '../../words/counts.ts';
import { fieldMatrix } from '../fields.ts';
import { html, type Markup } from '../markup.ts';
import { capital, section, type Writing } from './section.ts';
import { type Column, table } from './table.ts';

/** The section. */
export function countsSection(writing: Writing): Markup {
  const { source, words } = writing;
  const isExtracted = source.story.progress.extraction !== undefined;
  return section(
    'counts',
    writing,
    ...(isExtracted
      ? [rowsTable(writing), fieldsTable(writing), reconciliation(writing)]
      : [html`<p>${words.totals.nothing}</p>`, fieldsTable(writing)]),
  );
}

function rowsTable({ source: { story }, words, set }: Writing): Markup {
  const { headings } = words;
  const counts = (story.progress.extraction?.statement.datasets ?? []).map((one) => ({
    ...one.counts,
    dataset: one.dataset,
  }));
  const numbers = ({ read, kept }: Pick<RowCounts, 'read' | 'kept'>): string[] =>
    [read, kept, read - kept].map((count) => set.number(count));
  const sum = (of: 'read' | 'kept'): number => counts.reduce((total, count) => total + count[of], 0);
  return table(
    words.totals.rows,
    [{ heading: headings.dataset }, ...numeric(headings.read, headings.left, headings.stayed)],
    counts.map((count) => [count.dataset, ...numbers(count)]),
    counts.length < 2 ? undefined : [headings.total, ...numbers({ read: sum('read'), kept: sum('kept') })],
  );
}

function fieldsTable({ source: { story }, words, set }: Writing): Markup {
  const { headings } = words;
  const marks = ['asked', 'inSource', 'left', 'stayed'] as const;
  const isRead = story.progress.extraction !== undefined;
  const rows = fieldMatrix(story).map(({ dataset, fields }) => ({
    dataset,
    counts: marks.map((mark) => fields.filter((field) => field[mark] === true).length),
  }));
  const shown = (count: number, index: number): string => (index > 0 && !isRead ? words.notKnown : set.number(count));
  const sum = marks.map((_, index) => rows.reduce((total, { counts }) => total + (counts[index] ?? 0), 0));
  return table(
    words.totals.fields,
    [
      { heading: headings.dataset },
      ...numeric(headings.asked, headings.inSource, headings.fieldLeft, headings.fieldStayed),
    ],
    rows.map(({ dataset, counts }) => [dataset, ...counts.map(shown)]),
    rows.length < 2 ? undefined : [headings.total, ...sum.map(shown)],
  );
}

/** One line for each party that counted, one column for each dataset, and what the counts come to. */
function reconciliation({ source, words, said, set }: Writing): Markup {
  const reconciled = reconcile(source.story, source.recomputed);
  const rows = countColumns(reconciled).map(({ by, recipient, of, counts }) => [
    html`${capital(said.counts.by(by, recipient))} <small>${said.counts[of]}</small>`,
    ...counts.map((count) => (count === undefined ? html`<span class="none">–</span>` : set.number(count))),
  ]);
  const sentences = countSentences(reconciled, source.language);
  const differs = reconciled.some(({ agreement }) => agreement === 'different');
  return html`${table(said.counts.title, [{ heading: words.headings.countedBy }, ...numeric(...reconciled.map(({ dataset }) => dataset))], rows)}
<ul class="${differs ? 'sentences differ' : 'sentences'}">${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
`;
}

function numeric(...headings: readonly string[]): Column[] {
  return headings.map((heading) => ({ heading, kind: 'number' }));
}
