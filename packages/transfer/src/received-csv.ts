/** The recipient's own look at an opened dataset, by a parser that shares nothing with the one that wrote it (csv-parse). */
import { SealiftError } from '@sealift/core';
import { type Dataset, outputHeader } from '@sealift/core/dataset';
import { compileWindow, joinVerdicts, windowsOf } from '@sealift/core/window';
import { type Parser, parse } from 'csv-parse';

/** What was counted. */
export interface ReceivedCounts {
  readonly rows: number;
  readonly columns: readonly string[];
}

/** Takes plaintext in pieces, and says at the end what it was. */
export class ReceivedCsv {
  readonly #parser: Parser;
  readonly #done: Promise<ReceivedCounts>;

  /** @param dataset the instructions' description of the dataset */
  constructor(dataset: Dataset) {
    this.#parser = parse({ bom: false, relax_column_count: false, skip_empty_lines: false, record_delimiter: '\r\n' });
    this.#done = readRecords(this.#parser, dataset);
    // A failure is reported by finish(); until then it must not count as unhandled.
    this.#done.catch(() => undefined);
  }

  /** Adds plaintext; resolves when more may come. */
  async push(plaintext: Uint8Array): Promise<void> {
    if (this.#parser.destroyed) return;
    if (this.#parser.write(plaintext)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#parser.off('drain', go).off('close', go);
        resolve();
      };
      this.#parser.on('drain', go).on('close', go);
    });
  }

  /**
   * Ends the input.
   * @throws E_SCOPE for another header than the allow-list or a date outside the window, E_CSV when it can't be parsed
   */
  async finish(): Promise<ReceivedCounts> {
    this.#parser.end();
    return this.#done;
  }
}

async function readRecords(parser: Parser, dataset: Dataset): Promise<ReceivedCounts> {
  const columns = outputHeader(dataset);
  const check = windowCheck(dataset);
  let row = 0;
  try {
    for await (const record of recordsOf(parser)) {
      if (row === 0) requireHeader(record, columns, dataset.name);
      else if (!check(record)) throw outside(dataset.name, row);
      row += 1;
    }
  } catch (cause) {
    if (cause instanceof SealiftError) throw cause;
    throw new SealiftError('E_CSV', `dataset ${dataset.name} is not CSV after row ${row}`, {
      hint: 'nothing was published; tell the processor and the laboratory',
    });
  }
  if (row === 0) throw new SealiftError('E_CSV', `dataset ${dataset.name} has no header`);
  return { rows: row - 1, columns };
}

async function* recordsOf(parser: Parser): AsyncGenerator<readonly string[]> {
  for await (const record of parser) {
    if (!isRecord(record)) throw new SealiftError('E_INTERNAL', 'the CSV parser returned something else than a record');
    yield record;
  }
}

function isRecord(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((cell) => typeof cell === 'string');
}

function requireHeader(header: readonly string[], columns: readonly string[], dataset: string): void {
  if (header.length === columns.length && header.every((name, index) => name === columns[index])) return;
  throw new SealiftError('E_SCOPE', `the columns of dataset ${dataset} are not those of the signed list`, {
    hint: 'nothing was published; tell the laboratory what was sent beyond its instructions',
  });
}

/** Rows are checked against those windows whose field is among those that left; where any window is enough, all have to be. */
function windowCheck({ window: rule, fields }: Dataset): (record: readonly string[]) => boolean {
  if (rule === undefined) return () => true;
  const windows = windowsOf(rule).map((window) => ({
    compiled: compileWindow(window),
    column: fields.findIndex(({ name }) => name === window.field),
  }));
  const visible = windows.filter(({ column }) => column >= 0);
  if (visible.length === 0 || ('any' in rule && visible.length < windows.length)) return () => true;
  const encoder = new TextEncoder();
  return (record) => {
    const verdicts = visible.map(({ compiled, column }) => {
      const cell = encoder.encode(record[column] ?? '');
      return compiled.classify(cell, 0, cell.length);
    });
    return joinVerdicts(rule, verdicts) === 'inside';
  };
}

function outside(dataset: string, row: number): SealiftError {
  return new SealiftError('E_SCOPE', `row ${row} of dataset ${dataset} lies outside the window`, {
    hint: 'nothing was published; tell the laboratory what was sent beyond its instructions',
  });
}
