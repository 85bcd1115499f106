import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

declare module 'vitest' {
  /** What `inject()` hands to tests: null when the service is not installed, and the suite must skip. */
  interface ProvidedContext {
    postgresUrl: string | null;
    redisUrl: string | null;
  }
}

const conditions = ['source', ...defaultServerConditions];
/** Our packages are tested from their sources, never from an old dist. */
const fromSources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

export default defineConfig({
  test: {
    // Here and not in the projects, which do not extend this: it then runs once for all of them.
    globalSetup: './scripts/services/provide.mjs',
    maxWorkers: 2,
    projects: [
      {
        ...fromSources,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.{ts,tsx}',
            'apps/*/src/**/*.test.{ts,tsx}',
            'scripts/**/*.test.mjs',
          ],
          pool: 'forks',
          testTimeout: 20_000,
          hookTimeout: 20_000,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false, // real servers, browsers and clocks: a neighbour would change what is measured
        },
      },
    ],
  },
});
