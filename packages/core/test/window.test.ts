import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../src/dataset.ts';
import { compileDateFormat, compileWindow, type WindowVerdict } from '../src/window.ts';

const FORMATS = [
  'YYYY-MM-DD',
  'DD/MM/YYYY',
  'MM/DD/YYYY',
  'YYYY/MM/DD',
  'DD-MM-YYYY',
  'DD.MM.YYYY',
  'YYYYMMDD',
  'DDMMYYYY',
  'YYYY-MM-DDTHH:mm:ss',
  'YYYY-MM-DDTHH:mm:ssZ',
  'DD/MM/YYYY HH:mm',
] as const;

const encoder = new TextEncoder();
const DAY = 86_400_000;

function dayOf(format: string, text: string): number | 'empty' | 'impossible' {
  // The cell lies in the middle of a larger buffer, as it does in the scanner's.
  const bytes = encoder.encode(`9${text}9`);
  return compileDateFormat(format).dayOf(bytes, 1, bytes.length - 1);
}

function verdict(window: Partial<Window>, text: string): WindowVerdict {
  const bytes = encoder.encode(text);
  const whole: Window = {
    field: 'VISIT',
    format: 'DD/MM/YYYY',
    emptyDate: 'withhold',
    impossibleDate: 'withhold',
    ...window,
  };
  return compileWindow(whole).classify(bytes, 0, bytes.length);
}

const two = (value: number): string => String(value).padStart(2, '0');

function write(format: string, year: number, month: number, day: number, time: string): string {
  const [hour = '00', minute = '00', second = '00'] = time.split(':');
  return format
    .replace('YYYY', String(year).padStart(4, '0'))
    .replace('MM', two(month))
    .replace('DD', two(day))
    .replace('HH', hour)
    .replace('mm', minute)
    .replace('ss', second);
}

/** The calendar of JavaScript's Date, as the independent one: a date that comes back changed never existed. */
function calendarDay(year: number, month: number, day: number): number | 'impossible' {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same && year >= 1 ? date.getTime() / DAY : 'impossible';
}

describe('date format', () => {
  it.each(FORMATS)('%s agrees with an independent calendar on every year, month and day', (format) => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), fc.integer({ min: 0, max: 59 }))
      .map((parts) => parts.map(two).join(':'));
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 1890, max: 2110 }), fc.integer({ min: 0, max: 9999 })),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 33 }),
        time,
        (year, month, day, clock) => {
          const expected = month === 0 || day === 0 ? 'impossible' : calendarDay(year, month, day);
          expect(dayOf(format, write(format, year, month, day, clock))).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('agrees with an independent calendar on each day of four centuries', () => {
    const format = compileDateFormat('YYYYMMDD');
    for (let day = calendarDay(1800, 1, 1), end = calendarDay(2201, 1, 1); day < end; day = Number(day) + 1) {
      const text = new Date(Number(day) * DAY).toISOString().slice(0, 10).replaceAll('-', '');
      if (format.dayOf(encoder.encode(text), 0, 8) !== day) expect.unreachable(text);
    }
  });

  it('never throws and never finds a day in arbitrary bytes that are no date', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const found = compileDateFormat('DD/MM/YYYY').dayOf(bytes, 0, bytes.length);
        const text = Buffer.from(bytes).toString('latin1');
        if (typeof found === 'number') expect(text).toMatch(/^\d\d\/\d\d\/\d{4}$/);
        else expect(found).toBe(/^ *$/.test(text) ? 'empty' : 'impossible');
      }),
    );
  });

  it.each([
    '29/02/2017',
    '29/02/1900',
    '31/04/2017',
    '00/05/2017',
    '07/00/2017',
    '32/01/2017',
    '07/13/2017',
    '01/01/0000',
  ])('finds %s impossible', (text) => expect(dayOf('DD/MM/YYYY', text)).toBe('impossible'));

  it.each(['29/02/2016', '29/02/2000', '31/12/9999', '01/01/0001'])('finds %s possible', (text) =>
    expect(dayOf('DD/MM/YYYY', text)).toBeTypeOf('number'),
  );

  it('fault 19: finds 2017-02-31 impossible, and 07/05/2017 readable only under the declared format', () => {
    expect(dayOf('YYYY-MM-DD', '2017-02-31')).toBe('impossible');
    expect(dayOf('YYYY-MM-DD', '07/05/2017')).toBe('impossible');
    expect(dayOf('DD/MM/YYYY', '07/05/2017')).toBe(calendarDay(2017, 5, 7));
    expect(dayOf('MM/DD/YYYY', '07/05/2017')).toBe(calendarDay(2017, 7, 5));
  });

  it.each([
    '7/5/2017',
    '07/05/17',
    '07-05-2017',
    ' 07/05/2017',
    '07/05/2017 ',
    '07/05/2017 00:00',
    '0７/05/2017',
    '+7/05/2017',
  ])('guesses nothing about %j', (text) => expect(dayOf('DD/MM/YYYY', text)).toBe('impossible'));

  it.each(['', ' ', '          ', '               '])('finds %j empty', (text) =>
    expect(dayOf('DD/MM/YYYY', text)).toBe('empty'),
  );

  it('finds a blank cell of the right width empty without separators too', () => {
    expect(dayOf('YYYYMMDD', '        ')).toBe('empty');
    expect(dayOf('YYYYMMDD', '\t\t\t\t\t\t\t\t')).toBe('impossible');
  });

  it.each(['2017-05-07 24:00:00', '2017-05-07 23:60:00', '2017-05-07 23:59:60', '2017-05-07 2 :00:00'])(
    'checks the time of day in %s',
    (text) => expect(dayOf('YYYY-MM-DD HH:mm:ss', text)).toBe('impossible'),
  );

  it.each([
    '',
    'YYYY-MM',
    'YY-MM-DD',
    'YYYY-MM-DD-DD',
    'DD/MM/YYYY mm',
    'DD/MM/YYYY HH:ss',
    'DD MMM YYYY',
    'yyyy-mm-dd',
    'YYYY_MM_DD',
    'YYYY-MM-DD AA',
    '20YY-MM-DD',
    'YYYY-MM-DDé',
  ])('refuses the format %j', (format) =>
    expect(() => compileDateFormat(format)).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );
});

