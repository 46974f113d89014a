/** A job of five datasets with eighty columns each, whose names and cells do what spreadsheets and browsers must not do with them. */
import { writeFile } from 'node:fs/promises';
import { extraction } from '@sealift/demo/cast';
import { startEmbedded } from './embedded.ts';
import { Migration } from './migration.ts';

/** What a spreadsheet would read as formulas, and a browser as an element. */
export const HOSTILE_NAMES: readonly string[] = [
  '=HYPERLINK("http://evil.example","NOM")',
  '+33',
  '-5',
  '@SUM(A1)',
  '<img src=x onerror=alert(1)>',
  `"quoted" & 'quoted'`,
  'ltr\u202egnirts',
];
const DATASETS = ['patients', 'results', 'visits', 'invoices', 'prescribers'];
const COLUMNS = 80;
const LISTED = 24;
const YEARS = 30;

/** Names of a dataset's columns: the hostile ones, a date, and dull ones. */
export const WIDE_COLUMNS: readonly string[] = [
  ...HOSTILE_NAMES,
  'DATE',
  ...Array.from({ length: COLUMNS - HOSTILE_NAMES.length - 1 }, (_, index) => `COLONNE_NUMERO_${index}`),
];

/** Cells of the first row, the same in every dataset. */
export const HOSTILE_CELLS: readonly string[] = ['=1+1', '+1', '-5', '@x', '<b>x</b>', "'x'", 'x'];

/** Plays the job up to the extraction. */
export async function startWideJob(): Promise<Migration> {
  const dialect = { encoding: 'utf-8', delimiter: ';', quote: '"', newline: 'crlf' };
  const window = {
    field: 'DATE',
    format: 'YYYY-MM-DD',
    from: { date: '2010-01-01', inclusive: true },
    emptyDate: 'withhold',
    impossibleDate: 'withhold',
  };
  const fields = WIDE_COLUMNS.slice(0, LISTED).map((name, index) => ({
    name,
    // The names of the output are tame, but for the first.
    ...(index > 0 && index < HOSTILE_NAMES.length ? { as: `hostile-${index}` } : {}),
  }));
  const migration = await Migration.start({
    job: 'wide-2026',
    start: startEmbedded,
    noPassphrase: true,
    datasets: DATASETS.map((name) => ({ name, dialect, fields, window })),
    members: { gates: { delivery: [], purge: ['receipt'] } },
  });
  const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';');
  const rows = Array.from({ length: 40 * YEARS }, (_, row) =>
    WIDE_COLUMNS.map((_name, column) => {
      if (column === HOSTILE_NAMES.length) return `${1996 + (row % YEARS)}-0${1 + (row % 9)}-15`;
      return HOSTILE_CELLS[column] ?? `v${row}`;
    }),
  );
  const csv = [WIDE_COLUMNS, ...rows].map((cells) => `${quoted(cells)}\r\n`).join('');
  for (const name of DATASETS) await writeFile(migration.cast.vendor.path(`${name}.csv`), csv);
  await migration.play(extraction('wide-2026'));
  return migration;
}
