/** The recipient's own look at what it opened: a row that should not have left is found without the processor's word for it. */
import type { Dataset } from '@sealift/core/dataset';
import type { DateRule, Window } from '@sealift/core/window';
import { describe, expect, it } from 'vitest';
import { ReceivedCsv } from '../src/received-csv.ts';

const window = (members: Partial<Window> = {}): Window => ({
  field: 'SEEN',
  format: 'DD/MM/YYYY',
  from: { date: '2017-05-07', inclusive: true },
  emptyDate: 'withhold',
  impossibleDate: 'withhold',
  ...members,
});
const seen = window();
const closed = window({ field: 'CLOSED' });

function datasetOf(rule: DateRule, ...names: string[]): Dataset {
  const dialect = { encoding: 'utf-8', delimiter: ';', quote: '"', newline: 'any' } as const;
  return { name: 'visits', dialect, fields: names.map((name) => ({ name })), window: rule };
}

/** Rows that passed, or the code of the refusal. */
async function look(dataset: Dataset, ...rows: string[]): Promise<number | string> {
  const received = new ReceivedCsv(dataset);
  try {
    await received.push(Buffer.from([dataset.fields.map(({ name }) => name).join(','), ...rows, ''].join('\r\n')));
    return (await received.finish()).rows;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `${String(error.code)}: ${error.message}` : String(error);
  }
}

const OUTSIDE = 'E_SCOPE: row 1 of dataset visits lies outside the window';

describe('the recipient', () => {
  it('refuses a row outside the window, and one without a readable date', async () => {
    const dataset = datasetOf(seen, 'ID', 'SEEN');
    expect(await look(dataset, '1,07/05/2017', '2,08/05/2017')).toBe(2);
    for (const date of ['06/05/2017', '', '31/04/2017']) expect(await look(dataset, `1,${date}`)).toBe(OUTSIDE);
  });

  it('compares instants', async () => {
    const from = { date: '2017-05-07', offset: '+02:00', inclusive: true };
    const dataset = datasetOf(window({ format: 'YYYY-MM-DDTHH:mm:ssXXX', from }), 'ID', 'SEEN');
    expect(await look(dataset, '1,2017-05-06T22:00:00Z')).toBe(1);
    expect(await look(dataset, '1,2017-05-06T21:59:59Z')).toBe(OUTSIDE);
  });

  it('holds rows against all of several windows whose dates left, and against any where all of them left', async () => {
    const both = ['ID', 'SEEN', 'CLOSED'];
    expect(await look(datasetOf({ all: [seen, closed] }, ...both), '1,07/05/2017,06/05/2017')).toBe(OUTSIDE);
    expect(await look(datasetOf({ any: [seen, closed] }, ...both), '1,07/05/2017,06/05/2017', '2,,07/05/2017')).toBe(2);
    expect(await look(datasetOf({ any: [seen, closed] }, ...both), '1,06/05/2017,')).toBe(OUTSIDE);
    expect(await look(datasetOf({ all: [seen, closed] }, 'ID', 'CLOSED'), '1,06/05/2017')).toBe(OUTSIDE);
    // The date that stayed may be the one that let the row go.
    expect(await look(datasetOf({ any: [seen, closed] }, 'ID', 'CLOSED'), '1,06/05/2017')).toBe(1);
  });
});
