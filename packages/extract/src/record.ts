import { type ErrorCode, SealiftError } from '@sealift/core';

/** Where a record is in the source. */
export interface RecordPlace {
  /** The record's number; the header is row 1. A quoted cell may hold newlines, so that this is not always the line of an editor. */
  readonly row: number;
  /** The record's first byte, counted from 0 at the beginning of the source. */
  readonly offset: number;
}

/** How a cell was written in the source. */
export const QUOTING = {
  /** Without quotes. */
  none: 0,
  /** In quotes, none inside. */
  quoted: 1,
  /** In quotes, with doubled ones inside. */
  doubled: 2,
} as const;

/**
 * One record as the scanner found it: ranges into the scanner's buffer, by column, without their enclosing quotes.
 * All of it is valid until the scanner looks for the next record.
 */
export interface ScannedRecord extends RecordPlace {
  readonly bytes: Uint8Array;
  /** Index of each cell's first byte in {@link bytes}. */
  readonly starts: Int32Array;
  /** Index after each cell's last byte. */
  readonly ends: Int32Array;
  /** {@link QUOTING} of each cell. */
  readonly quoting: Uint8Array;
  /** Number of cells. */
  readonly cells: number;
  /** Where a byte of {@link bytes} is in the source, counted from 0. */
  offsetOf(index: number): number;
}

/** An error about one record: says where, and never what it holds. */
export function refuseRecord(code: ErrorCode, place: RecordPlace, reason: string, hint: string): SealiftError {
  return new SealiftError(code, `row ${place.row} (byte ${place.offset}): ${reason}`, { hint });
}
