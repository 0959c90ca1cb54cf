import { defineConfig } from 'vitest/config';

/**
 * `unit` needs only Node and takes less than a minute: its files share their modules. `integration` takes whole projects through the flows and the
 * command line, and as long again. `slow` needs git and more time: properties with many cases, killed processes, copies of this repository. `e2e` needs
 * a Docker Engine and says so where there is none.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 20_000,
          // hooks read whole projects: on a loaded machine ten seconds are too few
          hookTimeout: 20_000,
          globalSetup: 'test/support/state-home.ts',
          isolate: false,
          maxWorkers: '150%',
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 20_000,
          // hooks read whole projects: on a loaded machine ten seconds are too few
          hookTimeout: 20_000,
          globalSetup: 'test/support/state-home.ts',
          isolate: false,
          maxWorkers: '150%',
        },
      },
      {
        test: {
          name: 'slow',
          include: ['test/slow/**/*.test.ts'],
          testTimeout: 60_000,
          globalSetup: 'test/support/state-home.ts',
          maxWorkers: '100%',
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
