/**
 * Requests and replies over one SFTP channel. Requests that are made within one turn of the event loop leave in one piece, and the
 * bytes of a file that is read go straight to where they are wanted (doc/adr/0023).
 */
import type { Duplex } from 'node:stream';
import { type Field, HEADER_BYTES, PACKET, ReplyFields, requestPacket, VERSION } from './sftp-packet.ts';

/** No reply but a file's bytes is longer: names, attributes and remarks are short. */
const MOST_REPLY_BYTES = 64 * 1024;
/** Of a packet's length, the bytes of type and request id. */
const TYPE_AND_ID = HEADER_BYTES - 4;
/** A data reply says once more how long it is. */
const DATA_HEADER_BYTES = HEADER_BYTES + 4;
/** From so many bytes on, a piece is not copied to be sent together with others. */
const LARGE_BYTES = 16 * 1024;

/** A reply. */
export type Reply =
  | { readonly kind: 'fields'; readonly type: number; readonly fields: ReplyFields }
  /** Bytes of a file, which are where they were wanted. */
  | { readonly kind: 'data'; readonly count: number };

/** What a request sends along, and where it wants the bytes that it asks for. */
export interface Payload {
  /** Bytes of a file, which must not change before the reply. */
  readonly data?: Buffer;
  readonly into?: Buffer;
}

interface Waiting {
  readonly into: Buffer | undefined;
  readonly done: (reply: Reply) => void;
  readonly failed: (cause: Error) => void;
}

/** A reply whose header has come. */
interface Incoming {
  readonly type: number;
  readonly waiting: Waiting;
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
  #toSend: Buffer[] = [];
  #lastId = VERSION;
  #failure: Error | undefined;

  /** @param stream a channel on which the server's SFTP subsystem was started */
  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.on('data', (bytes: Buffer) => this.#receive(bytes));
    stream.on('error', (cause: Error) => this.fail(cause));
    for (const event of ['end', 'close']) stream.on(event, () => this.fail(new Error('the channel was closed')));
  }

  /** Agrees on the version: the first thing to do. Resolves with the extensions of the server. */
  async begin(): Promise<ReadonlyMap<string, string>> {
    // The version stands where other packets have their request id, and the server answers with the same.
    const reply = await this.#exchange(PACKET.init, VERSION, [], {});
    if (reply.kind !== 'fields' || reply.type !== PACKET.version) throw this.#broken('no version');
    const extensions = new Map<string, string>();
    while (reply.fields.hasMore) extensions.set(reply.fields.bytes().toString(), reply.fields.bytes().toString());
    return extensions;
  }

  /** Sends a request. Rejects when the channel is lost, with an {@link SftpProtocolError} when the server breaks the rules. */
  request(type: number, fields: readonly Field[], payload: Payload = {}): Promise<Reply> {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#exchange(type, this.#lastId, fields, payload);
  }

  /** To be called when nothing will be answered any more. */
  fail(cause: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = cause;
    for (const { failed } of this.#waiting.values()) failed(cause);
    this.#waiting.clear();
    this.#stream.destroy();
  }

  #exchange(type: number, id: number, fields: readonly Field[], { data, into }: Payload): Promise<Reply> {
    return new Promise((done, failed) => {
      if (this.#failure !== undefined) {
        failed(this.#failure);
        return;
      }
      this.#waiting.set(id, { into, done, failed });
      this.#send(requestPacket(type, id, fields, data?.length));
      if (data !== undefined) this.#send(data);
    });
  }

  #send(piece: Buffer): void {
    if (this.#toSend.length === 0) process.nextTick(() => this.#flush());
    this.#toSend.push(piece);
  }

  /** Every write becomes packets of SSH of its own: small pieces share one. */
  #flush(): void {
    let small: Buffer[] = [];
    const writeSmall = (): void => {
      if (small.length > 0) this.#stream.write(Buffer.concat(small));
      small = [];
    };
    for (const piece of this.#toSend) {
      if (piece.length < LARGE_BYTES) small.push(piece);
      else {
        writeSmall();
        this.#stream.write(piece);
      }
    }
    writeSmall();
    this.#toSend = [];
  }

  #receive(bytes: Buffer): void {
    try {
      for (let at = 0; at < bytes.length && this.#failure === undefined; ) {
        at += this.#incoming === undefined ? this.#takeHeader(bytes, at) : this.#takeBody(this.#incoming, bytes, at);
      }
    } catch (cause) {
      this.fail(cause instanceof Error ? cause : this.#broken('a reply that is none'));
    }
  }

  /** How many bytes were taken. */
  #takeHeader(bytes: Buffer, at: number): number {
    const header = this.#header;
    const isData = this.#headerFilled >= HEADER_BYTES;
    const taken = bytes.copy(
      header,
      this.#headerFilled,
      at,
      at + (isData ? DATA_HEADER_BYTES : HEADER_BYTES) - this.#headerFilled,
    );
    this.#headerFilled += taken;
    if (this.#headerFilled === HEADER_BYTES && header[4] !== PACKET.data)
      this.#expect(header.readUInt32BE(0) - TYPE_AND_ID);
    if (this.#headerFilled === DATA_HEADER_BYTES) this.#expectData(header.readUInt32BE(HEADER_BYTES));
    return taken;
  }

  #expect(length: number): void {
    if (length < 0 || length > MOST_REPLY_BYTES) throw this.#broken('a reply of impossible length');
    this.#await({ ...this.#asked(), body: Buffer.allocUnsafe(length), filled: 0 });
  }

  #expectData(length: number): void {
    const { waiting, type } = this.#asked();
    const isWanted = waiting.into !== undefined && length > 0 && length <= waiting.into.length;
    if (!isWanted || this.#header.readUInt32BE(0) !== TYPE_AND_ID + 4 + length)
      throw this.#broken('other bytes than asked for');
    this.#await({ type, waiting, body: waiting.into.subarray(0, length), filled: 0 });
  }

  /** To which request the header belongs. */
  #asked(): Pick<Incoming, 'type' | 'waiting'> {
    const id = this.#header.readUInt32BE(5);
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) throw this.#broken('an answer to nothing');
    return { type: this.#header.readUInt8(4), waiting };
  }

  #await(incoming: Incoming): void {
    this.#headerFilled = 0;
    this.#incoming = incoming;
    if (incoming.body.length === 0) this.#finish(incoming);
  }

  #takeBody(incoming: Incoming, bytes: Buffer, at: number): number {
    const taken = bytes.copy(incoming.body, incoming.filled, at, at + incoming.body.length - incoming.filled);
    incoming.filled += taken;
    if (incoming.filled === incoming.body.length) this.#finish(incoming);
    return taken;
  }

  #finish({ type, waiting, body }: Incoming): void {
    this.#incoming = undefined;
    this.#waiting.delete(this.#header.readUInt32BE(5));
    if (type === PACKET.data) waiting.done({ kind: 'data', count: body.length });
    else waiting.done({ kind: 'fields', type, fields: new ReplyFields(body) });
  }

  #broken(how: string): SftpProtocolError {
    return new SftpProtocolError(`the server breaks the rules of SFTP: ${how}`);
  }
}
