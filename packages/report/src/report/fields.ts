/** The matrix of fields: which were asked for, which the source has, which left, which stayed. */
import { outputName } from '@sealift/core/dataset';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { ExtractedDataset } from '@sealift/core/statement';
import { windowsOf } from '@sealift/core/window';

/** One field of a dataset. `undefined` is what only an extraction can tell, where there is none. */
export interface FieldRow {
  readonly name: string;
  /** The name under which it leaves, where that is another. */
  readonly as?: string;
  readonly asked: boolean;
  readonly inSource: boolean | undefined;
  readonly left: boolean;
  readonly stayed: boolean | undefined;
  readonly freeText: boolean;
  readonly purpose?: string;
  /** It decides which rows leave: by the window, or by the link. */
  readonly decides: boolean;
}

/** The fields of one dataset: those asked for in their order, then the others of the source in theirs. */
export interface DatasetFields {
  readonly dataset: string;
  readonly fields: readonly FieldRow[];
}

/** The matrix of every dataset of the instructions. */
export function fieldMatrix(story: Story): DatasetFields[] {
  return currentInstructions(story).signed.datasets.map(({ name: dataset, fields, window, link }) => {
    const columns = extractedDataset(story, dataset)?.columns;
    const dates = window === undefined ? [] : windowsOf(window).map(({ field }) => field);
    const decides = (name: string): boolean => dates.includes(name) || name === link?.field;
    const asked = fields.map((field): FieldRow => {
      const output = outputName(field);
      const left = columns?.kept.includes(output) ?? false;
      return {
        name: field.name,
        ...(output === field.name ? {} : { as: output }),
        asked: true,
        inSource: columns === undefined ? undefined : left,
        left,
        stayed: columns === undefined ? undefined : !left,
        freeText: field.freeText === true,
        ...(field.purpose === undefined ? {} : { purpose: field.purpose }),
        decides: decides(field.name),
      };
    });
    const others = (columns?.withheld ?? []).map((name): FieldRow => {
      const facts = { asked: false, inSource: true, left: false, stayed: true, freeText: false };
      return { name, ...facts, decides: decides(name) };
    });
    return { dataset, fields: [...asked, ...others] };
  });
}

/** What the extraction says of a dataset, once there is one. */
export function extractedDataset({ progress }: Story, dataset: string): ExtractedDataset | undefined {
  return progress.extraction?.statement.datasets.find((extracted) => extracted.dataset === dataset);
}
