/**
 * crypto_secretstream_xchacha20poly1305 on `node:crypto`, byte for byte what libsodium computes and several times faster than its
 * WebAssembly. Written from the algorithm's description (libsodium's page "Encrypted streams", section "Algorithm"; RFC 8439;
 * draft-irtf-cfrg-xchacha, section 2.2 for HChaCha20).
 *
 * A chunk is ChaCha20-Poly1305 over a block of 64 bytes (the tag, then zeros) and the message; of the encrypted block only
 * the first byte is kept. The MAC differs from RFC 8439's in one thing: as many zeros follow the ciphertext as its length
 * exceeds a multiple of 16, not as many as it lacks. So the platform's AEAD serves every length that is a multiple of 16, as
 * all chunks but a file's last are; for the others ChaCha20 is the platform's and Poly1305 comes from @noble/ciphers.
 */
import { createCipheriv, createDecipheriv, timingSafeEqual } from 'node:crypto';
import { poly1305 } from '@noble/ciphers/_poly1305.js';
import type { ChunkOpener, ChunkSealer, OpenedChunk, StreamCipher, StreamStart } from '../sealed/stream-cipher.ts';
import { giveBack } from './given-back.ts';

const BLOCK = 64;
const MAC = 16;
const OVERHEAD = 1 + MAC;
const COUNTER = 4;
const NONCE = 12;
/** The bit of a tag after which the key changes (crypto_secretstream_xchacha20poly1305_TAG_REKEY). */
const REKEY = 2;
const ZEROS: Uint8Array = new Uint8Array(BLOCK);

/** The secretstream of this file. Use what `streamCipher` chooses: it was tested first. */
export const nodeCipher: StreamCipher = {
  name: 'node:crypto',
  sealing: (start, memory) => new SecretStream(start, memory),
  opening: (start) => new SecretStream(start),
};

/** One stream, used in one direction. */
class SecretStream implements ChunkSealer, ChunkOpener {
  readonly #key: Uint8Array;
  /** Four bytes of counter, little-endian, from 1; then the inner nonce. */
  readonly #nonce = new Uint8Array(NONCE);
  readonly #context: Uint8Array;
  readonly #block = new Uint8Array(BLOCK);
  /** Where a sealed chunk is put. */
  readonly #memory: (bytes: number) => Uint8Array;

  constructor({ key, header, context }: StreamStart, memory = ownMemory) {
    this.#memory = memory;
    this.#key = hchacha20(key, header.subarray(0, 16));
    this.#nonce.set(header.subarray(16, 24), COUNTER);
    this.#nonce[0] = 1;
    this.#context = Uint8Array.from(context);
  }

