/** Name lists of the SSH protocol (RFC 4251 §5). */

/** Reads one value after another. */
export class SshWire {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** The next name-list. Throws a RangeError when the bytes end before it does. */
  names(): string[] {
    const length = this.#bytes.readUInt32BE(this.#at);
    const end = this.#at + 4 + length;
    if (end > this.#bytes.length) throw new RangeError('a name list ends too early');
    const text = this.#bytes.toString('latin1', this.#at + 4, end);
    this.#at = end;
    return text === '' ? [] : text.split(',');
  }
}
