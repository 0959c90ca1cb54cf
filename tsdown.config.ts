import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { defineConfig } from 'tsdown';

/** A plugin that changes the text of each file of the program at the end. */
const onText = (name: string, change: (code: string) => string) => ({
  name,
  generateBundle: (_: unknown, bundle: Record<string, { type: string; fileName: string; code?: string }>) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && chunk.fileName.endsWith('.mjs')) chunk.code = change(chunk.code ?? '');
    }
  },
});

/**
 * The same program in ASCII: of a text with one other character Node keeps two bytes for every character, and a megabyte more is what
 * sets off a whole collection. The escape means the character in texts, templates, patterns and names alike (not under `String.raw`).
 */
const inAscii = onText('in-ascii', (code) =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
);

/**
 * Modules of Node.js as `require` gives them. An `import` reads every property of the module first, which loads what nobody asked for:
 * `node:fs` loads streams and promises, `node:crypto` the cryptography of the web.
 */
const plainBuiltins = onText('plain-builtins', (code) => {
  const { program } = parseSync('chunk.mjs', code);
  const imports = program.body.filter((node) => node.type === 'ImportDeclaration');
  return imports
    .filter(({ source }) => source.value.startsWith('node:'))
    .reduceRight((text, { source, specifiers, start, end }) => {
      const names = specifiers.map((specifier) =>
        specifier.type === 'ImportSpecifier'
          ? `{${code.slice(specifier.imported.start, specifier.imported.end)}:${specifier.local.name}}`
          : specifier.local.name,
      );
      const from = `process.getBuiltinModule(${JSON.stringify(source.value)})`;
      const lines = names.map((name) => `const ${name}=${from};`);
      return text.slice(0, start) + lines.join('') + text.slice(end);
    }, code);
});

/** Commander can start programs as commands. Ours are none, and what starts programs takes long to load. */
const noPrograms = {
  name: 'no-programs',
  resolveId: (source: string, importer: string | undefined) =>
    source === 'node:child_process' && importer?.includes('/node_modules/commander/') ? '\0no-programs.cjs' : undefined,
  load: (id: string) => (id === '\0no-programs.cjs' ? 'module.exports = {};' : undefined),
};

/** Two entries share their chunks; every command is loaded when it is asked for, so that `--version` stays cheap. */
export default defineConfig({
  entry: { cli: 'src/main.ts', index: 'src/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  clean: true,
  sourcemap: false,
  // a smaller heap spares a collection; names of functions stay as they are, so that a reported error says where it was
  minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: true } },
  // many small modules take longer to load than one: what is only JavaScript goes into the bundle
  // its main file is a UMD wrapper that no bundler can follow
  alias: { 'jsonc-parser': fileURLToPath(new URL('node_modules/jsonc-parser/lib/esm/main.js', import.meta.url)) },
  deps: {
    alwaysBundle: [/^(zod|yaml|commander|semver|jsonc-parser|smol-toml|node-diff3|diff|unbash)(\/|$)/],
    onlyBundle: false,
  },
  outputOptions: {
    codeSplitting: {
      // a group has the modules that it names; what those import may be in another. What is loaded before the compile cache is on, and
      // what a version needs, stays small; the rest is cut by who uses it, which takes less memory than one large file
      includeDependenciesRecursively: false,
      groups: [
        { name: 'folders', test: /\/src\/engine\/(cache-home|compile-cache|folders)\.ts$/ },
        { name: 'terminal', test: /\/src\/(cli\/(terminal|workflow|report\/github)|model\/visible)\.ts$/ },
        { name: 'command-line', test: /\/src\/cli\/(errors|program|run)\.ts$|\/node_modules\/commander\/|no-programs/ },
        {
          name: 'preview',
          test: /\/src\/cli\/(commands\/generate|prompts|report\/(changes|found|summary)|secrets)\.ts$/,
        },
      ],
    },
  },
  plugins: [noPrograms, plainBuiltins, inAscii],
  outExtensions: () => ({ js: '.mjs', dts: '.d.mts' }),
});
