/** Work that overlaps, as far as a budget allows. */

/**
 * Does work for each item in its order, several at once as long as their weights fit into the budget; one that is heavier goes alone.
 * After a failure nothing more is begun, and what was begun is waited for.
 * @returns what each gave, in the order of the items
 * @throws the first failure
 */
export async function overlapping<Item, Result>(
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
