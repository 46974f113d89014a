import type { Dataset } from '@sealift/core';
import { SealiftError } from '@sealift/core';

/**
 * The datasets in an order in which every dataset comes after the one that it links to; otherwise in the order of the instructions.
 * @throws SealiftError `E_SCOPE` when a link names no dataset, or links form a circle.
 */
export function orderDatasets(datasets: readonly Dataset[]): Dataset[] {
  const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
  const ordered = new Set<Dataset>();
  for (const dataset of datasets) {
    for (const next of chainOf(dataset, byName).reverse()) ordered.add(next);
  }
  return [...ordered];
}

/** The fields of `dataset` whose keys other datasets link to. */
export function linkedFields(dataset: Dataset, datasets: readonly Dataset[]): ReadonlySet<string> {
  const links = datasets.flatMap(({ link }) => (link === undefined || link.to !== dataset.name ? [] : [link.toField]));
  return new Set(links);
}

/** The dataset, the one that it links to, and so on. */
function chainOf(dataset: Dataset, byName: ReadonlyMap<string, Dataset>): Dataset[] {
  const chain = [dataset];
  let { link } = dataset;
  while (link !== undefined) {
    const target = byName.get(link.to);
    if (target === undefined)
      throw scopeError(`dataset ${dataset.name} depends on ${link.to}, which the instructions don't have`);
    if (chain.includes(target)) throw scopeError(`the links of dataset ${dataset.name} form a circle`);
    chain.push(target);
    ({ link } = target);
  }
  return chain;
}

function scopeError(message: string): SealiftError {
  return new SealiftError('E_SCOPE', message, {
    hint: 'the laboratory has to correct the links and sign the instructions again',
  });
}
