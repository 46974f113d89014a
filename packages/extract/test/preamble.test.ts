/** What the instructions declare about the lines before the rows, and about the end of each. */
import { describe, expect, it } from 'vitest';
import { datasetOf, dialect, extractText, failureOf, sourceOf } from './extraction.ts';

describe('a source with lines before its header', () => {
  const dataset = datasetOf(['A'], { dialect: { ...dialect, preamble: 2 } });

  it('is read from its header on, whatever the lines hold, and however it comes', async () => {
    for (const size of [1, 3, 1000]) {
      const { text, rows } = await extractText(dataset, sourceOf('\ufeffExport "of\r\n;;;\nA;B\n1;2\n', size));
      expect([text, rows.read]).toEqual(['A\r\n1\r\n', 1]);
    }
  });

  it('is refused when it ends within them, and is empty when it has no byte', async () => {
    expect(await failureOf(extractText(dataset, 'one line\n'))).toMatchObject({ code: 'E_HEADER' });
    expect((await extractText(dataset, '')).sourceEmpty).toBe(true);
  });

  it('is refused when it ends after them, with nothing that could be its header', async () => {
    for (const source of ['one\ntwo\n', '\ufeffone\r\ntwo\r\n']) {
      const failure = await failureOf(extractText(dataset, sourceOf(source, 1)));
      expect(failure).toMatchObject({ code: 'E_HEADER', message: 'the source ends before its header' });
      expect(failure.hint).not.toBe('');
    }
    const named = datasetOf(['A'], { dialect: { ...dialect, preamble: 2, header: ['A'] } });
    expect((await extractText(named, 'one\ntwo\n')).rows.read).toBe(0);
  });
});

describe('a source without a header', () => {
  const dataset = datasetOf(['B'], { dialect: { ...dialect, header: ['A', 'B'] } });

  it('has the names that the instructions give, and counts its first row', async () => {
    const { text, rows, withheld } = await extractText(dataset, '1;2\n3;4\n');
    expect([text, rows.read, withheld]).toEqual(['B\r\n2\r\n4\r\n', 2, ['A']]);
  });

  it('is refused when a row has another number of cells', async () => {
    expect(await failureOf(extractText(dataset, '1;2\n3\n'))).toMatchObject({
      code: 'E_CSV',
      message: 'row 2 (byte 4): there is 1 cell, but the header has 2',
    });
  });
});

describe('a source whose rows end with a delimiter', () => {
  const dataset = datasetOf(['B'], { dialect: { ...dialect, trailingDelimiter: true } });

  it('has no column behind it', async () => {
    const { text, withheld } = await extractText(dataset, 'A;B;\n1;2;\n');
    expect([text, withheld]).toEqual(['B\r\n2\r\n', ['A']]);
  });

  it('is refused when a row has a cell there, or the header does', async () => {
    const message = 'row 2 (byte 5): no delimiter ends the row';
    expect(await failureOf(extractText(dataset, 'A;B;\n1;2;3\n'))).toMatchObject({ code: 'E_CSV', message });
    expect(await failureOf(extractText(dataset, 'A;B\n1;2\n'))).toMatchObject({ code: 'E_CSV' });
  });
});

it('quotes are not doubled where the instructions say so', async () => {
  const dataset = datasetOf(['A'], { dialect: { ...dialect, doubleQuote: false } });
  expect((await extractText(dataset, 'A;B\n"x;y";""\n')).text).toBe('A\r\nx;y\r\n');
  expect(await failureOf(extractText(dataset, 'A;B\n"x""y";1\n'))).toMatchObject({
    code: 'E_CSV',
    message: 'row 2 (byte 4): there is text after a closing quote',
  });
});
