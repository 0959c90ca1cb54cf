import { defineConfig } from 'tsdown';

/** Two entries share their chunks; every command is loaded when it is asked for, so that `--version` stays cheap. */
export default defineConfig({
  entry: { cli: 'src/cli/main.ts', index: 'src/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  clean: true,
  sourcemap: false,
  outExtensions: () => ({ js: '.mjs', dts: '.d.mts' }),
});
