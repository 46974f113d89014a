/** Public data sets that are not in this repository: $SEALIFT_TEST_DATA, else a folder beside the checkout. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = process.env['SEALIFT_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** A data set's folder, and why tests on it are skipped when it is not there. */
export function publicData(...names: readonly string[]): { readonly folder: string; readonly missing?: string } {
  const folder = join(FOLDER, ...names);
  return existsSync(folder) ? { folder } : { folder, missing: `tests on ${names[0]} need it in $SEALIFT_TEST_DATA` };
}
