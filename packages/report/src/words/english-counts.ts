/** The counts of all parties in English. */
import type { Difference } from '@sealift/core/claims';
import { english } from '../language/english.ts';
import type { CountWords } from './words.ts';

const { text: en, list } = english;

/** What stands over and beside counts. */
export const englishCounts: CountWords = {
  title: 'Whether the counts agree',
  read: 'in the source',
  kept: 'that leave',
  by: (counted, recipient = '') => {
    switch (counted) {
      case 'expected':
        return 'expected by the laboratory';
      case 'recomputed':
        return "counted in the laboratory's own copy";
      case 'extraction':
        return 'extracted by the processor';
      case 'receipt':
        return en`received by ${recipient}`;
      case 'import':
        return en`loaded by ${recipient}`;
      case 'validation':
        return 'validated by the laboratory';
    }
  },
  none: 'Nothing is extracted, so that there is nothing to compare.',
  single: (datasets) => en`Nobody but the processor has counted the rows of ${list(datasets)}.`,
  allEqual: 'Every count agrees.',
  equal: (datasets) => en`The counts of ${list(datasets)} agree.`,
};

/** By how much a count differs, and whose it is. */
export function englishDifference(dataset: string, { by, recipient = '', of, rows, extraction }: Difference): string {
  const which = of === 'read' ? 'in the source' : 'to leave';
  const gap = en`${Math.abs(rows - extraction)} ${rows > extraction ? 'more' : 'fewer'} than`;
  switch (by) {
    case 'expected':
      return en`${dataset}: the laboratory expected ${rows} rows ${which}, ${gap} the ${extraction} of the extraction.`;
    case 'recomputed':
      return en`${dataset}: the laboratory counts ${rows} rows ${which} in its own copy, ${gap} the ${extraction} of the extraction.`;
    case 'receipt':
      return en`${dataset}: ${recipient} received ${rows} rows, ${gap} the ${extraction} that left.`;
    case 'import':
      return en`${dataset}: ${recipient} loaded ${rows} rows, ${gap} the ${extraction} that left.`;
    case 'validation':
      return en`${dataset}: the laboratory validated ${rows} rows, ${gap} the ${extraction} that left.`;
  }
}
