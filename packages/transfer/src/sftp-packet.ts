/**
 * Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), and OpenSSH's request for a server's limits (its PROTOCOL file, §4.8):
 * requests are written, replies read. Lengths are what a server says they are, and nothing is read beyond the packet.
 */

/** Packet types, as far as this client uses them. */
export const PACKET = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  remove: 13,
  mkdir: 14,
  realpath: 16,
  rename: 18,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attributes: 105,
  extended: 200,
  extendedReply: 201,
} as const;

/** The flags of an open (§6.3). */
export const OPEN = { read: 1, write: 2, create: 8, exclusive: 32 } as const;

/** The only version that is spoken. */
export const VERSION = 3;

/** Bytes of length, type and request id, with which every packet but the first two begins. */
export const HEADER_BYTES = 9;

const TWO_32 = 0x1_0000_0000;
const [HAS_SIZE, HAS_OWNERS, HAS_MODE, HAS_TIMES] = [1, 2, 4, 8];

/** A field of a request: text or bytes, with their length before them, or a number of 32 bits. */
export type Field = string | Uint8Array | number;

/** A safe integer of 64 bits as two fields. */
export function uint64(value: number): [high: number, low: number] {
  return [Math.floor(value / TWO_32), value % TWO_32];
}

/** Bytes that a packet with these fields has at most. */
export function roomFor(fields: readonly Field[]): number {
  let bytes = HEADER_BYTES;
  for (const field of fields) {
    bytes += 4;
    // A character has three bytes of UTF-8 at most.
    if (typeof field === 'string') bytes += 3 * field.length;
    else if (typeof field !== 'number') bytes += field.length;
  }
  return bytes;
}

/** Writes a field at a place of a packet; returns the place behind it. */
export function putField(packet: Buffer, field: Field, at: number): number {
  if (typeof field === 'number') return packet.writeUInt32BE(field, at);
  const start = at + 4;
  if (typeof field === 'string') {
    const length = packet.write(field, start, 'utf8');
    packet.writeUInt32BE(length, at);
    return start + length;
  }
  packet.set(field, start);
  packet.writeUInt32BE(field.length, at);
  return start + field.length;
}

/** What a server says of a file, as far as it says it. */
export interface Attributes {
  /** Size in bytes. */
  readonly bytes: number | undefined;
  /** Type and permissions, as in POSIX's `st_mode`. */
  readonly mode: number | undefined;
  /** Last modification, in seconds since 1970. */
  readonly modified: number | undefined;
}

/** Reads the fields of a reply one after the other; a RangeError says that it is shorter than it should be. */
export class ReplyFields {
  readonly #body: Buffer;
  #at: number;
  readonly #end: number;

  /** @param body holds between `at` and `end` what follows the request id */
  constructor(body: Buffer, at: number, end: number) {
    this.#body = body;
    this.#at = at;
    this.#end = end;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  uint32(): number {
    return this.#body.readUInt32BE(this.#skip(4));
  }

  /** Not a safe integer where the number is too large for one. */
  uint64(): number {
    return this.uint32() * TWO_32 + this.uint32();
  }

  /** A copy. */
  bytes(): Buffer {
    const length = this.uint32();
    const start = this.#skip(length);
    return Buffer.from(this.#body.subarray(start, start + length));
  }

  attributes(): Attributes {
    const flags = this.uint32();
    const bytes = flags & HAS_SIZE ? this.uint64() : undefined;
    if (flags & HAS_OWNERS) this.#skip(8);
    const mode = flags & HAS_MODE ? this.uint32() : undefined;
    // The time of the last access comes before.
    if (flags & HAS_TIMES) this.#skip(4);
    const modified = flags & HAS_TIMES ? this.uint32() : undefined;
    return { bytes, mode, modified };
  }

  /** Goes on behind so many bytes; returns where they begin. */
  #skip(bytes: number): number {
    const start = this.#at;
    if (start + bytes > this.#end) throw new RangeError('a field is longer than its packet');
    this.#at = start + bytes;
    return start;
  }
}
