/**
 * Requests and replies over one SFTP channel. Requests that are made within one turn of the event loop leave in one piece, and the
 * bytes of a file that is read go straight to where they are wanted (doc/adr/0023).
 */
import type { Duplex } from 'node:stream';
import { OutgoingPackets } from './sftp-outgoing.ts';
import { type Field, HEADER_BYTES, PACKET, ReplyFields, VERSION } from './sftp-packet.ts';

/** No reply but a file's bytes is longer: names, attributes and remarks are short. */
const MOST_REPLY_BYTES = 64 * 1024;
/** Of a packet's length, the bytes of type and request id. */
const TYPE_AND_ID = HEADER_BYTES - 4;
/** A data reply says once more how long it is. */
const DATA_HEADER_BYTES = HEADER_BYTES + 4;

/** A reply. Its fields have to be read at once: their bytes may be overwritten afterwards. */
export type Reply =
  | { readonly kind: 'fields'; readonly type: number; readonly fields: ReplyFields }
  /** Bytes of a file, which are where they were wanted. */
  | { readonly kind: 'data'; readonly count: number };

/** Who waits for a reply. */
export interface Waiting {
  /** Where the bytes go that it asks for. */
  readonly into?: Buffer | undefined;
  readonly done: (reply: Reply) => void;
  /** With an {@link SftpProtocolError} when the server breaks the rules, else because the channel is lost. */
  readonly failed: (cause: Error) => void;
}

/** A reply whose header has come. */
interface Incoming {
  readonly type: number;
  readonly id: number;
  /** Where its bytes go. */
  readonly body: Buffer;
  filled: number;
}

/** The server does not keep to the protocol. */
export class SftpProtocolError extends Error {}

/** The requests of one channel that wait for their replies. */
export class SftpExchange {
  readonly #stream: Duplex;
  readonly #waiting = new Map<number, Waiting>();
  readonly #header = Buffer.alloc(DATA_HEADER_BYTES);
  #headerFilled = 0;
  #incoming: Incoming | undefined;
  readonly #outgoing = new OutgoingPackets();
  #lastId = VERSION;
  #failure: Error | undefined;

