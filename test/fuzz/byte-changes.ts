/** Changes to bytes, each a small plain value that fast-check can shrink and print. Positions wrap round the length. */
import fc from 'fast-check';

/** One change. `at` and `to` are positions, taken modulo what there is. */
export type ByteChange =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'write'; readonly at: number; readonly byte: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'repeat'; readonly at: number; readonly length: number }
  | { readonly kind: 'move'; readonly at: number; readonly length: number; readonly to: number }
  | { readonly kind: 'cut'; readonly at: number };

/** One to four changes; `tokens` are byte strings that mean something to the reader. */
export function byteChanges(tokens: readonly Uint8Array[]): fc.Arbitrary<readonly ByteChange[]> {
  const at = fc.oneof(fc.nat(255), fc.nat(0xffffff));
  const length = fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 3000 }));
  const inserted = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 6 }), fc.constantFrom(...tokens));
  const change: fc.Arbitrary<ByteChange> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('flip' as const), at, bit: fc.oneof(fc.nat(4), fc.nat(7)) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('write' as const),
        at,
        byte: fc.oneof(fc.nat(255), fc.integer({ min: 0x20, max: 0x7e })),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('insert' as const), at, bytes: inserted }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), at, length }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('repeat' as const), at, length }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('move' as const), at, length, to: at }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at }) },
  );
  return fc.array(change, { minLength: 1, maxLength: 4 });
}

/** The bytes after the changes, in order. */
export function changeBytes(original: Uint8Array, changes: readonly ByteChange[]): Uint8Array {
  return changes.reduce(changed, original);
}

function changed(bytes: Uint8Array, change: ByteChange): Uint8Array {
  const at = change.at % (bytes.length + 1);
  const byte = bytes[at] ?? 0;
  switch (change.kind) {
    case 'flip':
      return spliced(bytes, at, 1, Uint8Array.of(byte ^ (1 << change.bit)));
    case 'write':
      return spliced(bytes, at, 1, Uint8Array.of(change.byte));
    case 'insert':
      return spliced(bytes, at, 0, change.bytes);
    case 'delete':
      return spliced(bytes, at, change.length, new Uint8Array(0));
    case 'repeat':
      return spliced(bytes, at, 0, bytes.subarray(at, at + change.length));
    case 'move': {
      const without = spliced(bytes, at, change.length, new Uint8Array(0));
      return spliced(without, change.to % (without.length + 1), 0, bytes.subarray(at, at + change.length));
    }
    case 'cut':
      return bytes.subarray(0, at);
  }
}

/** `bytes` with `length` bytes at `at` replaced. */
function spliced(bytes: Uint8Array, at: number, length: number, replacement: Uint8Array): Uint8Array {
  return Buffer.concat([bytes.subarray(0, at), replacement, bytes.subarray(at + length)]);
}
