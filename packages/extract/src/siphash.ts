/**
 * SipHash-2-4 with 128 bits of output: a keyed hash for short inputs (J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input
 * PRF", INDOCRYPT 2012; the 128-bit variant is the one of their reference code). Each 64-bit word is two 32-bit halves, low half first.
 */

/** The sixteen bytes of a key, as its four little-endian 32-bit words. */
export type SipHashKey = readonly [number, number, number, number];

const state = new Int32Array(8);

/** Hashes `bytes[start, end)` under the key; `out[0..3]` get the digest as little-endian 32-bit words. */
export function sipHash128(key: SipHashKey, bytes: Uint8Array, start: number, end: number, out: Uint32Array): void {
  begin(key);
  let at = start;
  for (; at + 8 <= end; at += 8) compress(word(bytes, at, 4), word(bytes, at + 4, 4));
  const left = end - at;
  const low = word(bytes, at, Math.min(left, 4));
  const high = word(bytes, at + 4, Math.max(left - 4, 0));
  compress(low, high | ((end - start) << 24));

  state[4] = (state[4] ?? 0) ^ 0xee;
  rounds(4);
  fold(out, 0);
  state[2] = (state[2] ?? 0) ^ 0xdd;
  rounds(4);
  fold(out, 2);
}

function begin([k0, k1, k2, k3]: SipHashKey): void {
  state[0] = k0 ^ 0x70736575;
  state[1] = k1 ^ 0x736f6d65;
  // 0xee marks the 128-bit output.
  state[2] = k2 ^ 0x6e646f6d ^ 0xee;
  state[3] = k3 ^ 0x646f7261;
  state[4] = k0 ^ 0x6e657261;
  state[5] = k1 ^ 0x6c796765;
  state[6] = k2 ^ 0x79746573;
  state[7] = k3 ^ 0x74656462;
}

/** Up to four bytes, little-endian; the missing ones are 0. */
function word(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value |= (bytes[at + index] ?? 0) << (8 * index);
  return value;
}

function compress(low: number, high: number): void {
  state[6] = (state[6] ?? 0) ^ low;
  state[7] = (state[7] ?? 0) ^ high;
  rounds(2);
  state[0] = (state[0] ?? 0) ^ low;
  state[1] = (state[1] ?? 0) ^ high;
}

/** SipRound, as often as said. Each word is a pair of locals, `…l` and `…h`, for the halves of v0 to v3: this is the hot part. */
function rounds(count: number): void {
  let al = state[0] ?? 0;
  let ah = state[1] ?? 0;
  let bl = state[2] ?? 0;
  let bh = state[3] ?? 0;
  let cl = state[4] ?? 0;
  let ch = state[5] ?? 0;
  let dl = state[6] ?? 0;
  let dh = state[7] ?? 0;
  for (let round = 0; round < count; round++) {
    ah = (ah + bh + carry(al, bl)) | 0;
    al = (al + bl) | 0;
    let turned = (bl << 13) | (bh >>> 19);
    bh = ((bh << 13) | (bl >>> 19)) ^ ah;
    bl = turned ^ al;
    ch = (ch + dh + carry(cl, dl)) | 0;
    cl = (cl + dl) | 0;
    turned = (dl << 16) | (dh >>> 16);
    dh = ((dh << 16) | (dl >>> 16)) ^ ch;
    dl = turned ^ cl;
    // v0 was to be turned by 32 bits before this sum: its halves change places here.
    turned = (al + dh + carry(ah, dl)) | 0;
    al = (ah + dl) | 0;
    ah = turned;
    turned = (dl << 21) | (dh >>> 11);
    dh = ((dh << 21) | (dl >>> 11)) ^ ah;
    dl = turned ^ al;
    ch = (ch + bh + carry(cl, bl)) | 0;
    cl = (cl + bl) | 0;
    turned = (bl << 17) | (bh >>> 15);
    bh = ((bh << 17) | (bl >>> 15)) ^ ch;
    bl = turned ^ cl;
    // And v2 after the last one.
    turned = cl;
    cl = ch;
    ch = turned;
  }
  state[0] = al;
  state[1] = ah;
  state[2] = bl;
  state[3] = bh;
  state[4] = cl;
  state[5] = ch;
  state[6] = dl;
  state[7] = dh;
}

/** What two low halves carry into the high half of their sum. */
function carry(one: number, other: number): number {
  return (one + other) >>> 0 < one >>> 0 ? 1 : 0;
}

function fold(out: Uint32Array, at: number): void {
  for (let half = 0; half < 2; half++) {
    out[at + half] = (state[half] ?? 0) ^ (state[half + 2] ?? 0) ^ (state[half + 4] ?? 0) ^ (state[half + 6] ?? 0);
  }
}
