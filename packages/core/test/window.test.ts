import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Window } from '../src/dataset.ts';
import { compileDateFormat } from '../src/date-format.ts';
import { compileWindow, joinVerdicts, type WindowVerdict } from '../src/window.ts';

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
  'YYYY-MM-DD HH:mm:ss.SSS',
  'YYYYMMDDHHmmss',
  'DD/MM/YYYY HH:mm',
] as const;

const encoder = new TextEncoder();
const DAY = 86_400_000;

function dayOf(format: string, text: string, pivot?: number): number | 'empty' | 'impossible' {
  // The cell lies in the middle of a larger buffer, as it does in the scanner's.
  const bytes = encoder.encode(`9${text}9`);
  return compileDateFormat(format, pivot).read(bytes, 1, bytes.length - 1);
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
    .replace('ss', second)
    .replace('SSS', '999');
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
      if (format.read(encoder.encode(text), 0, 8) !== day) expect.unreachable(text);
    }
  });

  it('never throws and never finds a day in arbitrary bytes that are no date', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const found = compileDateFormat('DD/MM/YYYY').read(bytes, 0, bytes.length);
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
    'YYYY-MM-DDZ',
    'YYYY-MM-DDTHHZ',
    'YYYY-MM-DDZHH:mm',
    'YYYY-MM-DDTHH:mmXXXX',
    'YYYY-MM-DDTHH:mm.SSS',
    'YYYY-MM-DDTHH:mm:ss.SSSSSSSSSS',
    'YYYYYY-MM-DD',
    'epoch',
    'epoch-secondsZ',
  ])('refuses the format %j', (format) =>
    expect(() => compileDateFormat(format)).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );
});

describe('days, months and hours without a zero before their digit', () => {
  it.each([
    ['D/M/YYYY', '7/5/2017'],
    ['M/D/YYYY', '5/7/2017'],
    ['YYYY-M-D', '2017-5-7'],
    ['D.M.YYYY H:mm', '7.5.2017 0:05'],
    ['D/M/YYYY H:mm:ss', '7/5/2017 23:59:59'],
    ['D/MM/YYYY', '7/05/2017'],
    ['DD/M/YYYY', '07/5/2017'],
  ])('%s reads %s', (format, text) => expect(dayOf(format, text)).toBe(calendarDay(2017, 5, 7)));

  it('agree with an independent calendar, whatever the widths', () => {
    const any = fc.tuple(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(any, ([year, month, day]) => {
        const text = `${day}/${month}/${String(year).padStart(4, '0')}`;
        expect(dayOf('D/M/YYYY', text)).toBe(calendarDay(year, month, day));
        const padded = `${two(day)}/${two(month)}/${String(year).padStart(4, '0')}`;
        if (padded !== text) expect(dayOf('D/M/YYYY', padded)).toBe('impossible');
      }),
    );
  });

  it.each([
    '07/5/2017',
    '7/05/2017',
    '0/5/2017',
    '7/0/2017',
    '32/1/2017',
    '1/13/2017',
    '31/2/2017',
    '7//2017',
    '/5/2017',
    '7/5/17',
    '117/5/2017',
    ' 7/5/2017',
  ])('guesses nothing about %j', (text) => expect(dayOf('D/M/YYYY', text)).toBe('impossible'));

  it.each(['7/5/2017 00:05', '7/5/2017 24:05', '7/5/2017 :05', '7/5/2017 5:5'])('checks the hour in %j', (text) =>
    expect(dayOf('D/M/YYYY H:mm', text)).toBe('impossible'),
  );

  it('and an instant with them is one', () => {
    expect(dayOf('D/M/YYYY H:mmXXX', '7/5/2017 2:00+02:00')).toBe(
      dayOf('DD/MM/YYYY HH:mmXXX', '07/05/2017 02:00+02:00'),
    );
    expect(dayOf('D/M/YYYY H:mmXXX', '7/5/2017 12:00Z')).toBe(dayOf('DD/MM/YYYY HH:mmXXX', '07/05/2017 12:00Z'));
    expect(dayOf('D/M/YYYY H:mmXXX', '7/5/2017 02:00Z')).toBe('impossible');
  });

  it.each(['DMYYYY', 'D/MYYYY', 'YYYYM-D', 'D/M/YYYYH:mm', 'D/MD/YYYY', 'D/DD/YYYY', 'D/M/M/YYYY', 'D/YYYY'])(
    'refuses %s: digits without a separator beside them, a part twice, a part too few',
    (format) => expect(() => compileDateFormat(format)).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );

  it('have several widths, and no form for a reader of fixed places', () => {
    const { widths, dayForm } = compileDateFormat('D/M/YYYY');
    expect([[...widths].sort((one, other) => one - other), dayForm]).toEqual([[8, 9, 10], undefined]);
  });

  it('keep the day itself when the bound is inclusive, as every other format does (F10)', () => {
    const window = { format: 'D/M/YYYY', from: { date: '2017-05-07', inclusive: true } } as const;
    expect(['6/5/2017', '7/5/2017', '8/5/2017'].map((text) => verdict(window, text))).toEqual([
      'outside',
      'inside',
      'inside',
    ]);
  });
});

