/** Before the tests, builds what the sources import and no test can do without, if it changed since the last build. */
import { buildScanner } from '../packages/extract/assembly/build.mjs';
import { buildSchemas } from '../schemas/build.mjs';

export async function setup() {
  await Promise.all([buildSchemas(), buildScanner()]);
}
