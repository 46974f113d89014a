/** Public test suites outside the repository: `SEALIFT_TEST_DATA`, or `shared/data` beside the checkout. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = process.env['SEALIFT_TEST_DATA'] ?? resolve(import.meta.dirname, '../../../../shared/data');

/** The folder of a suite, or undefined where it is absent: tests then skip by name. */
export function testData(...path: readonly string[]): string | undefined {
  const folder = join(root, ...path);
  return existsSync(folder) ? folder : undefined;
}
