/** What an extraction counted: rows that left and stayed, by reason, and columns. */
import { stayReasons } from '@sealift/report';
import type { Language } from '../language.ts';
import { EXTRACTION_WORDS } from '../words/extraction.ts';
import type { ExtractedRows } from '../work/answer.ts';
import { element } from './element.ts';
import { notice } from './notice.ts';
import { numberText, table } from './table.ts';

/** One table of all datasets, and the columns of each. */
export function extractionTables(datasets: readonly ExtractedRows[], language: Language): readonly Node[] {
  if (datasets.length === 0) return [];
  const words = EXTRACTION_WORDS[language];
  const number = (value: number | undefined): string => (value === undefined ? '–' : numberText(value, language));
  const hasExpectation = datasets.some(({ expected }) => expected !== undefined);
  const hasImport = datasets.some(({ loaded }) => loaded !== undefined);
  const columns = [
    { heading: words.dataset },
    { heading: words.read, numeric: true },
    { heading: words.kept, numeric: true },
    ...(hasExpectation ? [{ heading: words.expected, numeric: true }] : []),
    { heading: words.stayed, numeric: true },
    ...(hasImport ? [{ heading: words.loaded, numeric: true }] : []),
  ];
  const rows = datasets.map(({ dataset, counts, expected, loaded }) => [
    dataset,
    number(counts.read),
    number(counts.kept),
    ...(hasExpectation ? [number(expected)] : []),
    number(counts.read - counts.kept),
    ...(hasImport ? [number(loaded)] : []),
  ]);
  return [table(words.caption, columns, rows), ...datasets.flatMap((one) => aboutDataset(one, language))];
}

function aboutDataset(
  { dataset, counts, expected, kept, withheld }: ExtractedRows,
  language: Language,
): readonly Node[] {
  const words = EXTRACTION_WORDS[language];
  const reasons = stayReasons(counts, language);
  const differs = expected !== undefined && expected !== counts.kept;
  return [
    ...(differs ? [notice('caution', words.differs(dataset, expected, counts.kept))] : []),
    element(
      'details',
      { class: 'dataset' },
      element('summary', {}, words.details(dataset, kept.length, withheld.length)),
      element('p', {}, element('strong', {}, words.keptColumns), ' ', kept.join(', ')),
      element(
        'p',
        {},
        element('strong', {}, words.withheldColumns),
        ' ',
        withheld.length === 0 ? words.none : withheld.join(', '),
      ),
      ...(reasons.length === 0
        ? []
        : [
            element('p', {}, element('strong', {}, words.reasonsTitle)),
            element('ul', {}, ...reasons.map((reason) => element('li', {}, reason))),
          ]),
    ),
  ];
}
