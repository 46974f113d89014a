/** Each dataset by itself: by which rule its rows leave, when they are of, and every field of it. */
import type { Dataset } from '@sealift/core/dataset';
import { currentInstructions } from '@sealift/core/journal';
import type { ExtractedDataset } from '@sealift/core/statement';
import { yearsFigure } from '../chart.ts';
import { type DatasetFields, extractedDataset, type FieldRow, fieldMatrix } from '../fields.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { stayReasons } from '../stay-reasons.ts';
import { plainText } from './plain-text.ts';
import { section, type Writing } from './section.ts';

/** The section. */
export function datasetsSection(writing: Writing): Markup {
  const { story } = writing.source;
  const matrices = new Map(fieldMatrix(story).map((matrix) => [matrix.dataset, matrix]));
  return section(
    'datasets',
    writing,
    currentInstructions(story).signed.datasets.map((dataset) =>
      datasetArticle(dataset, matrices.get(dataset.name) ?? { dataset: dataset.name, fields: [] }, writing),
    ),
  );
}

function datasetArticle(dataset: Dataset, matrix: DatasetFields, writing: Writing): Markup {
  const extracted = extractedDataset(writing.source.story, dataset.name);
  return html`<article aria-labelledby="dataset-${dataset.name}">
<h3 id="dataset-${dataset.name}">${dataset.name}</h3>
${plainText(writing.rules(dataset))}${extracted === undefined ? html`<p class="remark">${writing.words.dataset.unread}</p>` : rowsOf(extracted, writing)}
${fieldsOf(matrix, writing)}</article>
`;
}

/** A long name may be broken after its underscores. */
function breakable(name: string): Piece {
  return name.split(/(?<=_)/).map((part, index) => (index === 0 ? part : html`<wbr>${part}`));
}

/** How many rows left, why the others stayed, and the chart of years. */
function rowsOf({ counts, dates }: ExtractedDataset, writing: Writing): Markup {
  const { words, set } = writing;
  const part = (rows: number, text: string): Markup => html`<li><strong>${set.number(rows)}</strong> ${text}</li>
`;
  const undated = counts.emptyDate + counts.impossibleDate + counts.malformed;
  return html`<ul class="rows">
${part(counts.kept, words.chart.left)}${part(counts.read - counts.kept, words.chart.stayed)}</ul>
${counts.read === counts.kept ? undefined : html`<p class="reasons">${reasons(counts, writing)}</p>`}
${dates === undefined || dates.years.length === 0 ? undefined : yearsFigure(dates, undated, writing)}`;
}

function reasons(counts: ExtractedDataset['counts'], { words, source }: Writing): string {
  return words.labelled(words.headings.stayed, stayReasons(counts, source.language).join(', '));
}

/** The matrix: a line for each field that was asked for; the others of the source, which are many, by their names. */
function fieldsOf({ dataset, fields }: DatasetFields, writing: Writing): Markup {
  const { words, source } = writing;
  const { headings } = words;
  const asked = fields.filter((field) => field.asked);
  const others = fields.filter((field) => !field.asked);
  const isRead = extractedDataset(source.story, dataset) !== undefined;
  const caption = words.dataset.leaving(asked.length);
  return html`<div class="scroll" role="region" aria-label="${dataset} – ${caption}" tabindex="0"><table class="matrix">
<caption>${caption}</caption>
<thead><tr><th scope="col">${headings.field}</th>${[headings.asked, headings.inSource, headings.fieldLeft, headings.fieldStayed].map((heading) => html`<th scope="col" class="mark">${heading}</th>`)}</tr></thead>
<tbody>
${asked.map((field) => fieldRow(field, writing))}</tbody>
</table></div>
${isRead ? otherFields(others, writing) : undefined}`;
}

function fieldRow(field: FieldRow, writing: Writing): Markup {
  const { words } = writing;
  const remarks = [
    ...(field.as === undefined ? [] : [words.dataset.leavesAs(field.as)]),
    ...(field.freeText ? [words.dataset.freeText] : []),
    ...(field.purpose === undefined ? [] : [field.purpose]),
    ...(field.decides ? [words.dataset.decides] : []),
  ];
  const remark = remarks.length === 0 ? undefined : html` <small>${remarks.join(' – ')}</small>`;
  const marks = [field.asked, field.inSource, field.left, field.stayed];
  return html`<tr><th scope="row">${breakable(field.name)}${remark}</th>${marks.map((value) => html`<td class="mark">${mark(value, writing)}</td>`)}</tr>
`;
}

function mark(value: boolean | undefined, { words }: Writing): Piece {
  if (value === undefined) return words.notKnown;
  return value
    ? words.yes
    : html`<span class="none"><span aria-hidden="true">–</span><span class="visually-hidden">${words.no}</span></span>`;
}

function otherFields(others: readonly FieldRow[], { words }: Writing): Markup {
  const title = words.dataset.staying(others.length);
  if (others.length === 0)
    return html`<p class="remark">${title}</p>
`;
  return html`<h4>${title}</h4>
<ul class="names">
${others.map(
  ({ name, decides }) =>
    html`<li>${breakable(name)}${decides ? html` <small>${words.dataset.decides}</small>` : undefined}</li>
`,
)}</ul>
`;
}
