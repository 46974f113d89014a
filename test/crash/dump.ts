/** A tiny dump for crashes: a few patients, and results of more than 1 MiB, so that several chunks are written. Nobody in it is real. */
import { randomBytes, randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

const PATIENTS = 12;
const RESULTS_EACH = 100;
/** Characters of a result's text: 1,100 of them are more than 1 MiB. */
const TEXT = 1000;

/** The dump, and what of it must never be seen in clear with the processor. */
export interface Dump {
  /** Rows that leave, by dataset. */
  readonly kept: Readonly<Record<string, number>>;
  /** Parts of values: one stands in every name, e-mail, password and result, the other in every NIR and result. */
  readonly canaries: readonly string[];
}

const dialect = { encoding: 'windows-1252', delimiter: ';', quote: '"', newline: 'crlf' };
/** The datasets of instructions for the dump. */
export const TINY_DATASETS: readonly Record<string, unknown>[] = [
  {
    name: 'patients',
    dialect,
    fields: ['ID', 'NIR', 'NOM', 'EMAIL', 'VISITE'].map((name) => ({ name })),
    window: {
      field: 'VISITE',
      format: 'DD/MM/YYYY',
      from: { date: '2017-05-07', inclusive: true },
      emptyDate: 'withhold',
      impossibleDate: 'withhold',
    },
  },
  {
    name: 'results',
    dialect,
    fields: ['ID', 'RESULTAT'].map((name) => ({ name })),
    link: { field: 'ID', to: 'patients', toField: 'ID' },
  },
];

/** Writes patients.csv and results.csv. */
export async function writeTinyDump(path: (name: string) => string): Promise<Dump> {
  const word = `zq${randomBytes(8).toString('hex')}`;
  const digits = String(randomInt(10 ** 11, 10 ** 12));
  const rows = Array.from({ length: PATIENTS }, (_, id) => {
    // The last one's visit lies before the window, so that neither the row nor its results leave.
    const visit = id === PATIENTS - 1 ? '06/05/2017' : '07/05/2017';
    return `${id};2${digits}${id};Zéphyrin Lœuvre ${word} ${id};${word}${id}@courrier.example;${visit};mdp-${word}-${id}`;
  });
  const results = Array.from({ length: PATIENTS * RESULTS_EACH }, (_, row) => {
    const text = `Lœuvre ${word} 2${digits}: ${row} mg/l; `;
    return `${row % PATIENTS};"${text.padEnd(TEXT, text)}"`;
  });
  const write = (file: string, lines: readonly string[]): Promise<void> =>
    writeFile(path(file), windows1252([...lines, ''].join('\r\n')));
  await write('patients.csv', ['ID;NIR;NOM;EMAIL;VISITE;MP', ...rows]);
  await write('results.csv', ['ID;RESULTAT', ...results]);
  const kept = { patients: PATIENTS - 1, results: (PATIENTS - 1) * RESULTS_EACH };
  return { kept, canaries: [word, digits] };
}

/** Only `œ` of the dump differs from ISO 8859-1. */
function windows1252(text: string): Buffer {
  return Buffer.from(text.replaceAll('œ', '\u009c'), 'latin1');
}

/** An ASCII text in every encoding in which it could have been written: 8 or 16 bits, and base64 and hex of those. */
export function spellings(text: string): Buffer[] {
  return [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')].flatMap((bytes) => [
    bytes,
    ...[0, 1, 2].map((distance) => inBase64(bytes, distance)),
    Buffer.from(bytes.toString('hex')),
    Buffer.from(bytes.toString('hex').toUpperCase()),
  ]);
}

/** What base64 of a text that holds these bytes must hold, at a distance from the beginning of a group of three. */
function inBase64(bytes: Buffer, distance: number): Buffer {
  const whole = Buffer.concat([Buffer.alloc(distance), bytes]).toString('base64');
  return Buffer.from(whole.slice(Math.ceil((distance * 8) / 6), Math.floor(((distance + bytes.length) * 8) / 6)));
}
