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

/** A field of a request: text or bytes with their length before them, or a number. */
export type Field =
  | { readonly bytes: string | Uint8Array }
  | { readonly uint32: number }
  /** A safe integer. */
  | { readonly uint64: number };

function sizeOf(field: Field): number {
  if ('uint32' in field) return 4;
  if ('uint64' in field) return 8;
  return 4 + Buffer.byteLength(field.bytes);
}

function put(packet: Buffer, field: Field, at: number): number {
  if ('uint32' in field) return packet.writeUInt32BE(field.uint32, at);
  if ('uint64' in field) {
    packet.writeUInt32BE(Math.floor(field.uint64 / TWO_32), at);
    return packet.writeUInt32BE(field.uint64 % TWO_32, at + 4);
  }
  const { bytes } = field;
  const start = at + 4;
  const length = typeof bytes === 'string' ? packet.write(bytes, start, 'utf8') : bytes.length;
  if (typeof bytes !== 'string') packet.set(bytes, start);
  packet.writeUInt32BE(length, at);
  return start + length;
}

/**
 * A request.
 * @param id its request id, or the version in an `init`
 * @param following bytes that are sent after it and belong to it
 */
export function requestPacket(type: number, id: number, fields: readonly Field[], following = 0): Buffer {
  const size = fields.reduce((sum, field) => sum + sizeOf(field), HEADER_BYTES);
  const packet = Buffer.allocUnsafe(size);
  packet.writeUInt32BE(size - 4 + following, 0);
  packet.writeUInt8(type, 4);
  packet.writeUInt32BE(id, 5);
  let at = HEADER_BYTES;
  for (const field of fields) at = put(packet, field, at);
  return packet;
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
  #at = 0;

  /** @param body what follows the request id */
  constructor(body: Buffer) {
    this.#body = body;
  }

  get hasMore(): boolean {
    return this.#at < this.#body.length;
  }

  uint32(): number {
    const value = this.#body.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  /** Not a safe integer where the number is too large for one. */
  uint64(): number {
    return this.uint32() * TWO_32 + this.uint32();
  }

  /** A copy. */
  bytes(): Buffer {
    const length = this.uint32();
    const end = this.#at + length;
    if (end > this.#body.length) throw new RangeError('a field is longer than its packet');
    const copy = Buffer.from(this.#body.subarray(this.#at, end));
    this.#at = end;
    return copy;
  }

  attributes(): Attributes {
    const flags = this.uint32();
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const bytes = has(HAS_SIZE) ? this.uint64() : undefined;
    if (has(HAS_OWNERS)) void [this.uint32(), this.uint32()];
    const mode = has(HAS_MODE) ? this.uint32() : undefined;
    const [, modified] = has(HAS_TIMES) ? [this.uint32(), this.uint32()] : [];
    return { bytes, mode, modified };
  }
}
