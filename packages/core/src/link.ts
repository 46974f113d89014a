/** Links between datasets: a row leaves only when the row it belongs to leaves (doc/format.md section 7). */
import type { Dataset } from './dataset.ts';
import { SealiftError } from './errors.ts';

/**
 * Puts datasets in an order in which each comes after the one it links to; otherwise the order of the instructions.
 * @throws E_SCOPE for a link to a dataset that is not there, or for a cycle
 */
export function linkOrder(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const ordered: Dataset[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (dataset: Dataset): void => {
    if (state.get(dataset.name) === 'done') return;
    if (state.get(dataset.name) === 'open') {
      throw new SealiftError('E_SCOPE', `the links of dataset ${dataset.name} lead back to itself`);
    }
    state.set(dataset.name, 'open');
    if (dataset.link !== undefined) {
      const target = byName.get(dataset.link.to);
      if (target === undefined) {
        throw new SealiftError(
          'E_SCOPE',
          `dataset ${dataset.name} links to ${dataset.link.to}, which is not in the instructions`,
        );
      }
      visit(target);
    }
    state.set(dataset.name, 'done');
    ordered.push(dataset);
  };
  for (const dataset of datasets) visit(dataset);
  return ordered;
}

/** Checks that every link leads to a dataset and none in a circle. @throws E_SCOPE */
export function checkLinks(datasets: readonly Dataset[]): void {
  linkOrder(datasets);
}
