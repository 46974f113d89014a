/** Steps in English. */

import type { Statement } from '@sealift/core/statement';
import { english } from '../language/english.ts';
import type { StepWords } from './words.ts';

const { text: en, count, number } = english;

/** English. */
export const englishSteps: StepWords = {
  intro: 'Each line was signed by whom it names; the times are those of their own clocks.',
  titles: {
    instructions: 'Instructions signed',
    extraction: 'Extracted and sealed',
    approval: 'Extraction approved',
    delivery: 'Delivered',
    receipt: 'Received, opened, counted',
    import: 'Loaded into the new system',
    validation: 'Result validated',
    purge: 'Copies deleted',
    disposal: 'Source file deleted',
    abort: 'Given up',
    revocation: 'Job revoked',
    refusal: 'Refused',
    alert: 'Alert',
    repair: 'Journal repaired',
  },
  detail: (content) => (content.kind === 'instructions' ? en`Version ${content.version}` : detail(content.statement)),
  takenIn: (name, time) => en`taken in by ${name} on ${time}`,
  again: (times, until) => en`${times} times, the last on ${until}`,
  persons: 'The persons and services, and how to recognise their keys',
  roles: {
    signer: 'signs for the laboratory',
    operator: 'operator of the processor',
    service: 'unattended service of the processor',
    recipient: 'recipient',
  },
};

function detail(statement: Statement): string {
  switch (statement.kind) {
    case 'extraction': {
      const { datasets, tool, source } = statement;
      const rows = datasets.reduce((sum, { counts }) => sum + counts.kept, 0);
      const columns = datasets.reduce((sum, dataset) => sum + dataset.columns.kept.length, 0);
      return en`${count(rows, 'row')} in ${count(columns, 'column')}, out of ${source.product} ${source.version}, with ${tool.name} ${tool.version}`;
    }
    case 'approval':
    case 'validation':
    case 'import':
      return rowsOf(statement.document.signed.datasets);
    case 'receipt':
      return rowsOf(statement.document.signed.datasets);
    case 'delivery':
      return en`${count(statement.files.length, 'file')}, to ${statement.server.host}`;
    case 'purge':
      return en`${count(statement.local.length, 'copy', 'copies')} on the processor’s machine, ${statement.remote.length} on the server`;
    case 'disposal':
      return statement.outcome === 'deleted' ? statement.dataset : en`${statement.dataset}: it was not there any more`;
    case 'abort':
      return statement.reason;
    case 'revocation':
      return statement.document.signed.reason;
    case 'refusal':
      return en`migrate ${statement.step}: ${statement.message} (${statement.code})`;
    case 'alert':
      return en`${statement.message} (${statement.code})`;
    case 'repair':
      return en`${count(statement.removedBytes, 'byte')} of an unfinished last line taken away, as after a crash`;
  }
}

function rowsOf(datasets: readonly { readonly dataset: string; readonly rows: number }[]): string {
  return datasets.map(({ dataset, rows }) => en`${dataset} ${number(rows)}`).join(', ');
}
