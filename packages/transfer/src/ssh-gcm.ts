/**
 * The packets of SSH under AES-GCM (RFC 5647, as OpenSSH's PROTOCOL file §1.6 amends it), many of them in one buffer: ssh2 makes three
 * buffers of each, and the system is called with all of them.
 */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { giveBack } from '@sealift/core/node/memory';

/** The names that Node has for the two ciphers. */
export type GcmCipher = 'aes-128-gcm' | 'aes-256-gcm';

/** Cipher, key and the nonce of the next packet in one direction. */
export interface GcmKey {
  readonly cipher: GcmCipher;
  readonly key: Buffer;
  /** 12 bytes; each packet adds one to the last eight of them. */
  readonly nonce: Buffer;
}

/** Bytes of a packet's length, which is not encrypted; of the length of its padding; of its tag. */
const [LENGTH_BYTES, PADDING_LENGTH_BYTES, TAG_BYTES] = [4, 1, 16];
const BLOCK_BYTES = 16;
const LEAST_PADDING = 4;
/** Bytes at most of a packet that comes, its length not counted (RFC 4253 §6.1). */
const MOST_BYTES = 35_000;
/** From so many bytes on, memory is worth to be given back at once. */
const LARGE_BYTES = 8 * 1024;
/** Packets that leave together: those of two requests of 255 KiB. */
const BATCH_BYTES = 576 * 1024;
/** Batches that are kept to be filled again, about as many as the windows of six channels let wait: new memory costs more than to fill it. */
const SPARE_BATCHES = 24;
/** The messages that may wait for others of the same turn of the event loop: data of a channel, and the window that it gets. */
const [WINDOW_ADJUST, CHANNEL_DATA] = [93, 94];

/** Adds one to the last eight bytes of a nonce. */
function count(nonce: Buffer): void {
  let at = nonce.length;
  do {
    at -= 1;
    nonce.writeUInt8(((nonce[at] ?? 0) + 1) & 0xff, at);
  } while (nonce[at] === 0 && at > BLOCK_BYTES - 12);
}

/** Random bytes for paddings: to ask for a few each time would take as long as to encrypt them. */
class Padding {
  readonly #random = Buffer.alloc(4096);
  #used = this.#random.length;

  fill(packet: Buffer, from: number): void {
    const bytes = packet.length - from;
    if (this.#used + bytes > this.#random.length) {
      randomFillSync(this.#random);
      this.#used = 0;
    }
    this.#random.copy(packet, from, this.#used, this.#used + bytes);
    this.#used += bytes;
  }
}

/** Hands bytes to the network; `done` is called when they may be overwritten. */
export type NetworkWrite = (bytes: Buffer, done: () => void) => void;

/** Encrypts packets as they are made, in place of ssh2's own cipher. */
export class GcmEncryption {
  /** How many packets were sent, modulo 2^32. ssh2 hands it on to the next keys. */
  outSeqno: number;
  readonly #key: GcmKey;
  readonly #write: NetworkWrite;
  readonly #padding = new Padding();
  /** A packet is encrypted as soon as it is filled, so that one place does for all. */
  readonly #plain = Buffer.alloc(MOST_BYTES + BLOCK_BYTES);
  readonly #spare: Buffer[] = [];
  #batch: Buffer | undefined;
  #filled = 0;
  #isFree = false;

  /** @param sent how many packets were sent before, modulo 2^32 */
  constructor(key: GcmKey, sent: number, write: NetworkWrite) {
    this.#key = key;
    this.outSeqno = sent;
    this.#write = write;
  }

  /** Nothing is encrypted afterwards. */
  free(): void {
    this.#flush();
    this.#isFree = true;
  }

  /** A packet for so many bytes, to be written from the sixth byte on. */
  allocPacket(payloadBytes: number): Buffer {
    const least = PADDING_LENGTH_BYTES + payloadBytes + LEAST_PADDING;
    const length = Math.ceil(least / BLOCK_BYTES) * BLOCK_BYTES;
    const bytes = LENGTH_BYTES + length;
    const packet = bytes > this.#plain.length ? Buffer.allocUnsafe(bytes) : this.#plain.subarray(0, bytes);
    packet.writeUInt32BE(length, 0);
    packet.writeUInt8(length - PADDING_LENGTH_BYTES - payloadBytes, LENGTH_BYTES);
    this.#padding.fill(packet, LENGTH_BYTES + PADDING_LENGTH_BYTES + payloadBytes);
    return packet;
  }

