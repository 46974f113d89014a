/** The warnings of an inspection in words. */
import type { Inspection, InspectionWarning } from '@sealift/extract';
import { number } from './table.ts';

/** What is wrong, and what to do about it. */
export interface WarningWords {
  readonly what: string;
  readonly todo: string;
}

type Words = (labels: string, count: string, stopped: Inspection['stopped']) => readonly [string, string];

const hidden =
  (what: string): Words =>
  (labels, count) => [
    `${labels}: ${what} in ${count} cells of another kind`,
    'list this column only if the purpose covers that too',
  ];

const WORDS: { readonly [code in InspectionWarning['code']]: Words } = {
  credential: (labels) => [`${labels}: a credential by its name`, 'it can never be listed'],
  'renamed-credential': (labels) => [
    `${labels}: its values look like passwords, their digests, or logins`,
    'a credential is never allowed, whatever its column is called: do not list it',
  ],
  'possible-credential': (labels) => [
    `${labels}: its values could be passwords or logins`,
    'ask the vendor what it holds before you list it',
  ],
  'nir-in-text': hidden('a NIR'),
  'email-in-text': hidden('an e-mail address'),
  'phone-in-text': hidden('a phone number'),
  'free-text': (labels) => [
    `free text, which may hold diagnoses: ${labels}`,
    'each needs "freeText": true and a purpose of its own; leave out what is not needed',
  ],
  'unknown-kind': (labels) => [`not recognised: ${labels}`, 'look at each before you list it'],
  'ambiguous-date': (labels) => [
    `${labels}: no cell tells day from month; two formats or more fit all of them`,
    'ask the vendor for the format before a window uses this column',
  ],
  'unreadable-dates': (labels, count) => [
    `${labels}: ${count} cells are no date in the format that fits best`,
    'decide in the window what happens to such rows: withhold or refuse',
  ],
  'wrong-nir': (labels, count) => [
    `${labels}: ${count} cells are no NIR with a check digit that holds`,
    'they may be temporary numbers: tell the recipient',
  ],
  'empty-name': (labels) => [`${labels} has no name`, 'no field of the dump can leave before each column has a name'],
  'same-name': (labels) => [
    `two columns have the same name: ${labels}`,
    'dump the source again with names that differ',
  ],
  'similar-names': (labels) => [
    `names that look the same: ${labels}`,
    'copy the name that you list out of the outline',
  ],
  'no-header': () => [
    'the first row holds values, or could: no name is shown',
    'dump it again with column names; if that row does hold them, add --header',
  ],
  'undefined-bytes': (_, count) => [
    `${count} bytes are no characters in the encoding`,
    'the source is damaged or mixes encodings; extraction refuses such a cell',
  ],
  'unsure-encoding': () => [
    'the encoding is a guess',
    'compare a name with an accent in the old system and in the new one',
  ],
  'mixed-newlines': () => ['rows end in LF and in CRLF', 'declare newline "any"'],
  stopped: (_labels, _count, stopped) => [
    `reading stopped: ${stopped?.message ?? 'a row is malformed'}`,
    stopped?.hint ?? 'correct the source',
  ],
};

/** Puts a warning into words; `labels` are the columns concerned. */
export function warningWords(
  { code, count }: InspectionWarning,
  labels: readonly string[],
  stopped: Inspection['stopped'],
): WarningWords {
  const [what, todo] = WORDS[code](labels.join(', '), number(count ?? 0), stopped);
  return { what, todo };
}
