/**
 * Ours without sealing: source, scanner, window, allow-list, re-encoding, accounting, CSV to a file.
 *
 *   node scan.mjs <patients.csv> <output file> <dataset as JSON>
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { extractDataset, openFileSource } from '../../packages/extract/dist/index.js';

const [from, into, dataset] = process.argv.slice(2);
const file = openSync(into, 'w');
const source = await openFileSource(from);
const { rows } = await extractDataset({
  dataset: JSON.parse(dataset),
  source,
  sink: (bytes) => void writeSync(file, bytes),
});
await source.close();
closeSync(file);
console.log(JSON.stringify({ rows: rows.kept }));