  /** Encrypts such a packet. It leaves at the end of this turn of the event loop, with others. */
  encrypt(packet: Buffer): void {
    if (this.#isFree) return;
    const { cipher, key, nonce } = this.#key;
    const encryption = createCipheriv(cipher, key, nonce);
    encryption.setAAD(packet.subarray(0, LENGTH_BYTES));
    const encrypted = encryption.update(packet.subarray(LENGTH_BYTES));
    encryption.final();
    this.#add(packet, encrypted, encryption.getAuthTag());
    if (encrypted.length >= LARGE_BYTES) giveBack(encrypted);
    count(nonce);
    this.outSeqno = (this.outSeqno + 1) >>> 0;
    const message = packet[LENGTH_BYTES + PADDING_LENGTH_BYTES];
    if (message !== CHANNEL_DATA && message !== WINDOW_ADJUST) this.#flush();
  }

  #add(packet: Buffer, encrypted: Buffer, tag: Buffer): void {
    const bytes = packet.length + TAG_BYTES;
    if (this.#batch !== undefined && this.#filled + bytes > this.#batch.length) this.#flush();
    if (this.#batch === undefined) process.nextTick(() => this.#flush());
    this.#batch ??= this.#take(bytes);
    packet.copy(this.#batch, this.#filled, 0, LENGTH_BYTES);
    encrypted.copy(this.#batch, this.#filled + LENGTH_BYTES);
    tag.copy(this.#batch, this.#filled + packet.length);
    this.#filled += bytes;
  }

  #take(bytes: number): Buffer {
    return (bytes <= BATCH_BYTES ? this.#spare.pop() : undefined) ?? Buffer.allocUnsafe(Math.max(bytes, BATCH_BYTES));
  }

  #flush(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    const filled = batch.subarray(0, this.#filled);
    this.#batch = undefined;
    this.#filled = 0;
    this.#write(filled, () => {
      if (batch.length === BATCH_BYTES && this.#spare.length < SPARE_BATCHES) this.#spare.push(batch);
    });
  }
}

/** Takes the payload of a packet. With `false`, what follows is for somebody else; a number says from where on. */
export type TakePayload = (payload: Buffer) => unknown;

/** What whoever takes a payload says of it. */
export interface PayloadUse {
  /** Set when nobody needs its bytes any more. */
  isOver: boolean;
}

/**
 * Decrypts packets as they come, in place of ssh2's own. The payload of a packet is new memory, whatever becomes of the bytes that came; that of a
 * large one is given back (doc/adr/0025) when it was taken and {@link PayloadUse} says so.
 */
export class GcmDecryption {
  /** How many packets came, modulo 2^32. ssh2 hands it on to the next keys. */
  inSeqno: number;
  /** Takes each payload. ssh2 puts another one here while keys are exchanged. */
  _onPayload: TakePayload;
  readonly #key: GcmKey;
  readonly #use: PayloadUse;
  /** The beginning of a packet whose rest has not come. */
  readonly #begun = Buffer.alloc(LENGTH_BYTES + MOST_BYTES + TAG_BYTES);
  #begunBytes = 0;

  /** @param received how many packets came before, modulo 2^32 */
  constructor(key: GcmKey, received: number, take: TakePayload, use: PayloadUse) {
    this.#key = key;
    this.#use = use;
    this.inSeqno = received;
    this._onPayload = take;
  }

  /** ssh2 calls it at the end. */
  free(): void {
    this.#begunBytes = 0;
  }

  /**
   * Decrypts the bytes of `data` from `from` to `end`.
   * @returns how far somebody else has to go on from, or undefined
   * @throws Error when a packet has another tag, or an impossible length
   */
  decrypt(data: Buffer, from: number, end: number): number | undefined {
    for (let at = from; at < end; ) {
      const rest = data.subarray(at, end);
      const [packet, used] = this.#begunBytes > 0 ? this.#completed(rest) : this.#whole(rest);
      at += used;
      if (packet === undefined) continue;
      const next = this.#handOn(this.#decrypted(packet));
      if (next !== undefined) return typeof next === 'number' ? next : at;
    }
    return undefined;
  }

  /** The packet with which the bytes begin and its size; if it is not all there, all of them are kept. */
  #whole(bytes: Buffer): [packet: Buffer | undefined, used: number] {
    const size = sizeOf(bytes);
    if (size !== undefined && size <= bytes.length) return [bytes.subarray(0, size), size];
    this.#begunBytes = bytes.copy(this.#begun);
    return [undefined, bytes.length];
  }

  /** The packet that was begun, if these bytes complete it, and how many of them are its own. */
  #completed(bytes: Buffer): [packet: Buffer | undefined, used: number] {
    const wanted = sizeOf(this.#begun.subarray(0, this.#begunBytes)) ?? LENGTH_BYTES;
    const used = bytes.copy(this.#begun, this.#begunBytes, 0, wanted - this.#begunBytes);
    this.#begunBytes += used;
    const begun = this.#begun.subarray(0, this.#begunBytes);
    if (sizeOf(begun) !== begun.length) return [undefined, used];
    this.#begunBytes = 0;
    return [begun, used];
  }

  /** Takes what is encrypted of a packet, without its padding. */
  #handOn(plain: Buffer): unknown {
    const end = plain.length - plain.readUInt8(0);
    if (end < PADDING_LENGTH_BYTES) throw new Error('a packet with more padding than bytes');
    this.#use.isOver = false;
    const next = this._onPayload(plain.subarray(PADDING_LENGTH_BYTES, end));
    if (this.#use.isOver && plain.length >= LARGE_BYTES) giveBack(plain);
    return next;
  }

  #decrypted(packet: Buffer): Buffer {
    const { cipher, key, nonce } = this.#key;
    const tagAt = packet.length - TAG_BYTES;
    const decryption = createDecipheriv(cipher, key, nonce, { authTagLength: TAG_BYTES });
    decryption.setAAD(packet.subarray(0, LENGTH_BYTES));
    decryption.setAuthTag(packet.subarray(tagAt));
    const plain = decryption.update(packet.subarray(LENGTH_BYTES, tagAt));
    decryption.final();
    count(nonce);
    this.inSeqno = (this.inSeqno + 1) >>> 0;
    return plain;
  }
}

/** Bytes of the packet that begins here, its length and its tag counted; undefined while its length is not known. */
function sizeOf(bytes: Buffer): number | undefined {
  if (bytes.length < LENGTH_BYTES) return undefined;
  const length = bytes.readUInt32BE(0);
  if (length < BLOCK_BYTES || length > MOST_BYTES || length % BLOCK_BYTES !== 0) {
    throw new Error('a packet of impossible length');
  }
  return LENGTH_BYTES + length + TAG_BYTES;
}
