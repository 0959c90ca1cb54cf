import { fileURLToPath } from 'node:url';
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
  // many small modules take longer to load than one: what is only JavaScript goes into the bundle
  // its main file is a UMD wrapper that no bundler can follow
  alias: { 'jsonc-parser': fileURLToPath(new URL('node_modules/jsonc-parser/lib/esm/main.js', import.meta.url)) },
  deps: {
    alwaysBundle: [
      /^(zod|yaml|commander|semver|jsonc-parser|smol-toml|node-diff3|diff|unbash|ansis|@balena\/dockerignore)(\/|$)/,
    ],
    onlyBundle: false,
  },
  outExtensions: () => ({ js: '.mjs', dts: '.d.mts' }),
});
