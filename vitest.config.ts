import { defineConfig } from 'vitest/config';

// Our packages are tested from their TypeScript sources, unbuilt: `exports` names them under `source`.
const conditions = ['source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts', 'demo/test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['scripts/build-generated.mjs'],
    pool: 'forks',
    // Most tests wait for processes of their own: two files at a time also where there are but two cores.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // `npm run coverage`: every line of core is run by core's own tests, without an exception.
    coverage: {
      provider: 'v8',
      include: ['packages/core/src/**/*.ts'],
      reporter: [['text', { skipFull: true }], 'html'],
      thresholds: { lines: 100 },
    },
  },
});