  seal(chunk: Uint8Array, tag: number): Uint8Array {
    this.#block.fill(0);
    this.#block[0] = tag;
    const sealed = this.#memory(chunk.length + OVERHEAD);
    const cipher = createCipheriv('chacha20-poly1305', this.#key, this.#nonce, { authTagLength: MAC });
    cipher.setAAD(this.#context, { plaintextLength: BLOCK + chunk.length });
    const block = cipher.update(this.#block);
    const text = cipher.update(chunk);
    cipher.final();
    const mac = isWhole(text) ? cipher.getAuthTag() : this.#mac(block, text);
    sealed.set(block.subarray(0, 1));
    sealed.set(text, 1);
    sealed.set(mac, 1 + text.length);
    giveBack(text);
    this.#advance(mac, tag);
    return sealed;
  }

  open(chunk: Uint8Array): OpenedChunk | undefined {
    if (chunk.length < OVERHEAD) return undefined;
    const text = chunk.subarray(1, chunk.length - MAC);
    const mac = chunk.subarray(chunk.length - MAC);
    // The block's zeros were encrypted and left out: they are the key stream itself.
    const block = this.#chacha20(1, ZEROS);
    const tag = (block[0] ?? 0) ^ (chunk[0] ?? 0);
    block.set(chunk.subarray(0, 1));
    const message = isWhole(text) ? this.#openWhole(block, text, mac) : this.#openOther(block, text, mac);
    if (message === undefined) return undefined;
    this.#advance(mac, tag);
    return { message, tag };
  }

  wipe(): void {
    this.#key.fill(0);
    this.#nonce.fill(0);
    this.#block.fill(0);
  }

  #openWhole(block: Uint8Array, text: Uint8Array, mac: Uint8Array): Uint8Array | undefined {
    const decipher = createDecipheriv('chacha20-poly1305', this.#key, this.#nonce, { authTagLength: MAC });
    decipher.setAAD(this.#context, { plaintextLength: BLOCK + text.length });
    decipher.setAuthTag(mac);
    decipher.update(block).fill(0);
    const message = plainArray(decipher.update(text));
    try {
      decipher.final();
      return message;
    } catch {
      message.fill(0);
      return undefined;
    }
  }

  #openOther(block: Uint8Array, text: Uint8Array, mac: Uint8Array): Uint8Array | undefined {
    return timingSafeEqual(this.#mac(block, text), mac) ? this.#chacha20(2, text) : undefined;
  }

  /** secretstream's MAC, for any length. */
  #mac(block: Uint8Array, text: Uint8Array): Uint8Array {
    const context = this.#context.length;
    const lengths = new Uint8Array(16);
    const view = viewOf(lengths);
    view.setBigUint64(0, BigInt(context), true);
    view.setBigUint64(8, BigInt(BLOCK + text.length), true);
    const key = this.#chacha20(0, ZEROS.subarray(0, 32));
    const mac = poly1305
      .create(key)
      .update(this.#context)
      .update(ZEROS.subarray(0, -context & 15))
      .update(block)
      .update(text)
      .update(ZEROS.subarray(0, text.length & 15))
      .update(lengths)
      .digest();
    key.fill(0);
    return mac;
  }

  /** ChaCha20 (RFC 8439, section 2.4) under the stream's key and nonce, from a block's number on. */
  #chacha20(block: number, bytes: Uint8Array): Uint8Array {
    const start = new Uint8Array(COUNTER + NONCE);
    start[0] = block;
    start.set(this.#nonce, COUNTER);
    return plainArray(createCipheriv('chacha20', this.#key, start).update(bytes));
  }

  /** Mixes the MAC into the inner nonce, counts, and changes the key where it is due. */
  #advance(mac: Uint8Array, tag: number): void {
    const nonce = this.#nonce;
    for (let at = COUNTER; at < NONCE; at += 1) nonce[at] = (nonce[at] ?? 0) ^ (mac[at - COUNTER] ?? 0);
    const counter = viewOf(nonce);
    counter.setUint32(0, counter.getUint32(0, true) + 1, true);
    if ((tag & REKEY) !== 0 || counter.getUint32(0, true) === 0) this.#rekey();
  }

  /** The key and the inner nonce, encrypted under themselves, take their own place. */
  #rekey(): void {
    const joined = new Uint8Array(this.#key.length + NONCE - COUNTER);
    joined.set(this.#key);
    joined.set(this.#nonce.subarray(COUNTER), this.#key.length);
    const next = this.#chacha20(0, joined);
    this.#key.set(next.subarray(0, this.#key.length));
    this.#nonce.set(next.subarray(this.#key.length), COUNTER);
    viewOf(this.#nonce).setUint32(0, 1, true);
    joined.fill(0);
    next.fill(0);
  }
}

/**
 * HChaCha20: the first and last four words of a ChaCha20 block before the initial state is added to it. The platform gives
 * the block with the sum made; the initial words there are constants and the input itself, so they are taken off again.
 */
function hchacha20(key: Uint8Array, input: Uint8Array): Uint8Array {
  const block = createCipheriv('chacha20', key, input).update(ZEROS);
  const subKey = new Uint8Array(32);
  subtractWords(subKey.subarray(0, 16), block.subarray(0, 16), SIGMA);
  subtractWords(subKey.subarray(16), block.subarray(48), input);
  block.fill(0);
  return subKey;
}

/** Four little-endian words less four others, modulo 2³². */
function subtractWords(into: Uint8Array, from: Uint8Array, less: Uint8Array): void {
  const [difference, minuend, subtrahend] = [viewOf(into), viewOf(from), viewOf(less)];
  for (let at = 0; at < 16; at += 4) {
    difference.setUint32(at, minuend.getUint32(at, true) - subtrahend.getUint32(at, true), true);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** ChaCha20's constant. */
const SIGMA: Uint8Array = new TextEncoder().encode('expand 32-byte k');

/** Whether the platform's AEAD pads such a text as secretstream does. */
function isWhole(text: Uint8Array): boolean {
  return text.length % 16 === 0;
}

/** Memory of its own that is not zeroed first; all of it will be written. */
function ownMemory(length: number): Uint8Array {
  return plainArray(Buffer.allocUnsafeSlow(length));
}

/** Callers shall not get a Buffer, whose `slice` and JSON differ from those of other byte arrays. */
function plainArray(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