describe('years of two digits', () => {
  it.each([
    [1930, '30', 1930],
    [1930, '99', 1999],
    [1930, '00', 2000],
    [1930, '29', 2029],
    [2000, '99', 2099],
    [1, '00', 100],
  ])('from the pivot %i on, %s is %i', (pivot, year, expected) => {
    expect(dayOf('DD/MM/YY', `07/05/${year}`, pivot)).toBe(calendarDay(expected, 5, 7));
  });

  it('agree with an independent calendar in every century, 29 February included', () => {
    const any = fc.tuple(
      fc.integer({ min: 1, max: 9900 }),
      fc.nat(99),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    );
    fc.assert(
      fc.property(any, ([pivot, past, month, day]) => {
        const text = two((pivot + past) % 100) + two(month) + two(day);
        expect(dayOf('YYMMDD', text, pivot)).toBe(calendarDay(pivot + past, month, day));
      }),
    );
    expect([dayOf('YYMMDD', '000229', 1950), dayOf('YYMMDD', '000229', 1850)]).toEqual([11_016, 'impossible']);
  });

  it.each([
    ['DD/MM/YY', undefined],
    ['DD/MM/YYYY', 1930],
    ['epoch-seconds', 1930],
    ['DD/MM/YY', 0],
    ['DD/MM/YY', 9901],
  ])('are refused without a pivot, and a pivot without them: %s, %j', (format, pivot) =>
    expect(() => compileDateFormat(format, pivot)).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );
});