describe('window', () => {
  const cutoff = (inclusive: boolean) => ({ date: '2017-05-07', inclusive });

  it('F10 keeps the day itself when the bound is inclusive', () => {
    const window = { from: cutoff(true) };
    expect(['06/05/2017', '07/05/2017', '08/05/2017'].map((text) => verdict(window, text))).toEqual([
      'outside',
      'inside',
      'inside',
    ]);
  });

  it('F10 leaves the day itself out when the bound is exclusive', () => {
    const window = { from: cutoff(false) };
    expect(['06/05/2017', '07/05/2017', '08/05/2017'].map((text) => verdict(window, text))).toEqual([
      'outside',
      'outside',
      'inside',
    ]);
  });

  it.each([
    [true, ['inside', 'inside', 'outside']],
    [false, ['inside', 'outside', 'outside']],
  ] as const)('F10 applies the same rule to the last day (inclusive: %s)', (inclusive, expected) => {
    const window = { to: cutoff(inclusive) };
    expect(['06/05/2017', '07/05/2017', '08/05/2017'].map((text) => verdict(window, text))).toEqual(expected);
  });

  it('F10 can hold exactly one day', () => {
    const window = { from: { date: '2017-05-06', inclusive: false }, to: { date: '2017-05-08', inclusive: false } };
    expect(['06/05/2017', '07/05/2017', '08/05/2017'].map((text) => verdict(window, text))).toEqual([
      'outside',
      'inside',
      'outside',
    ]);
  });

  it('says empty and impossible before it says outside', () => {
    const window = { from: cutoff(true) };
    expect(verdict(window, '  ')).toBe('empty');
    expect(verdict(window, '31/02/1999')).toBe('impossible');
  });

  it('agrees with a comparison of dates written as YYYY-MM-DD', () => {
    const date = fc.integer({ min: 0, max: 30_000 }).map((day) => new Date(day * DAY).toISOString().slice(0, 10));
    fc.assert(
      fc.property(date, date, fc.boolean(), (bound, cell, inclusive) => {
        const onDay = inclusive ? 'inside' : 'outside';
        const order = Math.sign(Date.parse(cell) - Date.parse(bound)) + 1;
        const format = 'YYYY-MM-DD';
        expect(verdict({ format, from: { date: bound, inclusive } }, cell)).toBe(['outside', onDay, 'inside'][order]);
        expect(verdict({ format, to: { date: bound, inclusive } }, cell)).toBe(['inside', onDay, 'outside'][order]);
      }),
    );
  });

  it.each([
    ['no bound', {}],
    ['a bound that the calendar lacks', { from: { date: '2017-02-29', inclusive: true } }],
    ['a bound in another format', { from: { date: '07/05/2017', inclusive: true } }],
    ['an empty bound', { to: { date: '', inclusive: true } }],
    ['bounds in the wrong order', { from: { date: '2017-05-08', inclusive: true }, to: cutoff(true) }],
    ['one day that both bounds leave out', { from: cutoff(false), to: cutoff(true) }],
    ['neighbours that are both left out', { from: cutoff(false), to: { date: '2017-05-08', inclusive: false } }],
  ])('refuses %s', (_, window) =>
    expect(() => verdict(window, '07/05/2017')).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );
});
