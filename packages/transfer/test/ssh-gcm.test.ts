/** Packets of SSH under AES-GCM: what goes out, what comes in, however the network divides it. */
import { createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GcmCipher, GcmDecryption, GcmEncryption, type GcmKey, type TakePayload } from '../src/ssh-gcm.ts';

const CHANNEL_DATA = 94;
const DISCONNECT = 1;
/** The nonce of a first packet, from which the count runs over several bytes, and over all of them. */
const NONCES = ['000000000000000000000000', '0123456789abcdefffffffff', 'ffffffffffffffffffffffff'];

const CIPHERS: readonly (readonly [GcmCipher, number])[] = [
  ['aes-128-gcm', 16],
  ['aes-256-gcm', 32],
];

/** Two ends with the same key, each with a nonce of its own to count. */
function ends(cipher: GcmCipher = 'aes-128-gcm', bytes = 16, nonce = NONCES[0] ?? ''): [GcmKey, GcmKey] {
  const key = randomBytes(bytes);
  return [
    { cipher, key, nonce: Buffer.from(nonce, 'hex') },
    { cipher, key, nonce: Buffer.from(nonce, 'hex') },
  ];
}

function payloadOf(bytes: number, message = CHANNEL_DATA): Buffer {
  const payload = randomBytes(bytes);
  payload[0] = message;
  return payload;
}

function send(encryption: GcmEncryption, payload: Buffer): void {
  const packet = encryption.allocPacket(payload.length);
  packet.set(payload, 5);
  encryption.encrypt(packet);
}

/** What goes over the network for these payloads, one call of it a piece. */
async function encrypted(key: GcmKey, payloads: readonly Buffer[]): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  const encryption = new GcmEncryption(key, 7, (bytes, done) => {
    pieces.push(Buffer.from(bytes));
    // Whoever still needed these bytes would find others.
    bytes.fill(0xee);
    done();
  });
  for (const payload of payloads) send(encryption, payload);
  expect(encryption.outSeqno).toBe(7 + payloads.length);
  await new Promise(setImmediate);
  return pieces;
}

/** Decryption whose payloads stay. */
const keeping = (key: GcmKey, take: TakePayload): GcmDecryption => new GcmDecryption(key, 0, take, { isOver: false });

/** Feeds bytes in pieces of these sizes, in memory that is overwritten as soon as they were taken. */
function decrypted(key: GcmKey, bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const payloads: Buffer[] = [];
  const decryption = keeping(key, (payload) => void payloads.push(payload));
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const piece = Buffer.from(bytes.subarray(at, at + (sizes[turn % sizes.length] ?? 1)));
    expect(decryption.decrypt(piece, 0, piece.length)).toBeUndefined();
    at += piece.length;
    piece.fill(0xee);
  }
  expect(decryption.inSeqno).toBe(payloads.length);
  return payloads;
}

