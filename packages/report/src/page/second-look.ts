/** What of instructions deserves a second look before they are signed: whatever asks for more, or protects less, than the cautious choice. */
import { isFreeTextName, isNirName } from '@sealift/core/column';
import type { Instructions } from '@sealift/core/instructions';

/** One such thing. */
export type Remark =
  | { readonly remark: 'free-text' | 'nir'; readonly dataset: string; readonly fields: readonly string[] }
  | { readonly remark: 'any-date' | 'malformed' | 'source-deleted'; readonly dataset: string }
  | { readonly remark: 'outside-eea'; readonly countries: readonly string[] }
  | { readonly remark: 'no-approval' | 'purge-without-import' | 'not-quantum-safe' | 'kept-after-deadline' };

/** Every such thing, data first. Credentials are not among them: they can't be listed at all. */
export function secondLook({ datasets, transfers, gates, suite, deadlines }: Instructions): Remark[] {
  return [
    ...datasets.flatMap(({ name: dataset, fields, window, link, malformed, disposeSource }): Remark[] => {
      const free = fields.filter(({ name, freeText }) => freeText === true || isFreeTextName(name));
      const nir = fields.filter(({ name }) => isNirName(name));
      return [
        ...(nir.length > 0 ? [{ remark: 'nir', dataset, fields: nir.map(({ name }) => name) } as const] : []),
        ...(free.length > 0 ? [{ remark: 'free-text', dataset, fields: free.map(({ name }) => name) } as const] : []),
        ...(window === undefined && link === undefined ? [{ remark: 'any-date', dataset } as const] : []),
        ...(malformed === undefined ? [] : [{ remark: 'malformed', dataset } as const]),
        ...(disposeSource === true ? [{ remark: 'source-deleted', dataset } as const] : []),
      ];
    }),
    ...(transfers.outsideEea ? [{ remark: 'outside-eea', countries: transfers.countries } as const] : []),
    ...(gates.delivery.includes('approval') ? [] : [{ remark: 'no-approval' } as const]),
    ...(gates.purge.includes('import') ? [] : [{ remark: 'purge-without-import' } as const]),
    ...(suite === 'xwing-sealedbox' ? [] : [{ remark: 'not-quantum-safe' } as const]),
    ...(deadlines.atPurge === 'keep' ? [{ remark: 'kept-after-deadline' } as const] : []),
  ];
}
