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
 * One record as the scanner found it: ranges of bytes, by column, without their enclosing quotes. Only the columns that the scanner
 * was asked for are there. All of it is valid until the scanner goes on to the next record.
 */
export interface ScannedRecord extends RecordPlace {
  readonly bytes: Uint8Array;
  /** Number of cells. */
  readonly cells: number;
  /** Index of a cell's first byte in {@link bytes}; columns count from 0. */
  startOf(column: number): number;
  /** Index after a cell's last byte. */
  endOf(column: number): number;
  /** {@link QUOTING} of a cell. */
  quotingOf(column: number): number;
  /** Where a byte of {@link bytes} is in the source, counted from 0. */
  offsetOf(index: number): number;
}

/** An error about one record: says where, and never what it holds. */
export function refuseRecord(code: ErrorCode, place: RecordPlace, reason: string, hint: string): SealiftError {
  return new SealiftError(code, `row ${place.row} (byte ${place.offset}): ${reason}`, { hint });
}