describe('instants', () => {
  it.each([
    ['YYYY-MM-DDTHH:mm:ssZ', '2017-05-06T22:00:00Z'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-06T22:00:00Z'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00+02:00'],
    ['YYYY-MM-DDTHH:mm:ss.SSSXXX', '2017-05-07T00:00:00.999+02:00'],
    ['YYYYMMDDHHmmssXX', '20170506180000-0400'],
    ['YYYY-MM-DD HH:mmX', '2017-05-07 12:00+14'],
    ['epoch-seconds', '1494108000'],
    ['epoch-milliseconds', '1494108000999'],
  ])('%s reads %s as one instant', (format, text) => expect(dayOf(format, text)).toBe(1_494_108_000));

  it('agree with an independent clock at every offset', () => {
    const time = fc.date({
      min: new Date('0001-01-03T00:00:00Z'),
      max: new Date('9999-12-29T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(time, fc.integer({ min: -840, max: 840 }), (instant, minutes) => {
        const local = new Date(instant.getTime() + minutes * 60_000).toISOString().slice(0, -1);
        const [sign, east] = [minutes < 0 ? '-' : '+', Math.abs(minutes)];
        const zone = `${sign}${two(Math.floor(east / 60))}:${two(east % 60)}`;
        const seconds = Math.floor(instant.getTime() / 1000);
        expect(dayOf('YYYY-MM-DDTHH:mm:ss.SSSXXX', local + zone)).toBe(seconds);
        expect(dayOf('epoch-milliseconds', String(instant.getTime()))).toBe(seconds);
        expect(dayOf('epoch-seconds', String(seconds))).toBe(seconds);
      }),
    );
  });

  it.each([
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00+0200'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00+14:01'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00+02:60'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00 02:00'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-05-07T00:00:00z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2017-05-07T00:00:00+00:00'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '2017-02-29T00:00:00Z'],
    ['YYYY-MM-DDTHH:mm:ssXXX', '0001-01-01T00:00:00Z'],
    ['epoch-seconds', '+1'],
    ['epoch-seconds', '01'],
    ['epoch-seconds', '-0'],
    ['epoch-seconds', '-'],
    ['epoch-seconds', '1.0'],
    ['epoch-seconds', '1e9'],
    ['epoch-seconds', '253402300800'],
    ['epoch-milliseconds', '9999999999999999'],
  ])('%s finds %s impossible', (format, text) => expect(dayOf(format, text)).toBe('impossible'));

  it('a blank cell is empty, and 0 and a negative number are instants', () => {
    expect(['', '   '].map((text) => dayOf('epoch-seconds', text))).toEqual(['empty', 'empty']);
    expect([dayOf('epoch-seconds', '0'), dayOf('epoch-milliseconds', '-1')]).toEqual([0, -1]);
  });
});

describe('window over instants', () => {
  const format = 'YYYY-MM-DDTHH:mm:ssXXX';
  const at = (offset: string, inclusive = true) => ({ date: '2017-05-07', offset, inclusive });

  it('F10 keeps the day of the bound as it is at its offset, to the second', () => {
    const cells = [
      '2017-05-06T21:59:59Z',
      '2017-05-06T22:00:00Z',
      '2017-05-07T23:59:59+02:00',
      '2017-05-08T00:00:00+02:00',
    ];
    const judge = (window: Partial<Window>) => cells.map((text) => verdict({ format, ...window }, text));
    expect(judge({ from: at('+02:00') })).toEqual(['outside', 'inside', 'inside', 'inside']);
    expect(judge({ from: at('+02:00', false) })).toEqual(['outside', 'outside', 'outside', 'inside']);
    expect(judge({ to: at('+02:00') })).toEqual(['inside', 'inside', 'inside', 'outside']);
    expect(judge({ to: at('+02:00', false) })).toEqual(['inside', 'outside', 'outside', 'outside']);
    expect(judge({ from: at('+02:00'), to: at('+02:00') })).toEqual(['outside', 'inside', 'inside', 'outside']);
  });

  it('F10 gives the day of an instant at the offset of the first bound', () => {
    const instant = Date.parse('2017-05-06T22:00:00Z') / 1000;
    const dayAt = (bounds: Partial<Window>) =>
      compileWindow({
        ...{ field: 'VISIT', format, emptyDate: 'withhold', impossibleDate: 'withhold' },
        ...bounds,
      }).dayOf(instant);
    expect(dayAt({ from: at('+02:00') })).toBe(calendarDay(2017, 5, 7));
    expect(dayAt({ from: at('+00:00'), to: at('+02:00') })).toBe(calendarDay(2017, 5, 6));
    expect(dayAt({ to: at('-11:30') })).toBe(calendarDay(2017, 5, 6));
  });

  it.each([
    ['+05:45', '2017-05-06T18:14:59Z', '2017-05-06T18:15:00Z'],
    ['-03:30', '2017-05-07T03:29:59Z', '2017-05-07T03:30:00Z'],
  ])('F10 takes the minutes of an offset as it takes its hours: %s', (offset, before, first) => {
    const from = at(offset);
    expect([before, first].map((text) => verdict({ format, from }, text))).toEqual(['outside', 'inside']);
  });

  it.each([
    ['an instant', { format, from: { date: '2017-05-07', inclusive: true } }, 'name instants'],
    ['a day', { from: at('+02:00') }, 'name no zone'],
  ])('says of which kind the dates are that its bounds do not fit: %s', (_, window, words) =>
    expect(() => verdict(window, '')).toThrow(words),
  );

  it.each(['+2:00', 'x+02:00', '+02:00x', '02:00', '+0200'])('refuses a bound whose offset is %s', (offset) =>
    expect(() => verdict({ format, from: at(offset) }, '')).toThrow('is no offset from UTC'),
  );

  it.each([
    ['instants and a bound without an offset', { format, from: { date: '2017-05-07', inclusive: true } }],
    [
      'instants and one of two bounds without an offset',
      { format, from: at('+02:00'), to: { date: '2018-05-07', inclusive: true } },
    ],
    ['days and a bound with an offset', { from: at('+02:00') }],
    ['epoch and a bound without an offset', { format: 'epoch-seconds', to: { date: '2017-05-07', inclusive: true } }],
    ['a bound whose offset is none', { format, from: at('Paris') }],
    ['no second between the bounds', { format, from: at('-02:00'), to: at('+02:00', false) }],
  ])('refuses %s', (_, window) =>
    expect(() => verdict(window, '')).toThrow(expect.objectContaining({ code: 'E_DATE' })),
  );
});

