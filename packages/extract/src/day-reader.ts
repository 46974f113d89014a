/** The TypeScript side of `assembly/days.ts`: the dates of one column as days, a batch of the scanner's at a time. */
import type { DayForm } from '@sealift/core/window';
import type { ScannerModule } from './scanner-module.ts';

/** Reads the dates of one column, from one scanner. */
export class DayReader {
  readonly #module: ScannerModule;
  /** Stands for a cell that is no day in the format: empty, impossible, or written with doubled quotes. */
  readonly unread: number;

  constructor(module: ScannerModule, column: number, { width, places, literals }: DayForm) {
    this.#module = module;
    this.unread = module.UNREAD.value;
    const form = new Uint8Array(module.memory.buffer, module.DATE_FORM.value, module.DATE_WIDTH.value).fill(0);
    for (const { at, byte } of literals) form[at] = byte;
    module.prepareDays(column, width);
    module.placeDay(places.year, places.month, places.day);
    module.placeClock(places.hour ?? -1, places.minute ?? -1, places.second ?? -1);
  }

  /** The days of the batch, by record, in days since 1970-01-01, or {@link unread}; valid until the scanner moves on. */
  read(): Int32Array {
    this.#module.readDays();
    return new Int32Array(this.#module.memory.buffer, this.#module.DAYS.value, this.#module.recordCount());
  }
}
