/** The rows of each dataset as each party counted them, and what the counts come to. */
import { countColumns, type Reconciled } from '@sealift/core/claims';
import { countSentences, wordsOf } from '@sealift/report';
import type { Language } from '../language.ts';
import { EXTRACTION_WORDS } from '../words/extraction.ts';
import { element } from './element.ts';
import { notice } from './notice.ts';
import { numberText, table } from './table.ts';

/** The table where more than the processor counted, and the sentences: differences stand out. */
export function countsTable(reconciled: readonly Reconciled[], language: Language): readonly Node[] {
  const { counts: words } = wordsOf(language);
  const isCompared = reconciled.some(({ agreement }) => agreement === 'equal' || agreement === 'different');
  const columns = isCompared ? countColumns(reconciled) : [];
  const headings = columns.map(({ by, recipient, of }) => ({
    heading: `${words[of]}, ${words.by(by, recipient)}`,
    numeric: true,
  }));
  const rows = reconciled.map((one, index) => [
    one.dataset,
    ...columns.map(({ counts }) => numberOf(counts[index], language)),
  ]);
  const differs = reconciled.some(({ agreement }) => agreement === 'different');
  const sentences = countSentences(reconciled, language);
  return [
    ...(columns.length === 0
      ? []
      : [table(words.title, [{ heading: EXTRACTION_WORDS[language].dataset }, ...headings], rows)]),
    ...sentences.map((sentence) => (differs ? notice('caution', sentence) : element('p', {}, sentence))),
  ];
}

function numberOf(count: number | undefined, language: Language): string {
  return count === undefined ? '–' : numberText(count, language);
}
