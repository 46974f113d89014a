/** The scanner's WebAssembly, compiled from `assembly/` (doc/extraction.md): each instance has its own memory. */
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
  readonly ADDRESS: Constant;
  readonly COLUMN_LIMIT: Constant;
  readonly INPUT: Constant;
  readonly INPUT_SLACK: Constant;
  readonly KEPT: Constant;
  readonly LENGTHS: Constant;
  readonly OUTPUT: Constant;
  readonly OUTPUT_SLOTS: Constant;
  readonly QUOTING_SHIFT: Constant;
  readonly RANGES: Constant;
  readonly SLOTS: Constant;
  readonly UTF_8: Constant;
  declare(delimiter: number, quote: number, doubling: boolean, newline: number): void;
  fixColumns(cells: number, slots: number, fixed: boolean): void;
  scan(ended: boolean): number;
  beginBatch(): void;
  drop(): number;
  fill(bytes: number): void;
  restart(address: number): void;
  position(): number;
  inputEnd(): number;
  recordCount(): number;
  recordAddress(): number;
  cellCount(): number;
  refuseOverLimit(): number;
  refusalReason(): number;
  refusedCells(): number;
  refusalAddress(): number;
  prepareCopy(fields: number, slots: number, quote: number, utf8: boolean): void;
  beginCopy(): void;
  copy(): number;
  copyRecord(): number;
  copyColumn(): number;
  undefinedAddress(): number;
  rowsCopied(): number;
  outputLength(): number;
  putOutput(bytes: number): void;
  takeOutput(bytes: number): void;
}

/** The part of the WebAssembly JavaScript Interface that is used here; TypeScript declares it for browsers alone. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: ScannerModule;
    constructor(module: Module);
  }
}

let compiled: WebAssembly.Module | undefined;

/** A new scanner's functions and memory. */
export function instantiateScanner(): ScannerModule {
  compiled ??= new WebAssembly.Module(Buffer.from(SCANNER, 'base64'));
  return new WebAssembly.Instance(compiled).exports;
}
