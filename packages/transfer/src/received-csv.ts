/** The recipient's own look at an opened dataset, by a parser that shares nothing with the one that wrote it (csv-parse). */
import { finished } from 'node:stream/promises';
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
  readonly #dataset: string;
  readonly #columns: readonly string[];
  readonly #parser: Parser;
  readonly #ended: Promise<void>;
  /** Records so far, the header included. */
  #records = 0;

  /** @param dataset the instructions' description of the dataset */
  constructor(dataset: Dataset) {
    this.#dataset = dataset.name;
    this.#columns = outputHeader(dataset);
    this.#parser = parse({ bom: false, relax_column_count: false, skip_empty_lines: false, record_delimiter: '\r\n' });
    const check = windowCheck(dataset);
    this.#parser.on('data', (record: unknown) => {
      try {
        this.#look(record, check);
      } catch (cause) {
        this.#parser.destroy(cause instanceof Error ? cause : undefined);
      }
    });
    this.#ended = finished(this.#parser);
    // A failure is reported by finish(); until then it must not count as unhandled.
    this.#ended.catch(() => undefined);
  }

  #look(record: unknown, check: (record: readonly string[]) => boolean): void {
    if (!isRecord(record)) throw new SealiftError('E_INTERNAL', 'the CSV parser returned something else than a record');
    if (this.#records === 0) requireHeader(record, this.#columns, this.#dataset);
    else if (!check(record)) throw outside(this.#dataset, this.#records);
    this.#records += 1;
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
    try {
      await this.#ended;
    } catch (cause) {
      if (cause instanceof SealiftError) throw cause;
      throw new SealiftError('E_CSV', `dataset ${this.#dataset} is not CSV after row ${this.#records}`, {
        hint: 'nothing was published; tell the processor and the laboratory',
      });
    }
    if (this.#records === 0) throw new SealiftError('E_CSV', `dataset ${this.#dataset} has no header`);
    return { rows: this.#records - 1, columns: this.#columns };
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

/** Days recur: as many cells as ten years have days are judged once. */
const REMEMBERED = 4096;

/** What a function of a text says, each text being asked once as long as there are few. */
function remembering<T extends string>(judge: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const verdict = known.get(text) ?? judge(text);
    if (known.size < REMEMBERED) known.set(text, verdict);
    return verdict;
  };
}

/** Rows are checked against those windows whose field is among those that left; where any window is enough, all have to be. */
function windowCheck({ window: rule, fields }: Dataset): (record: readonly string[]) => boolean {
  if (rule === undefined) return () => true;
  const encoder = new TextEncoder();
  const windows = windowsOf(rule).map((window) => {
    const { classify } = compileWindow(window);
    const verdictOf = remembering((text) => {
      const cell = encoder.encode(text);
      return classify(cell, 0, cell.length);
    });
    return { verdictOf, column: fields.findIndex(({ name }) => name === window.field) };
  });
  const visible = windows.filter(({ column }) => column >= 0);
  if (visible.length === 0 || ('any' in rule && visible.length < windows.length)) return () => true;
  return (record) => {
    const verdicts = visible.map(({ verdictOf, column }) => verdictOf(record[column] ?? ''));
    return joinVerdicts(rule, verdicts) === 'inside';
  };
}

function outside(dataset: string, row: number): SealiftError {
  return new SealiftError('E_SCOPE', `row ${row} of dataset ${dataset} lies outside the window`, {
    hint: 'nothing was published; tell the laboratory what was sent beyond its instructions',
  });
}