describe('instants', () => {
  it('lie from the second day of year 1 to the end of 30 December 9999, so that every offset has a year for them', () => {
    const edges = ['-62135510400', '-62135510401', '253402214399', '253402214400'];
    expect(edges.map((text) => dayOf('epoch-seconds', text))).toEqual([
      ...[-62_135_510_400, 'impossible', 253_402_214_399, 'impossible'],
    ]);
  });

  it.each([
    ['-0', 'impossible'],
    ['07', 'impossible'],
    ['+7', 'impossible'],
    ['0', 0],
    ['-7', -7],
  ])('are whole numbers written in one way where they count from 1970: %s', (text, expected) =>
    expect(dayOf('epoch-seconds', text)).toBe(expected),
  );

  it.each([
    ['2017-05-07T00:00:00', 'no zone'],
    ['2017-05-07T00:00:00+', 'a sign alone'],
    ['2017-05-07T00:00:00+02:00x', 'more than a zone'],
    ['2017-05-07T00:00:00+02.00', 'another sign between hours and minutes'],
    ['2017-05-07T00:00:00*02:00', 'no sign'],
    ['2017-02-30T00:00:00+02:00', 'no such day'],
    ['2017-05-07T24:00:00Z', 'no such hour'],
  ])('need a zone and a date before it: %s (%s)', (text) =>
    expect(dayOf('YYYY-MM-DDTHH:mm:ssXXX', text)).toBe('impossible'),
  );
});

describe('a cell', () => {
  it('has decimal digits wherever its format has digits, and no neighbour of theirs', () => {
    const [format, text] = ['HH:mm:ss.SS DD.MM.YYYY', '12:11:11.11 11.11.2011'];
    expect(dayOf(format, text)).toBe(calendarDay(2011, 11, 11));
    for (const [at, letter] of text.split('').entries()) {
      if (!/\d/.test(letter)) continue;
      for (const other of ['/', ':', ' ', 'a']) {
        const changed = text.slice(0, at) + other + text.slice(at + 1);
        expect(dayOf(format, changed), changed).toBe('impossible');
      }
    }
  });

  it('has an hour of the day also where it begins with it', () => {
    expect(dayOf('HH:mm DD/MM/YYYY', '23:59 07/05/2017')).toBe(calendarDay(2017, 5, 7));
    expect(dayOf('HH:mm DD/MM/YYYY', '24:00 07/05/2017')).toBe('impossible');
  });

  it.each(['Z', 'X', 'XX', 'XXX'])('that is blank is empty, and is judged by its own bytes alone: %s', (zone) => {
    const format = compileDateFormat(`YYYY-MM-DDTHH:mm${zone}`);
    expect(['', ' '.repeat(17), ' '.repeat(22)].map((text) => dayOf(`YYYY-MM-DDTHH:mm${zone}`, text))).toEqual([
      ...['empty', 'empty', 'empty'],
    ]);
    for (const behind of ['+02:00', '+0200', '+02', 'Z']) {
      expect(format.read(encoder.encode(`2017-05-07T00:00${behind}`), 0, 16), behind).toBe('impossible');
    }
  });
});

