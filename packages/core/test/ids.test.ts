import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase32 } from '../src/base32.ts';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';
import { groupsOfFour } from '../src/fingerprint.ts';
import {
  isCalendarDate,
  isDatasetName,
  isFingerprint,
  isJobId,
  isUtcTime,
  parseCalendarDate,
  parseDatasetName,
  parseDigest,
  parseFingerprint,
  parseJobId,
  parseKeyedDigest,
  parseUtcTime,
  timeValue,
  utcTime,
} from '../src/ids.ts';
import { digestOf, Sha256, sha256 } from '../src/sha256.ts';
import { codeOf } from './refusal.ts';

const ascii = (text: string) => new TextEncoder().encode(text);

describe('base64', () => {
  test('RFC 4648 §10 vectors', () => {
    const vectors = {
      '': '',
      f: 'Zg==',
      fo: 'Zm8=',
      foo: 'Zm9v',
      foob: 'Zm9vYg==',
      fooba: 'Zm9vYmE=',
      foobar: 'Zm9vYmFy',
    };
    for (const [text, encoded] of Object.entries(vectors)) {
      expect(encodeBase64(ascii(text))).toBe(encoded);
      expect(decodeBase64(encoded)).toEqual(ascii(text));
    }
  });

  test('every byte string comes back, and as node encodes it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      }),
    );
  });

  test.each([
    'Zg',
    'Zg=',
    'Zh==',
    'Zm9=',
    'Zm8',
    ' Zm8=',
    'Zm8=\n',
    'Zm-_',
    'Zm9v====',
    '====',
    '=',
    'Zg==Zg==',
    'Zm9v!',
  ])('fault 49: %j is not canonical base64', (text) => {
    expect(codeOf(() => decodeBase64(text))).toBe('E_ENCODING');
  });

  test('whatever is accepted is the one way to write its bytes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('A', 'a', '9', '+', '/', '=', 'Q', 'g', 'w'), maxLength: 8 }),
        (text) => {
          let bytes: Uint8Array;
          try {
            bytes = decodeBase64(text);
          } catch {
            return;
          }
          expect(encodeBase64(bytes)).toBe(text);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('base32', () => {
  test('RFC 4648 §10 vectors, in lower case and without padding', () => {
    const vectors = {
      '': '',
      f: 'my',
      fo: 'mzxq',
      foo: 'mzxw6',
      foob: 'mzxw6yq',
      fooba: 'mzxw6ytb',
      foobar: 'mzxw6ytboi',
    };
    for (const [text, encoded] of Object.entries(vectors)) expect(encodeBase32(ascii(text))).toBe(encoded);
  });

  test('a SHA-256 has 52 characters, shown in 13 groups of four', () => {
    const fingerprint = encodeBase32(sha256(ascii('abc')));
    expect(isFingerprint(fingerprint)).toBe(true);
    expect(groupsOfFour(fingerprint).split(' ')).toHaveLength(13);
    expect(groupsOfFour(fingerprint).replaceAll(' ', '')).toBe(fingerprint);
  });

  test('fault 49: a fingerprint whose unused bits are not zero is refused', () => {
    expect(parseFingerprint(`${'a'.repeat(51)}q`)).toBe(`${'a'.repeat(51)}q`);
    for (const text of [
      `${'a'.repeat(51)}b`,
      `${'A'.repeat(51)}a`,
      'a'.repeat(51),
      'a'.repeat(53),
      `${'1'.repeat(51)}a`,
    ]) {
      expect(codeOf(() => parseFingerprint(text))).toBe('E_ENCODING');
    }
  });
});

describe('digests', () => {
  test('SHA-256 of FIPS 180-4, in one piece and in several', () => {
    const abc = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(digestOf(ascii('abc'))).toBe(abc);
    expect(new Sha256().update(ascii('a')).update(ascii('')).update(ascii('bc')).digest()).toBe(abc);
  });

  test('fault 49: upper case, another length or another prefix is refused', () => {
    const hex = 'ab'.repeat(32);
    expect(parseDigest(`sha256:${hex}`)).toBe(`sha256:${hex}`);
    expect(parseKeyedDigest(`hmac-sha256:${hex}`)).toBe(`hmac-sha256:${hex}`);
    for (const text of [
      `sha256:${hex.toUpperCase()}`,
      `sha256:${hex}0`,
      `SHA256:${hex}`,
      hex,
      `hmac-sha256:${hex}`,
      `sha256:${hex}\n`,
    ]) {
      expect(codeOf(() => parseDigest(text))).toBe('E_ENCODING');
    }
  });
});

describe('names', () => {
  test('a job has 3 to 64 characters, a dataset 1 to 64', () => {
    expect(['abc', 'lab-2026-01', 'a-b', 'x'.repeat(64), '2026'].filter((text) => !isJobId(text))).toEqual([]);
    expect(['ab', 'x'.repeat(65), '-ab', 'ab-', 'Abc', 'a_b', 'a.b', 'é12', 'abc\n', ''].filter(isJobId)).toEqual([]);
    expect(['a', 'patients', 'x'.repeat(64)].filter((text) => !isDatasetName(text))).toEqual([]);
    expect(['', '-', 'x'.repeat(65), 'Patients', '../x', '/x', 'c:\\'].filter(isDatasetName)).toEqual([]);
  });

  test.each(['con', 'prn', 'aux', 'nul', 'com0', 'com9', 'lpt0', 'lpt9'])(
    'fault 52: the Windows device %s is no name',
    (name) => {
      expect(codeOf(() => parseJobId(name))).toBe('E_SCHEMA');
      expect(codeOf(() => parseDatasetName(name))).toBe('E_SCHEMA');
    },
  );

  test.each(['manifest', 'receipt', 'import'])('%s is not the name of a dataset', (name) => {
    expect(codeOf(() => parseDatasetName(name))).toBe('E_SCHEMA');
    expect(parseJobId(name)).toBe(name);
  });
});

describe('times', () => {
  test('are UTC, in whole seconds, and exist', () => {
    expect(isUtcTime('2024-02-29T23:59:59Z')).toBe(true);
    const impossible = [
      '2023-02-29T00:00:00Z',
      '2017-02-31T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-01-01T24:00:00Z',
      '2016-12-31T23:59:60Z',
      '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00+00:00',
      '2026-01-01 00:00:00Z',
      '2026-01-01T00:00:00z',
      '2026-01-01',
    ];
    expect(impossible.filter(isUtcTime)).toEqual([]);
    expect(codeOf(() => parseUtcTime('2017-02-31T00:00:00Z'))).toBe('E_SCHEMA');
  });

  test('fault 19: a date exists', () => {
    expect(parseCalendarDate('2017-05-07')).toBe('2017-05-07');
    expect(codeOf(() => parseCalendarDate('2017-02-31'))).toBe('E_SCHEMA');
    expect(['2017-05-07', '2000-02-29', '0001-01-01'].filter((text) => !isCalendarDate(text))).toEqual([]);
    expect(
      ['2017-02-31', '1900-02-29', '07/05/2017', '2017-5-7', '2017-00-01', '20170507'].filter(isCalendarDate),
    ).toEqual([]);
  });

  test('cut off the fraction of a second and come back as milliseconds', () => {
    const time = utcTime(new Date(1_700_000_000_999));
    expect(time).toBe('2023-11-14T22:13:20Z');
    expect(timeValue(time)).toBe(1_700_000_000_000);
    expect(codeOf(() => utcTime(new Date(Number.NaN)))).toBe('E_SCHEMA');
    expect(codeOf(() => utcTime(new Date(8.64e15)))).toBe('E_SCHEMA');
  });
});