  /** @param stream a channel on which the server's SFTP subsystem was started */
  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.receive(bytes));
    stream.on('error', (cause: Error) => this.fail(cause));
    for (const event of ['end', 'close']) stream.on(event, () => this.fail(new Error('the channel was closed')));
  }

  /** Agrees on the version: the first thing to do. Resolves with the extensions of the server. */
  begin(): Promise<ReadonlyMap<string, string>> {
    return new Promise((resolve, failed) => {
      const done = (reply: Reply): void => {
        try {
          resolve(this.#extensionsOf(reply));
        } catch (cause) {
          failed(cause);
        }
      };
      // The version stands where other packets have their request id, and the server answers with the same.
      this.#exchange(PACKET.init, VERSION, [], { done, failed });
    });
  }

  /**
   * Sends a request. Calls back, for a promise a request would cost as much as the request.
   * @param data bytes of a file that it carries, which must not change before the reply
   */
  request(type: number, fields: readonly Field[], waiting: Waiting, data?: Buffer): void {
    this.#lastId = (this.#lastId + 1) >>> 0;
    this.#exchange(type, this.#lastId, fields, waiting, data);
  }

  /** To be called when nothing will be answered any more. */
  fail(cause: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = cause;
    for (const { failed } of this.#waiting.values()) failed(cause);
    this.#waiting.clear();
    this.#stream.destroy();
  }

  #exchange(type: number, id: number, fields: readonly Field[], waiting: Waiting, data?: Buffer): void {
    if (this.#failure !== undefined) {
      waiting.failed(this.#failure);
      return;
    }
    this.#waiting.set(id, waiting);
    if (this.#outgoing.isEmpty) process.nextTick(() => this.#flush());
    this.#outgoing.add(type, id, fields, data);
  }

  /** Every write becomes packets of SSH of its own. */
  #flush(): void {
    for (const piece of this.#outgoing.take()) this.#stream.write(piece);
  }

  /** Takes the next bytes of the server, of which nothing is needed once this returns. */
  receive(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length && this.#failure === undefined; ) {
        if (this.#incoming !== undefined) at += this.#takeBody(this.#incoming, bytes, at);
        else at += this.#takeWhole(bytes, at) || this.#takeHeader(bytes, at);
      }
    } catch (cause) {
      this.fail(cause instanceof Error ? cause : this.#broken('a reply that is none'));
    }
  }

  /** A short reply that is there whole, as nearly all are; how many bytes were taken. */
  #takeWhole(bytes: Buffer, at: number): number {
    const isPossible = this.#headerFilled === 0 && bytes.length - at >= HEADER_BYTES && bytes[at + 4] !== PACKET.data;
    const end = isPossible ? at + 4 + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length || end < at + HEADER_BYTES) return 0;
    const fields = new ReplyFields(bytes, at + HEADER_BYTES, end);
    this.#answer(bytes.readUInt32BE(at + 5), { kind: 'fields', type: bytes.readUInt8(at + 4), fields });
    return end - at;
  }

  /** How many bytes were taken. */
  #takeHeader(bytes: Buffer, at: number): number {
    const header = this.#header;
    const wanted = this.#headerFilled >= HEADER_BYTES ? DATA_HEADER_BYTES : HEADER_BYTES;
    const taken = bytes.copy(header, this.#headerFilled, at, at + wanted - this.#headerFilled);
    this.#headerFilled += taken;
    const isData = header[4] === PACKET.data;
    if (this.#headerFilled === HEADER_BYTES && !isData) this.#expect(header.readUInt32BE(0) - TYPE_AND_ID);
    if (this.#headerFilled === DATA_HEADER_BYTES) this.#expectData(header.readUInt32BE(HEADER_BYTES));
    return taken;
  }

  #expect(length: number): void {
    if (length < 0 || length > MOST_REPLY_BYTES) throw this.#broken('a reply of impossible length');
    this.#await(Buffer.allocUnsafe(length));
  }

  #expectData(length: number): void {
    const { into } = this.#asked(this.#header.readUInt32BE(5));
    if (into === undefined || length === 0 || length > into.length) throw this.#broken('other bytes than asked for');
    if (this.#header.readUInt32BE(0) !== TYPE_AND_ID + 4 + length) throw this.#broken('two lengths');
    this.#await(into.subarray(0, length));
  }

  #asked(id: number): Waiting {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) throw this.#broken('an answer to nothing');
    return waiting;
  }

  #await(body: Buffer): void {
    this.#headerFilled = 0;
    this.#incoming = { type: this.#header.readUInt8(4), id: this.#header.readUInt32BE(5), body, filled: 0 };
    if (body.length === 0) this.#finish(this.#incoming);
  }

  #takeBody(incoming: Incoming, bytes: Buffer, at: number): number {
    const taken = bytes.copy(incoming.body, incoming.filled, at, at + incoming.body.length - incoming.filled);
    incoming.filled += taken;
    if (incoming.filled === incoming.body.length) this.#finish(incoming);
    return taken;
  }

  #finish({ type, id, body }: Incoming): void {
    this.#incoming = undefined;
    if (type === PACKET.data) this.#answer(id, { kind: 'data', count: body.length });
    else this.#answer(id, { kind: 'fields', type, fields: new ReplyFields(body, 0, body.length) });
  }

  #answer(id: number, reply: Reply): void {
    const { done } = this.#asked(id);
    this.#waiting.delete(id);
    done(reply);
  }

  #extensionsOf(reply: Reply): ReadonlyMap<string, string> {
    if (reply.kind !== 'fields' || reply.type !== PACKET.version) throw this.#broken('no version');
    const extensions = new Map<string, string>();
    while (reply.fields.hasMore) extensions.set(reply.fields.bytes().toString(), reply.fields.bytes().toString());
    return extensions;
  }

  #broken(how: string): SftpProtocolError {
    return new SftpProtocolError(`the server breaks the rules of SFTP: ${how}`);
  }
}
