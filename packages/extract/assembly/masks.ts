/** Sixty-four bytes as masks with one bit a byte. */

/** Marks the bytes that are `wanted`, which fills a vector. */
@inline
export function maskOf(a: v128, b: v128, c: v128, d: v128, wanted: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(i8x16.eq(a, wanted))) |
    (<u64>(<u32>i8x16.bitmask(i8x16.eq(b, wanted))) << 16) |
    (<u64>(<u32>i8x16.bitmask(i8x16.eq(c, wanted))) << 32) |
    (<u64>(<u32>i8x16.bitmask(i8x16.eq(d, wanted))) << 48)
  );
}

/** Marks the bytes that are one of two, each of which fills a vector. */
@inline
export function eitherMaskOf(a: v128, b: v128, c: v128, d: v128, one: v128, other: v128): u64 {
  return (
    <u64>(<u32>i8x16.bitmask(v128.or(i8x16.eq(a, one), i8x16.eq(a, other)))) |
    (<u64>(<u32>i8x16.bitmask(v128.or(i8x16.eq(b, one), i8x16.eq(b, other)))) << 16) |
    (<u64>(<u32>i8x16.bitmask(v128.or(i8x16.eq(c, one), i8x16.eq(c, other)))) << 32) |
    (<u64>(<u32>i8x16.bitmask(v128.or(i8x16.eq(d, one), i8x16.eq(d, other)))) << 48)
  );
}

/** Bit n of the result is the parity of bits 0 to n. */
@inline
export function parities(bits: u64): u64 {
  bits ^= bits << 1;
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  return bits ^ (bits << 32);
}
