/** Requests on their way out: those that are made at once leave in as few pieces as can be. */
import { type Field, HEADER_BYTES, putField, roomFor } from './sftp-packet.ts';

/** From so many bytes on, the bytes of a file are a piece of their own, and not copied. */
const LARGE_BYTES = 16 * 1024;
/** Memory in which requests are written one after the other. */
const BATCH_BYTES = 64 * 1024;

/** Packets that leave together, in their order. */
export class OutgoingPackets {
  #batch: Buffer = Buffer.alloc(0);
  /** Where in it the piece begins and ends that is not taken yet. */
  #begun = 0;
  #end = 0;
  #pieces: Buffer[] = [];

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && this.#end === this.#begun;
  }

  /**
   * Adds a packet.
   * @param id its request id, or the version in an `init`
   * @param data bytes of a file that follow its fields and belong to it; they must not change before the reply
   */
  add(type: number, id: number, fields: readonly Field[], data?: Buffer): void {
    const isCopied = data !== undefined && data.length < LARGE_BYTES;
    this.#makeRoom(roomFor(fields) + (isCopied ? data.length : 0));
    const [batch, start] = [this.#batch, this.#end];
    let at = start + HEADER_BYTES;
    for (const field of fields) at = putField(batch, field, at);
    batch.writeUInt32BE(at - start - 4 + (data?.length ?? 0), start);
    batch.writeUInt8(type, start + 4);
    batch.writeUInt32BE(id, start + 5);
    this.#end = at;
    if (isCopied) this.#end += data.copy(batch, at);
    else if (data !== undefined) {
      this.#seal();
      this.#pieces.push(data);
    }
  }

  /** What was added since the last time. */
  take(): Buffer[] {
    this.#seal();
    return this.#pieces.splice(0);
  }

  #seal(): void {
    if (this.#end > this.#begun) this.#pieces.push(this.#batch.subarray(this.#begun, this.#end));
    this.#begun = this.#end;
  }

  /** What is sent keeps its memory: it may have to wait for the network. */
  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#batch.length) return;
    this.#seal();
    this.#batch = Buffer.allocUnsafeSlow(Math.max(bytes, BATCH_BYTES));
    [this.#begun, this.#end] = [0, 0];
  }
}
