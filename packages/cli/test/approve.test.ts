import { expect, it } from 'vitest';
import { present } from '../src/commands/approve.ts';

it('an approval names every column in 80 columns of a terminal, however many left', () => {
  const columns = Array.from({ length: 80 }, (_, index) => `COLONNE_DU_LOGICIEL_${index}`);
  const datasets = [{ dataset: 'patients', rows: 129_276, columns }];
  const lines = present({ job: 'port-2026', file: 'approval.json', signers: 1, missing: 1, datasets })
    .flatMap((line) => (typeof line === 'string' ? line : line.text))
    .join('\n')
    .split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  for (const column of columns) expect(lines.join(' ')).toContain(column);
});
