/** Scanning, filtering and re-encoding alone: from `patients.csv` to a CSV file in clear, which the product itself never writes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Comparison, compareThroughput, medians } from './comparison.ts';
import { numberAt } from './json.ts';
import { PATIENT_FIELDS, PATIENTS } from './outline.ts';
import { hereOf, PACKAGES, PEERS, type Peer, requireRows } from './peer.ts';
import { runProgram } from './program.ts';
import type { Stage } from './stage.ts';

const FIELDS = JSON.stringify(PATIENT_FIELDS);
const OUTPUT = 'out/patients.csv';

/** DuckDB on what iconv gives it, as a pipeline of the shell; `$0` is the dump. */
export function duckdb(output: string): string {
  return `iconv -f WINDOWS-1252 -t UTF-8 "$0" | ${process.execPath} ${PEERS}duckdb.mjs ${PACKAGES} /dev/stdin ${output} '${FIELDS}'`;
}

/** Compares with DuckDB and Polars; `leftOut` is called with each that is not installed. */
export async function compareScanning(
  stage: Stage,
  rounds: number,
  leftOut: (peer: string) => void,
): Promise<Comparison[]> {
  await mkdir(join(stage.folder, 'out'), { recursive: true });
  const ours = program('ours', ['scan.mjs', stage.patients, OUTPUT, JSON.stringify(PATIENTS)]);
  const polars = program('polars', ['polars.mjs', PACKAGES, stage.patients, OUTPUT, FIELDS]);
  const peers = hereOf([{ ...polars, packages: ['nodejs-polars'] }, DUCKDB], leftOut);
  const contenders = [ours, ...peers].map(({ name, run }) => ({ name, run: () => run(stage) }));
  const times = await medians(contenders, rounds);
  const timeOf = (name: string): number => times.get(name) ?? Number.NaN;
  return peers.map(({ name }) => compareThroughput('scan', name, timeOf('ours'), timeOf(name), stage.bytes));
}

function program(name: string, [file = '', ...args]: readonly string[]): Peer {
  const run = async (stage: Stage): Promise<number> => {
    const ended = await runProgram(process.execPath, [join(PEERS, file), ...args], { cwd: stage.folder });
    requireRows(name, numberAt(ended.stdout, 'rows'), stage);
    return ended.milliseconds;
  };
  return { name, needs: [], packages: [], run };
}

const DUCKDB: Peer = {
  name: 'iconv | duckdb',
  needs: ['iconv'],
  packages: ['@duckdb/node-api'],
  run: async ({ folder, patients }) =>
    (await runProgram('sh', ['-c', duckdb(OUTPUT), patients], { cwd: folder })).milliseconds,
};
