/** The counts of all parties beside each other: as a table in plain text, and what they come to. */
import type { Agreement, Reconciled } from '@sealift/core/claims';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import type { Language } from '../language/language.ts';
import { WIDTH, wrap } from '../language/wrap.ts';
import { wordsOf } from './words.ts';

/** What the counts come to, in sentences: each difference, and how far the others agree. */
export function countSentences(reconciled: readonly Reconciled[], language: Language): string[] {
  const said = wordsOf(language);
  const words = said.counts;
  const named = (agreement: Agreement): string[] =>
    reconciled.filter((one) => one.agreement === agreement).map(({ dataset }) => dataset);
  const [none, single, equal] = [named('none'), named('single'), named('equal')];
  if (none.length > 0) return [words.none];
  return [
    ...reconciled.flatMap(({ dataset, differences }) => differences.map((one) => said.difference(dataset, one))),
    ...(single.length === 0 ? [] : [words.single(single)]),
    ...(equal.length === 0 ? [] : [equal.length === reconciled.length ? words.allEqual : words.equal(equal)]),
  ];
}

const NUMBER_WIDTH = 15;
const LABEL_WIDTH = WIDTH - 2 * NUMBER_WIDTH;

/** One line for each count, under its dataset, in at most 80 columns; none where nobody has counted. */
export function countTable(reconciled: readonly Reconciled[], language: Language): string[] {
  const { counts: words } = wordsOf(language);
  const { number } = language === 'fr' ? french : english;
  const cell = (count: number | undefined): string => (count === undefined ? '' : number(count));
  const counted = reconciled.filter(({ counts }) => counts.length > 0);
  if (counted.length === 0) return [];
  return [
    row('', words.read, words.kept),
    ...counted.flatMap(({ dataset, counts }) => [
      `  ${dataset}`,
      ...counts.flatMap(({ by, recipient, read, kept }) => {
        const labels = wrap(words.by(by, recipient), LABEL_WIDTH - 4).map((line) => `    ${line}`);
        return [...labels.slice(0, -1), row(labels.at(-1) ?? '', cell(read), cell(kept))];
      }),
    ]),
  ];
}

function row(label: string, read: string, kept: string): string {
  return (label.padEnd(LABEL_WIDTH) + read.padStart(NUMBER_WIDTH) + kept.padStart(NUMBER_WIDTH)).trimEnd();
}
