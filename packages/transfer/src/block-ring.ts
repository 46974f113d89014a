/** Memory for the blocks of files that are on their way. */

/** Blocks that are kept for the next file: new memory costs more than to fill it. */
const MOST_SPARE = 8;

/** Blocks of one size that are not used now. */
export class SpareBlocks {
  readonly #blocks: Buffer[] = [];

  /** At least so many bytes, with whatever stood there. */
  take(bytes: number): Buffer {
    const block = this.#blocks.pop();
    return block !== undefined && block.length >= bytes ? block : Buffer.allocUnsafeSlow(bytes);
  }

  /** Nobody may use the block any more. */
  giveBack(block: Buffer): void {
    if (this.#blocks.length < MOST_SPARE) this.#blocks.push(block);
  }
}

/** Blocks used in turn: one is free again when as many others were taken. */
export class BlockRing {
  readonly #blocks: Buffer[] = [];
  readonly #size: number;
  readonly #blockBytes: number;
  readonly #spare: SpareBlocks;
  #next = 0;

  /** @param size how many blocks of `blockBytes` there are at most */
  constructor(size: number, blockBytes: number, spare: SpareBlocks = new SpareBlocks()) {
    this.#size = size;
    this.#blockBytes = blockBytes;
    this.#spare = spare;
  }

  /** The next block, or as much of it as is wanted. */
  take(bytes: number): Buffer {
    const slot = this.#next++ % this.#size;
    const block = this.#blocks[slot] ?? this.#spare.take(this.#blockBytes);
    this.#blocks[slot] = block;
    return block.subarray(0, bytes);
  }

  /** To be called when none of the blocks is used any more, by nobody. */
  giveBack(): void {
    for (const block of this.#blocks.splice(0)) this.#spare.giveBack(block);
  }
}
