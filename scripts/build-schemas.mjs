/** Before the tests, builds the validators if a schema changed since the last build. */
export { buildSchemas as setup } from '../schemas/build.mjs';
