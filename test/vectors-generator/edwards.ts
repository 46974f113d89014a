/**
 * The group of Ed25519 in whole numbers (RFC 8032 §5.1), for keys and signatures that no library makes: points of small
 * or mixed order, other encodings of one number. Slow and not constant-time: for vectors alone.
 */
import { createHash } from 'node:crypto';

const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const L: bigint = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = modulo(-121665n * inverse(121666n));

/** A point by its affine coordinates. */
export interface Point {
  readonly x: bigint;
  readonly y: bigint;
}

const SQRT_MINUS_1 = power(2n, (P - 1n) / 4n);
/** The neutral element. */
export const ZERO: Point = { x: 0n, y: 1n };
/** The base point. */
export const BASE: Point = decode(encodeNumber(modulo(4n * inverse(5n))));
/** A point of order 8 (its y is a root of the doubling formula for a point of order 4). */
export const ORDER_8: Point = pointOfOrder8();

function modulo(number: bigint, by: bigint = P): bigint {
  return ((number % by) + by) % by;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [modulo(base), exponent]; rest > 0n; square = modulo(square * square), rest >>= 1n) {
    if (rest & 1n) result = modulo(result * square);
  }
  return result;
}

function inverse(number: bigint): bigint {
  return power(number, P - 2n);
}

/** The sum of two points. */
export function add(left: Point, right: Point): Point {
  return affine(sum(projective(left), projective(right)));
}

/** A multiple of a point. */
export function multiply(factor: bigint, point: Point): Point {
  let result = projective(ZERO);
  for (let [double, rest] = [projective(point), factor]; rest > 0n; double = sum(double, double), rest >>= 1n) {
    if (rest & 1n) result = sum(result, double);
  }
  return affine(result);
}

/** Extended coordinates (RFC 8032 §5.1.4), which need no division. */
interface Projective {
  readonly x: bigint;
  readonly y: bigint;
  readonly z: bigint;
  readonly t: bigint;
}

function projective({ x, y }: Point): Projective {
  return { x, y, z: 1n, t: modulo(x * y) };
}

function affine({ x, y, z }: Projective): Point {
  const factor = inverse(z);
  return { x: modulo(x * factor), y: modulo(y * factor) };
}

function sum(left: Projective, right: Projective): Projective {
  const a = modulo((left.y - left.x) * (right.y - right.x));
  const b = modulo((left.y + left.x) * (right.y + right.x));
  const c = modulo(2n * D * left.t * right.t);
  const d = modulo(2n * left.z * right.z);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return { x: modulo(e * f), y: modulo(g * h), z: modulo(f * g), t: modulo(e * h) };
}

/** 32 bytes, least significant first. */
export function encodeNumber(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => Number((number >> BigInt(8 * index)) & 0xffn));
}

/** The number of some bytes, least significant first. */
export function decodeNumber(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** The canonical encoding of a point. */
export function encode({ x, y }: Point): Uint8Array {
  return encodeNumber(y | ((x & 1n) << 255n));
}

/** The point of an encoding. */
function decode(bytes: Uint8Array): Point {
  const number = decodeNumber(bytes);
  const y = modulo(number & (2n ** 255n - 1n));
  const ratio = modulo((y * y - 1n) * inverse(D * y * y + 1n));
  const root = power(ratio, (P + 3n) / 8n);
  const x = modulo(root * root) === ratio ? root : modulo(root * SQRT_MINUS_1);
  if (modulo(x * x) !== ratio) throw new Error('no point has this encoding');
  return { x: (x & 1n) === number >> 255n ? x : modulo(-x), y };
}

/** Whether an encoding is of a point at all. */
export function isPoint(bytes: Uint8Array): boolean {
  try {
    decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function pointOfOrder8(): Point {
  for (let y = 2n; ; y += 1n) {
    const bytes = encodeNumber(y);
    if (!isPoint(bytes)) continue;
    const point = multiply(L, decode(bytes));
    const four = multiply(4n, point);
    if (four.x === 0n && four.y === P - 1n) return point;
  }
}

/** The scalar and prefix of a seed (RFC 8032 §5.1.5). */
export function secretOf(seed: Uint8Array): { readonly scalar: bigint; readonly prefix: Uint8Array } {
  const hash = createHash('sha512').update(seed).digest();
  const scalar = (decodeNumber(hash.subarray(0, 32)) & (2n ** 254n - 8n)) | (2n ** 254n);
  return { scalar, prefix: hash.subarray(32) };
}

/** SHA-512 of some parts, modulo the order of the base point. */
export function hashScalar(...parts: readonly Uint8Array[]): bigint {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return modulo(decodeNumber(hash.digest()), L);
}

/**
 * A signature that satisfies `S·B = R + h·A` for a public key `A = scalar·B + T`, where 8·T = 0: nonces are tried until 8 divides `h`
 * or `T` is zero. Nothing is wrong with it but the key.
 */
export function signUnder(publicKey: Uint8Array, scalar: bigint, message: Uint8Array): Uint8Array {
  for (let attempt = 1n; ; attempt += 1n) {
    const nonce = hashScalar(encodeNumber(attempt), encodeNumber(scalar), message);
    const point = encode(multiply(nonce, BASE));
    const hash = hashScalar(point, publicKey, message);
    if (hash % 8n !== 0n) continue;
    return Uint8Array.from([...point, ...encodeNumber(modulo(nonce + hash * scalar, L))]);
  }
}
