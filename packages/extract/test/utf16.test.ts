/** UTF-16 becomes UTF-8 before it is scanned; offsets stay those of the source. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pipeSource } from '../src/index.ts';
import { Utf16Source, utf16Length } from '../src/utf16.ts';
import { datasetOf, dialect, extractText, failureOf, pieces } from './extraction.ts';

async function readAll(source: Utf16Source, size: number): Promise<Buffer> {
  const into = new Uint8Array(size);
  const parts: Buffer[] = [];
  for (let count = await source.read(into); count > 0; count = await source.read(into)) {
    parts.push(Buffer.from(into.subarray(0, count)));
  }
  return Buffer.concat(parts);
}

describe('UTF-16', () => {
  it('gives the UTF-8 of any text, in both orders, whatever the pieces, and counts the bytes it came from', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.boolean(), fc.integer({ min: 1, max: 9 }), async (written, little, size) => {
        const bytes = Buffer.from(written, 'utf16le');
        if (!little) bytes.swap16();
        const source = new Utf16Source(pipeSource(pieces(bytes, size)), little);
        const utf8 = await readAll(source, 16 + size);
        expect(utf8).toEqual(Buffer.from(written));
        expect([source.sourceBytes, utf16Length(utf8, 0, utf8.length)]).toEqual([bytes.length, bytes.length]);
      }),
    );
  });

  const form = { ...dialect, encoding: 'utf-16le' as const };
  const inUtf16 = datasetOf(['A'], { dialect: form });

  it('refuses a lone surrogate and an odd byte in kept cells, and lets them be elsewhere', async () => {
    const lone = Buffer.from('A;B\n1;\ud800\n2;x\n', 'utf16le');
    expect((await extractText(inUtf16, lone)).text).toBe('A\r\n1\r\n2\r\n');
    for (const source of [
      Buffer.from('A;B\n\udc00;x\n', 'utf16le'),
      Buffer.concat([Buffer.from('A\nx', 'utf16le'), Buffer.of(0x31)]),
    ]) {
      expect(await failureOf(extractText(inUtf16, source))).toMatchObject({ code: 'E_SOURCE_ENCODING' });
    }
  });

  it('says where a fault is in bytes of the source', async () => {
    const source = Buffer.from(`\ufeffA;B\n${'é;𝄞\n'.repeat(200_000)}"`, 'utf16le');
    const { message } = await failureOf(extractText(inUtf16, source));
    expect(message).toBe(`row 200002 (byte ${source.length - 2}): a quote is never closed`);
  });

  it('names the other order of bytes by the mark', async () => {
    const swapped = Buffer.from('\ufeffA;B\n1;2\n', 'utf16le').swap16();
    expect(await failureOf(extractText(inUtf16, swapped))).toMatchObject({
      code: 'E_SOURCE_ENCODING',
      message: 'the source begins with the byte order mark of the other UTF-16, not utf-16le',
    });
  });
});
