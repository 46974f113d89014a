/** The scanner's WebAssembly, compiled from `assembly/` (doc/adr/0010): each instance has its own memory. */
import { SCANNER } from '#scanner';

interface Constant {
  readonly value: number;
}

/** How {@link ScannerModule.scan} and {@link ScannerModule.copy} end. */
export const ENDED = {
  /** The bytes are used up; the batch is copied. */
  done: 0,
  /** The batch is full; the output is full. */
  full: 1,
  /** The next record is refused; a cell is no text. */
  refused: 2,
} as const;

/** What `assembly/index.ts` exports; addresses count bytes of {@link memory}. */
export interface ScannerModule {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly CELL_ENDS: Constant;
  readonly COLUMN_LIMIT: Constant;
  readonly DATE_FORM: Constant;
  readonly DATE_WIDTH: Constant;
  readonly DAYS: Constant;
  readonly INPUT: Constant;
  readonly INPUT_SLACK: Constant;
  readonly KEPT: Constant;
  readonly LENGTHS: Constant;
  readonly OUTPUT: Constant;
  readonly OUTPUT_COLUMNS: Constant;
  readonly UNREAD: Constant;
  readonly UTF_8: Constant;
  readonly declare: (delimiter: number, quote: number, doubling: boolean, newline: number) => void;
  readonly fixColumns: (cells: number, fixed: boolean) => void;
  readonly scan: (ended: boolean) => number;
  readonly beginBatch: () => void;
  readonly drop: () => number;
  readonly fill: (bytes: number) => void;
  readonly restart: (address: number) => void;
  readonly position: () => number;
  readonly inputEnd: () => number;
  readonly recordCount: () => number;
  readonly recordAddress: () => number;
  readonly cellCount: () => number;
  readonly refuseOverLimit: () => number;
  readonly refusalReason: () => number;
  readonly refusedCells: () => number;
  readonly refusalAddress: () => number;
  readonly prepareDays: (column: number, bytes: number) => void;
  readonly placeDay: (year: number, month: number, day: number) => void;
  readonly placeClock: (hour: number, minute: number, second: number) => void;
  readonly readDays: () => void;
  readonly prepareCopy: (fields: number, utf8: boolean) => void;
  readonly beginCopy: () => void;
  readonly copy: () => number;
  readonly copyRecord: () => number;
  readonly copyColumn: () => number;
  readonly undefinedAddress: () => number;
  readonly rowsCopied: () => number;
  readonly outputLength: () => number;
  readonly putOutput: (bytes: number) => void;
  readonly takeOutput: (bytes: number) => void;
}

/** A compiled module. */
type Compiled = object;

/** The part of the WebAssembly JavaScript Interface that is used here; TypeScript declares it for browsers alone. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => Compiled;
  readonly Instance: new (module: Compiled) => { readonly exports: ScannerModule };
};

let compiled: Compiled | undefined;

/** A new scanner's functions and memory. */
export function instantiateScanner(): ScannerModule {
  compiled ??= new WebAssembly.Module(Buffer.from(SCANNER, 'base64'));
  return new WebAssembly.Instance(compiled).exports;
}
