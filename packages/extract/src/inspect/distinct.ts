/**
 * How many different cells a column has: exactly up to {@link EXACT_LIMIT}, above it estimated by HyperLogLog with 4096
 * registers (P. Flajolet et al., 2007; standard error 1.04/√4096 = 1.6 %). Memory is 20 KiB a column at most.
 */

/** Up to so many, the count is exact (but for two cells with the same 32-bit hash). */
const EXACT_LIMIT = 2048;

/** Slots to begin with; they double when half of them are taken. */
const FIRST_SLOTS = 64;
const INDEX_BITS = 12;
const REGISTERS = 1 << INDEX_BITS;
/** The constant of the estimator for 128 registers and more. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);
const HASHES = 2 ** 32;

/** A count, and whether it is one or an estimate. */
export interface Distinct {
  readonly count: number;
  readonly exact: boolean;
}

/** Counts different hashes. */
export class DistinctCount {
  /** Open addressing; 0 is a free slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  #registers: Uint8Array | undefined;
  #count = 0;

  /** Adds one 32-bit hash. */
  add(hash: number): void {
    const key = hash === 0 ? 1 : hash | 0;
    if (this.#registers !== undefined) {
      register(this.#registers, key);
      return;
    }
    if (!put(this.#slots, key)) return;
    this.#count++;
    if (this.#count > EXACT_LIMIT) this.#registers = this.#toRegisters();
    else if (this.#count * 2 > this.#slots.length) this.#grow();
  }

  /** The count so far. */
  result(): Distinct {
    if (this.#registers === undefined) return { count: this.#count, exact: true };
    return { count: Math.max(this.#count, estimate(this.#registers)), exact: false };
  }

  #toRegisters(): Uint8Array {
    const registers = new Uint8Array(REGISTERS);
    for (const key of this.#slots) if (key !== 0) register(registers, key);
    this.#slots = new Int32Array(0);
    return registers;
  }

  #grow(): void {
    const larger = new Int32Array(this.#slots.length * 2);
    for (const key of this.#slots) if (key !== 0) put(larger, key);
    this.#slots = larger;
  }
}

/** Puts a key in; false when it was there. */
function put(slots: Int32Array, key: number): boolean {
  let slot = key & (slots.length - 1);
  for (;;) {
    const held = slots[slot] ?? 0;
    if (held === key) return false;
    if (held === 0) {
      slots[slot] = key;
      return true;
    }
    slot = (slot + 1) & (slots.length - 1);
  }
}

function register(registers: Uint8Array, hash: number): void {
  const index = hash >>> (32 - INDEX_BITS);
  const rank = Math.min(Math.clz32(hash << INDEX_BITS), 32 - INDEX_BITS) + 1;
  if (rank > (registers[index] ?? 0)) registers[index] = rank;
}

function estimate(registers: Uint8Array): number {
  let sum = 0;
  let empty = 0;
  for (const rank of registers) {
    sum += 2 ** -rank;
    if (rank === 0) empty++;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  if (raw <= 2.5 * REGISTERS && empty > 0) return Math.round(REGISTERS * Math.log(REGISTERS / empty));
  // Different cells that share a hash of 32 bits are counted back in.
  return Math.round(raw <= HASHES / 30 ? raw : -HASHES * Math.log(1 - raw / HASHES));
}
