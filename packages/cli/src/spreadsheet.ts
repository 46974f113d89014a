/** Tables as files for a spreadsheet (fault 33): what would be read as a formula is made text. Data are never written by this. */
import type { Language, ReportTable } from '@sealift/report';
import { stringify } from 'csv-stringify/sync';

/** Where a comma is the decimal mark, spreadsheets expect a semicolon between cells. */
const DELIMITER: Readonly<Record<Language, string>> = { en: ',', fr: ';' };

/** CSV in UTF-8 with the byte order mark that spreadsheets want; a cell that begins as a formula does gets an apostrophe before it. */
export function spreadsheetOf({ header, rows }: ReportTable, language: Language): Uint8Array {
  const text = stringify([header, ...rows], {
    bom: true,
    delimiter: DELIMITER[language],
    escape_formulas: true,
    record_delimiter: 'windows',
  });
  return new TextEncoder().encode(text);
}
