/** Work that overlaps, as far as a budget allows. */

import type { TransferProgress } from './remote.ts';

/** Bytes of files that are on their way at once; a file of that size fills the network alone. */
const BUDGET = 16 << 20;
/** What a small file counts, so that at most 128 are open. */
const LEAST = BUDGET / 128;

/**
 * Moves files, small ones at the same time: such a file is nothing but round trips, and those of different files overlap.
 * @param move moves one; what it reports of its bytes is added up for `onProgress`
 * @throws as {@link overlapping}
 */
export function overlappingFiles<File extends { readonly bytes: number }, Result>(
  files: readonly File[],
  onProgress: TransferProgress | undefined,
  move: (file: File, onMoved: TransferProgress) => Promise<Result>,
): Promise<Result[]> {
  let all = 0;
  const weigh = ({ bytes }: File): number => Math.min(Math.max(bytes, LEAST), BUDGET);
  return overlapping(files, { budget: BUDGET, weigh }, (file) => {
    let before = 0;
    return move(file, (bytes) => {
      all += bytes - before;
      before = bytes;
      onProgress?.(all);
    });
  });
}

/**
 * Does work for each item in its order, several at once as long as their weights fit into the budget; one that is heavier goes alone.
 * After a failure nothing more is begun, and what was begun is waited for.
 * @returns what each gave, in the order of the items
 * @throws the first failure
 */
async function overlapping<Item, Result>(
  items: readonly Item[],
  { budget, weigh }: { readonly budget: number; readonly weigh: (item: Item) => number },
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const started: Promise<Result>[] = [];
  let [weight, running, hasFailed] = [0, 0, false];
  let wake = (): void => undefined;
  const oneEnds = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const ended = (own: number, failed: boolean): void => {
    weight -= own;
    running -= 1;
    hasFailed ||= failed;
    wake();
  };
  for (const item of items) {
    const own = weigh(item);
    while (!hasFailed && running > 0 && weight + own > budget) await oneEnds();
    if (hasFailed) break;
    weight += own;
    running += 1;
    const result = work(item);
    started.push(result);
    result.then(
      () => ended(own, false),
      () => ended(own, true),
    );
  }
  while (running > 0) await oneEnds();
  return Promise.all(started);
}