describe('packets of SSH under AES-GCM', () => {
  it.each(CIPHERS)('are what RFC 5647 says: %s', async (cipher, keyBytes) => {
    for (const nonce of NONCES) {
      const [key] = ends(cipher, keyBytes, nonce);
      const payloads = [1, 11, 12, 32_768].map((bytes) => payloadOf(bytes));
      const bytes = Buffer.concat(await encrypted(key, payloads));
      const count = BigInt(`0x${nonce.slice(8)}`);
      let at = 0;
      for (const [turn, payload] of payloads.entries()) {
        const counted = BigInt.asUintN(64, count + BigInt(turn))
          .toString(16)
          .padStart(16, '0');
        const length = bytes.readUInt32BE(at);
        const stock = createDecipheriv(cipher, key.key, Buffer.from(nonce.slice(0, 8) + counted, 'hex'));
        stock.setAAD(bytes.subarray(at, at + 4)).setAuthTag(bytes.subarray(at + 4 + length, at + 20 + length));
        const plain = Buffer.concat([stock.update(bytes.subarray(at + 4, at + 4 + length)), stock.final()]);
        const padding = plain.readUInt8(0);
        expect(length % 16).toBe(0);
        expect(padding).toBeGreaterThanOrEqual(4);
        expect(plain.subarray(1, length - padding).equals(payload)).toBe(true);
        at += 20 + length;
      }
      expect(at).toBe(bytes.length);
    }
  });

  it('of every size are the same on the other side', async () => {
    const [here, there] = ends();
    const payloads = [...Array.from({ length: 600 }, (_, index) => index + 1), 32_777, 34_900].map((bytes) =>
      payloadOf(bytes),
    );
    const pieces = await encrypted(here, payloads);
    // Hundreds leave in few calls of the system.
    expect(pieces.length).toBeLessThan(5);
    expect(decrypted(there, Buffer.concat(pieces), [65_536]).map(String)).toEqual(payloads.map(String));
  });

  it('are the same in whatever pieces they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9000 })), { minLength: 1 }),
        fc.constantFrom(...NONCES),
        async (sizes, cuts, nonce) => {
          const [here, there] = ends('aes-128-gcm', 16, nonce);
          const payloads = sizes.map((bytes) => payloadOf(bytes));
          const bytes = Buffer.concat(await encrypted(here, payloads));
          expect(decrypted(there, bytes, cuts).map(String)).toEqual(payloads.map(String));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('that are not needed any more are given back, and no others', async () => {
    const [here, there] = ends();
    const payloads = [payloadOf(32_000), payloadOf(32_000, DISCONNECT), payloadOf(32_000)];
    const bytes = Buffer.concat(await encrypted(here, payloads));
    const [taken, use]: [Buffer[], { isOver: boolean }] = [[], { isOver: false }];
    const take = (payload: Buffer): void => {
      if (payload[0] === CHANNEL_DATA) use.isOver = true;
      taken.push(payload);
      expect(payload.equals(payloads[taken.length - 1] ?? Buffer.alloc(0))).toBe(true);
    };
    new GcmDecryption(there, 0, take, use).decrypt(bytes, 0, bytes.length);
    expect(taken.map(({ length }) => length)).toEqual([0, 32_000, 0]);
  });

  it('that are no data of a channel leave at once, behind those that wait', () => {
    const [here, there] = ends();
    const pieces: Buffer[] = [];
    const encryption = new GcmEncryption(here, 0, (bytes) => void pieces.push(Buffer.from(bytes)));
    const payloads = [payloadOf(20), payloadOf(30, DISCONNECT)];
    send(encryption, payloadOf(20));
    expect(pieces).toEqual([]);
    send(encryption, payloadOf(30, DISCONNECT));
    expect(decrypted(there, Buffer.concat(pieces), [1000]).map(({ length }) => length)).toEqual([20, 30]);
    encryption.free();
    for (const payload of payloads) send(encryption, payload);
    expect(pieces).toHaveLength(1);
  });

  it('that were altered anywhere are refused, and nothing of them is handed on', async () => {
    const [here] = ends();
    const [bytes = Buffer.alloc(0)] = await encrypted(here, [payloadOf(40)]);
    const nonce = Buffer.from(NONCES[0] ?? '', 'hex');
    for (let at = 0; at < bytes.length; at++) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 0x10;
      const payloads: Buffer[] = [];
      const decryption = keeping({ ...here, nonce: Buffer.from(nonce) }, (one) => void payloads.push(one));
      // A length that says more is waited for; such a packet is refused in the end.
      const all = Buffer.concat([altered, randomBytes(40_000)]);
      const tryAll = (): unknown => decryption.decrypt(all, 0, all.length);
      expect(tryAll, `byte ${at}`).toThrow();
      expect(payloads).toEqual([]);
    }
  });

  it.each([0, 8, 15, 17, 35_008, 0xffff_fff0])('of impossible length are refused: %d', (length) => {
    const decryption = keeping(ends()[0], () => undefined);
    const bytes = Buffer.alloc(64);
    bytes.writeUInt32BE(length);
    expect(() => decryption.decrypt(bytes, 0, bytes.length)).toThrow('impossible length');
  });

  it('behind a change of keys are left to whoever has the new ones', async () => {
    const [here, there] = ends();
    const bytes = Buffer.concat([...(await encrypted(here, [payloadOf(10), payloadOf(20)])), Buffer.from('rest')]);
    const sizes: number[] = [];
    const decryption = keeping(there, ({ length }) => (sizes.push(length) === 2 ? false : undefined));
    expect(decryption.decrypt(bytes, 0, bytes.length)).toBe(bytes.length - 4);
    expect(sizes).toEqual([10, 20]);
  });
});
