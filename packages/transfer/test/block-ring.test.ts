/** Memory of blocks is used again, and never while somebody still uses it. */
import { describe, expect, it } from 'vitest';
import { BlockRing, SpareBlocks } from '../src/block-ring.ts';

describe('blocks that are used in turn', () => {
  it('are other memory until as many others were taken', () => {
    const ring = new BlockRing(3, 8, new SpareBlocks());
    const [first, second, third, again] = [ring.take(8), ring.take(8), ring.take(5), ring.take(8)];
    expect(third).toHaveLength(5);
    first?.fill(1);
    second?.fill(2);
    third?.fill(3);
    expect(again).toEqual(Buffer.alloc(8, 1));
    expect(second).toEqual(Buffer.alloc(8, 2));
  });

  it('are used by the next file once they were given back, and not before', () => {
    const spare = new SpareBlocks();
    const [one, other] = [new BlockRing(1, 8, spare), new BlockRing(1, 8, spare)];
    one.take(8).fill(1);
    other.take(8).fill(2);
    one.giveBack();
    expect(new BlockRing(1, 8, spare).take(8)).toEqual(Buffer.alloc(8, 1));
    expect(other.take(8)).toEqual(Buffer.alloc(8, 2));
  });

  it('are new where those that were given back are too small', () => {
    const spare = new SpareBlocks();
    spare.giveBack(Buffer.alloc(4));
    expect(spare.take(8)).toHaveLength(8);
  });
});
