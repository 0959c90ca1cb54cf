import { defineConfig } from 'vitest/config';

/** `unit` needs only Node; `e2e` needs a Docker Engine and says so where there is none. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 20_000,
          globalSetup: 'test/support/state-home.ts',
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          globalSetup: 'test/support/state-home.ts',
        },
      },
    ],
  },
});
