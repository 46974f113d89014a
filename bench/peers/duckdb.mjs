/**
 * What the benchmark's instructions ask for, in DuckDB: every column text, filter, projection, CSV. DuckDB reads no windows-1252, so
 * that what it reads was re-encoded before.
 *
 *   node duckdb.mjs <folder with node_modules> <patients in UTF-8> <output file> <fields as JSON>
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, from, into, fields] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(packages, 'peers.js'))('@duckdb/node-api');

const columns = JSON.parse(fields)
  .map((name) => `"${name}"`)
  .join(', ');
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`
  COPY (
    SELECT ${columns} FROM read_csv('${from}', delim = ';', quote = '"', header = true, all_varchar = true, auto_detect = false,
      columns = {${(await names()).map((name) => `'${name}': 'VARCHAR'`).join(', ')}})
    WHERE strptime("DATE_DERNIERE_VISITE", '%d/%m/%Y') >= DATE '2017-05-07'
  ) TO '${into}' (FORMAT csv, HEADER)`);
process.exit(0);

/** A pipe can't be read twice, so that the header is given: the columns of `make-dump.mjs`. */
async function names() {
  const { readFileSync } = await import('node:fs');
  return JSON.parse(readFileSync(new URL('truth.json', `file://${process.cwd()}/`), 'utf8')).patients.columns;
}
