/** What an inspection says to people: the source, its columns in words, and what to do about the warnings. */
import type { ColumnProfile, Inspection, InspectionWarning, Kind } from '@sealift/extract';
import { WIDTH, wrap } from '@sealift/report/wrap';
import { warningWords } from './inspection-words.ts';
import { emphasised, type Line } from './line.ts';
import { number, table } from './table.ts';

const KINDS: { readonly [kind in Kind]: string } = {
  credential: 'credential',
  nir: 'NIR',
  identifier: 'identifier',
  name: 'name',
  'birth date': 'birth date',
  date: 'date',
  phone: 'phone',
  'e-mail': 'e-mail',
  address: 'address',
  'postal code': 'postal code',
  city: 'city',
  'free text': 'free text',
  result: 'number or result',
  code: 'code or label',
  unknown: 'unknown',
};
const CERTAINTY = { certain: 'certain', likely: 'likely', guess: 'a guess' } as const;
const NEWLINES = { lf: 'LF', crlf: 'CRLF', any: 'LF and CRLF', cr: 'CR' } as const;
const LONGEST_NAME = 26;
/** From here on, an estimate can't tell whether a value comes twice. */
const NEARLY_ALL = 0.95;
const INDENT = '  ';

/** The kind in words; a date with its format. */
export function kindWords({ kind, dateFormats }: ColumnProfile): string {
  return dateFormats.length === 0 ? KINDS[kind] : `${KINDS[kind]}, ${dateFormats.join(' or ')}`;
}

/** How the source is written. */
export function sourceLines(file: string, inspection: Inspection): Line[] {
  const { rows, columns, encoding, dialect, header, bytes, extent } = inspection;
  const read = { whole: 'all of it', sample: 'a sample', stopped: 'up to a malformed row' }[extent];
  const isAlone = encoding.alike.length === 0;
  const mark = encoding.mark ? ' with a byte order mark' : '';
  const quote = dialect.quote === null ? 'none' : character(dialect.quote);
  return [
    emphasised(
      'heading',
      `${file}: ${number(rows)} rows, ${columns.length} columns, ${number(bytes)} bytes read (${read})`,
    ),
    `encoding   ${encoding.name}${mark} (${CERTAINTY[encoding.certainty]})${isAlone ? '' : ', and the same text when read as'}`,
    ...(isAlone ? [] : [`           ${encoding.alike.join(', ')}`]),
    `delimiter  ${character(dialect.delimiter)}   quote ${quote}   newline ${NEWLINES[dialect.newline]}`,
    `header     ${header === 'present' ? 'the first row' : 'there seems to be none; columns go by their numbers'}`,
  ];
}

function character(text: string): string {
  return text === '\t' ? 'tab' : text;
}

/** A line for each column, and one more for the format of a date. */
export function columnTable({ columns, rows }: Inspection): string[] {
  const kinds = columns.map((column) => KINDS[column.kind]);
  const widest = Math.max(...kinds.map((kind) => kind.length), 0);
  const lines = columns.map((column, index) => [
    shortened(labelOf(column)),
    (kinds[index] ?? '').padEnd(widest),
    percentage(column.filled, rows),
    column.matching === null ? '' : percentage(column.matching, column.filled),
    distinctWords(column),
    bytesWords(column),
  ]);
  const formats = columns.filter(({ dateFormats }) => dateFormats.length > 0);
  return [
    ...table(['column', 'kind'.padEnd(widest), 'filled', 'fits', 'different', 'bytes'], lines),
    ...(formats.length === 0 ? [] : ['', 'date formats:']),
    ...formats.map((column) => `${INDENT}${labelOf(column)}: ${column.dateFormats.join(' or ')}`),
  ];
}

/** How a column is called here: its name, or its number where it has none. */
function labelOf({ name, number: index }: ColumnProfile): string {
  return name === null || name === '' ? `column ${index}` : name;
}

function shortened(label: string): string {
  const plain = label.replace(/\s/g, ' ');
  return plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 1)}…`;
}

/** Rounded towards the middle: 100 % is all of them, and 0 % none. */
function percentage(count: number, of: number): string {
  if (of === 0) return '';
  const rounded = Math.round((100 * count) / of);
  if (count > 0 && rounded === 0) return '<1 %';
  return count < of && rounded === 100 ? '>99 %' : `${rounded} %`;
}

function distinctWords({ distinct, filled }: ColumnProfile): string {
  if (filled === 0) return '';
  if (distinct.exact) return number(distinct.count);
  if (distinct.count >= NEARLY_ALL * filled) return 'nearly all';
  const scale = 10 ** (Math.floor(Math.log10(distinct.count)) - 1);
  return `~${number(Math.round(distinct.count / scale) * scale)}`;
}

function bytesWords({ bytes }: ColumnProfile): string {
  if (bytes === null) return '';
  return bytes.shortest === bytes.longest ? String(bytes.longest) : `${bytes.shortest}-${bytes.longest}`;
}

/** What to look at, each with what to do. */
export function warningLines(inspection: Inspection): Line[] {
  return inspection.warnings.flatMap((warning) => oneWarning(warning, inspection));
}

function oneWarning(warning: InspectionWarning, { columns, stopped }: Inspection): Line[] {
  const labels = warning.columns.map((index) => columns[index - 1]).map((column) => (column ? labelOf(column) : ''));
  const { what, todo } = warningWords(warning, labels, stopped);
  const [first = '', ...others] = wrap(what, WIDTH - INDENT.length);
  return [
    emphasised(warning.code.includes('credential') ? 'bad' : 'caution', first),
    ...others.map((line) => INDENT + line),
    ...wrap(todo, WIDTH - INDENT.length).map((line) => INDENT + line),
  ];
}
