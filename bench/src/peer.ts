/** Other programs that do a part of what Sealift does. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { numberAt } from './json.ts';
import { PATIENT_FIELDS } from './outline.ts';
import { isInstalled, runProgram } from './program.ts';
import type { Stage } from './stage.ts';

/** The folder of the peers' programs, with a slash at its end. */
export const PEERS: string = fileURLToPath(new URL('../peers/', import.meta.url));

/** Where packages of peers were installed that are too large for this repository's own: `npm install` them there. */
export const PACKAGES: string = process.env['SEALIFT_BENCH_PEERS'] ?? PEERS;

/** One of them. */
export interface Peer {
  readonly name: string;
  /** Programs that it needs. */
  readonly needs: readonly string[];
  /** Packages that it needs in {@link PACKAGES}. */
  readonly packages: readonly string[];
  /** Does the work once, into the folder `out`; gives milliseconds. */
  readonly run: (stage: Stage) => Promise<number>;
}

/** Those that are installed; `leftOut` is called with each that is not, and what it lacks. */
export function hereOf(peers: readonly Peer[], leftOut: (peer: string) => void): Peer[] {
  return peers.filter(({ name, needs, packages }) => {
    const missing = [...needs.filter((program) => !isInstalled(program)), ...packages.filter((one) => !isPresent(one))];
    if (missing.length > 0) leftOut(`${name} (${missing.join(', ')})`);
    return missing.length === 0;
  });
}

function isPresent(name: string): boolean {
  try {
    // Loaded, not looked for: a package may be there without the binary of this platform.
    createRequire(join(PACKAGES, 'peers.js'))(name);
    return true;
  } catch {
    return false;
  }
}

/** The same rows and columns by csv-parse and csv-stringify, in clear. */
export const csvParse: Peer = {
  name: 'csv-parse + csv-stringify (no sealing)',
  needs: [],
  packages: [],
  run: async (stage) => {
    const args = [join(PEERS, 'csv-parse.mjs'), stage.patients, 'out/patients.csv', JSON.stringify(PATIENT_FIELDS)];
    const { stdout, milliseconds } = await runProgram(process.execPath, args, { cwd: stage.folder });
    requireRows(csvParse.name, numberAt(stdout, 'rows'), stage);
    return milliseconds;
  },
};

/** A contender that keeps other rows than it should is not measured, but an error. */
export function requireRows(who: string, rows: number, { kept }: Stage): void {
  if (rows !== kept) throw new Error(`${who} kept ${rows} rows instead of ${kept}`);
}
