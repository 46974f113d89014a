/**
 * Puts libsodium's WebAssembly beside the program as the bytes that it is. The package holds them as a text of 300 kB inside a function:
 * V8 reads through it several times, and the package then decodes it in JavaScript, which together took a tenth of a short command's time.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = 'libsodium.wasm';

/** A call of a decoder on the spot, `??=(A=>{…})("AGFzbQE…")`: what is decoded begins with WebAssembly's magic and version. */
const DECODED = /\("(AGFzbQE[A-Za-z0-9+/]{100000,}=*)"\)/;

/** Takes the bytes out of the package's text. Throws where the text isn't as expected. */
function takeWebAssembly(text) {
  const decoded = DECODED.exec(text);
  const start = decoded === null ? -1 : text.lastIndexOf('??=(', decoded.index);
  if (start < 0) throw new Error('libsodium does not hold its WebAssembly as it did: see sodium-beside.mjs');
  const end = decoded.index + decoded[0].length;
  return {
    bytes: Buffer.from(decoded[1], 'base64'),
    before: text.slice(0, start + '??='.length),
    after: text.slice(end),
  };
}

/** The plugin of esbuild; `folder` is where the chunks lie. */
export function sodiumBeside(folder) {
  return {
    name: 'sodium-beside',
    setup({ onLoad }) {
      onLoad({ filter: /\/libsodium\.mjs$/ }, ({ path }) => {
        const { bytes, before, after } = takeWebAssembly(readFileSync(path, 'utf8'));
        mkdirSync(folder, { recursive: true });
        writeFileSync(`${folder}/${FILE}`, bytes);
        const read = `readWebAssembly(new URL('./${FILE}', import.meta.url))`;
        return { contents: `import { readFileSync as readWebAssembly } from 'node:fs';\n${before}${read}${after}` };
      });
    },
  };
}
