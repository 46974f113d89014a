/** How two programs are compared: in one run, by turns, by their medians. */

/** One line of the result, as `--json` prints it. */
export interface Comparison {
  /** What was done: `extract`, `start`. */
  readonly bench: string;
  /** The other program. */
  readonly peer: string;
  /** Median of ours, in `unit`. */
  readonly ours: number;
  /** Median of theirs, in `unit`. */
  readonly theirs: number;
  /** Above 1 when ours is faster. */
  readonly ratio: number;
  /** `MB/s` (10^6 bytes of input a second), `ms` (of wall-clock time) or `/s` (of what the bench names, a second), or MB (of memory, 10^6 bytes). */
  readonly unit: 'MB/s' | 'ms' | '/s' | 'MB';
}

/** A program that can be timed. */
export interface Contender {
  readonly name: string;
  /** Does the work once and gives the milliseconds that it took; what has to be prepared or checked is not timed. */
  run(): Promise<number>;
}

/**
 * Times contenders by turns, so that whatever else the machine does meets all of them alike. The first turn of each only warms
 * the file cache.
 * @returns the median of each, in milliseconds, by name
 */
export async function medians(contenders: readonly Contender[], rounds: number): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      const time = await contender.run();
      if (round > 0) times.get(contender.name)?.push(time);
    }
  }
  return new Map([...times].map(([name, values]) => [name, median(values)]));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Two times as a comparison in milliseconds. */
export function compareTimes(bench: string, peer: string, ours: number, theirs: number): Comparison {
  return { bench, peer, ours: round(ours), theirs: round(theirs), ratio: round(theirs / ours), unit: 'ms' };
}

/** Two times over the same input as a comparison of throughput. */
export function compareThroughput(
  bench: string,
  peer: string,
  ours: number,
  theirs: number,
  bytes: number,
): Comparison {
  const rate = (milliseconds: number): number => bytes / 1000 / milliseconds;
  return {
    bench,
    peer,
    ours: round(rate(ours)),
    theirs: round(rate(theirs)),
    ratio: round(theirs / ours),
    unit: 'MB/s',
  };
}

/** Two times for so many times the same work as a comparison of rates. */
export function compareRates(bench: string, peer: string, ours: number, theirs: number, count: number): Comparison {
  const rate = (milliseconds: number): number => (count * 1000) / milliseconds;
  return { bench, peer, ours: round(rate(ours)), theirs: round(rate(theirs)), ratio: round(theirs / ours), unit: '/s' };
}

/** Two sizes of memory, in bytes. */
export function compareMemory(bench: string, peer: string, ours: number, theirs: number): Comparison {
  return { bench, peer, ours: round(ours / 1e6), theirs: round(theirs / 1e6), ratio: round(theirs / ours), unit: 'MB' };
}

const round = (value: number): number => Math.round(value * 100) / 100;
