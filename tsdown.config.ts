import { fileURLToPath } from 'node:url';
import { defineConfig } from 'tsdown';

/**
 * The same program in ASCII: of a text with one other character Node keeps two bytes for every character, and a megabyte more is what
 * sets off a whole collection. The escape means the character in texts, templates, patterns and names alike (not under `String.raw`).
 */
const inAscii = {
  name: 'in-ascii',
  generateBundle: (_: unknown, bundle: Record<string, { type: string; fileName: string; code?: string }>) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== 'chunk' || !chunk.fileName.endsWith('.mjs')) continue;
      chunk.code = (chunk.code ?? '').replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
    }
  },
};

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
    alwaysBundle: [/^(zod|yaml|commander|semver|jsonc-parser|smol-toml|node-diff3|diff|unbash|ansis)(\/|$)/],
    onlyBundle: false,
  },
  plugins: [inAscii],
  outExtensions: () => ({ js: '.mjs', dts: '.d.mts' }),
});
