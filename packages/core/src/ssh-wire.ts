/** The binary encoding of SSH: big-endian uint32 and length-prefixed strings (RFC 4251 §5). */

/** Reads values in turn; every method returns undefined when the bytes end too early. */
export class SshWireReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** True when every byte was read. */
  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  /** An unsigned integer of four bytes. */
  uint32(): number | undefined {
    if (this.#position + 4 > this.#bytes.length) return undefined;
    const value = this.#view.getUint32(this.#position);
    this.#position += 4;
    return value;
  }

  /** A string of bytes, its length before it. */
  string(): Uint8Array | undefined {
    const length = this.uint32();
    if (length === undefined || this.#position + length > this.#bytes.length) return undefined;
    const value = this.#bytes.subarray(this.#position, this.#position + length);
    this.#position += length;
    return value;
  }
}

/** All strings of `bytes`, or undefined when it is anything but a sequence of complete strings. */
export function readSshStrings(bytes: Uint8Array): Uint8Array[] | undefined {
  const reader = new SshWireReader(bytes);
  const strings: Uint8Array[] = [];
  while (!reader.atEnd) {
    const next = reader.string();
    if (next === undefined) return undefined;
    strings.push(next);
  }
  return strings;
}
