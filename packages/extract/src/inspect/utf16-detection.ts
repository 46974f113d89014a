/** Whether a source is UTF-16, judged from its beginning: by its byte order mark, or by where its zeros are. */
import type { Source } from '../source.ts';
import { Utf16Source } from '../utf16.ts';
import type { DetectedEncoding } from './encoding-detection.ts';

/** What was found. */
export interface DetectedUtf16 {
  readonly name: 'utf-16le' | 'utf-16be';
  readonly certainty: DetectedEncoding['certainty'];
  readonly mark: boolean;
}

/** In UTF-16, delimiters, digits and most letters have a byte of zero; in nothing else that can be declared is there one. */
const ZEROS = 1 / 8;

/** Undefined for a source of single bytes or UTF-8. */
export function detectUtf16(sample: Uint8Array): DetectedUtf16 | undefined {
  const [first, second] = sample;
  if (first === 0xff && second === 0xfe) return { name: 'utf-16le', certainty: 'certain', mark: true };
  if (first === 0xfe && second === 0xff) return { name: 'utf-16be', certainty: 'certain', mark: true };
  const zeros = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index & 1] = (zeros[index & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd <= sample.length * ZEROS) return undefined;
  return { name: odd > even ? 'utf-16le' : 'utf-16be', certainty: 'likely', mark: false };
}

/** The source as UTF-8, from the beginning that was read already. */
export function decodeUtf16(source: Source, beginning: Uint8Array, { name }: DetectedUtf16): Utf16Source {
  let rest = beginning;
  const read = (into: Uint8Array): Promise<number> => {
    if (rest.length === 0) return source.read(into);
    const part = rest.subarray(0, into.length);
    into.set(part);
    rest = rest.subarray(part.length);
    return Promise.resolve(part.length);
  };
  const whole: Source = {
    size: source.size,
    identity: source.identity,
    read,
    confirmUnchanged: (read) => source.confirmUnchanged(read),
    close: () => source.close(),
  };
  return new Utf16Source(whole, name === 'utf-16le');
}