describe('a compiled format', () => {
  it.each([
    ['DD/MM/YYYY', [10]],
    ['YYYY-MM-DDTHH:mmZ', [17]],
    ['YYYY-MM-DDTHH:mmX', [19, 17]],
    ['YYYY-MM-DDTHH:mmXX', [21, 17]],
    ['YYYY-MM-DDTHH:mmXXX', [22, 17]],
    ['epoch-seconds', []],
  ])('knows how many bytes its dates may have: %s', (format, widths) =>
    expect(compileDateFormat(format).widths).toEqual(widths),
  );

  it.each([
    ['DD/MM/YYYY', { year: 6, month: 3, day: 0 }],
    ['YYYYMMDDHH', { year: 0, month: 4, day: 6, hour: 8 }],
    ['YYYYMMDDHHmm', { year: 0, month: 4, day: 6, hour: 8, minute: 10 }],
    ['HH:mm:ss DD.MM.YYYY', { year: 15, month: 12, day: 9, hour: 0, minute: 3, second: 6 }],
  ])('says where the parts of a day stand, for who reads many at once: %s', (format, places) => {
    const { dayForm } = compileDateFormat(format);
    expect(dayForm?.places).toEqual(places);
    expect(dayForm?.width).toBe(format.length);
    const literals = format
      .split('')
      .flatMap((letter, at) => (/\W/.test(letter) ? [{ at, byte: letter.charCodeAt(0) }] : []));
    expect(dayForm?.literals).toEqual(literals);
  });

  it.each([
    ['DD/MM/YY', 1950],
    ['YYYY-MM-DDTHH:mmZ', undefined],
    ['epoch-seconds', undefined],
  ])('says nothing of it where a day needs more: %s', (format, pivot) =>
    expect(compileDateFormat(format, pivot).dayForm).toBeUndefined(),
  );

  it.each([
    ['DD/MM/YYYY YY', 'the year stands twice'],
    ['DD/MM', 'YYYY is missing'],
    ['DD_MM_YYYY', 'character 3 '],
  ])('says what is wrong with a pattern: %s', (format, words) =>
    expect(() => compileDateFormat(format, 1950)).toThrow(words),
  );
});

describe('several windows', () => {
  const verdicts = fc.array(fc.constantFrom<WindowVerdict>('inside', 'outside', 'empty', 'impossible'), {
    minLength: 1,
    maxLength: 4,
  });
  const each = (rule: 'all' | 'any', given: readonly WindowVerdict[]) =>
    joinVerdicts(rule === 'all' ? { all: [] } : { any: [] }, given);

  it('all: a row lies inside when it does in every one, any: in one', () => {
    fc.assert(
      fc.property(verdicts, (given) => {
        expect(each('all', given) === 'inside').toBe(given.every((one) => one === 'inside'));
        expect(each('any', given) === 'inside').toBe(given.includes('inside'));
        expect(each('any', given.toReversed())).toBe(each('any', given));
        expect(given).toContain(each('all', given));
      }),
    );
  });

  it('otherwise it is empty before it is impossible, and impossible before it is outside', () => {
    expect(each('all', ['outside', 'impossible', 'empty', 'inside'])).toBe('empty');
    expect(each('all', ['outside', 'impossible', 'inside'])).toBe('impossible');
    expect(each('any', ['outside', 'impossible', 'empty'])).toBe('empty');
    expect(each('any', ['outside', 'impossible'])).toBe('impossible');
  });
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
