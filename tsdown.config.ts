import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'oxc-parser';
import { defineConfig } from 'tsdown';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A plugin that changes the text of each file of the program at the end. */
const onText = (name: string, change: (code: string) => string) => ({
  name,
  generateBundle: (_: unknown, bundle: Record<string, { type: string; fileName: string; code?: string }>) => {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type === 'chunk' && /\.[cm]js$/.test(chunk.fileName)) chunk.code = change(chunk.code ?? '');
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

/**
 * Modules of Node.js that are loaded when they are first used: most runs need neither `node:crypto` nor `node:child_process`, and each takes
 * milliseconds. The bundler names a module once, at the top (`let node_zlib=require('node:zlib')`), and every use by that name.
 */
const lateBuiltins = onText('late-builtins', (code) => {
  const { program } = parseSync('program.cjs', code);
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const late = new Map<string, number>();
  for (const { id, init } of program.body.flatMap((node) =>
    node.type === 'VariableDeclaration' ? node.declarations : [],
  )) {
    if (id.type !== 'Identifier' || init?.type !== 'CallExpression') continue;
    const from = /^require\([`'"](node:\w+)[`'"]\)$/.exec(code.slice(init.start, init.end))?.[1];
    if (from === undefined) continue;
    late.set(id.name, id.start);
    const text = `()=>{let m=process.getBuiltinModule("${from}");${id.name}=()=>m;return m}`;
    edits.push({ start: init.start, end: init.end, text });
  }
  new Visitor({
    Identifier: ({ name, start, end }) => {
      if (late.has(name) && late.get(name) !== start) edits.push({ start, end, text: `${name}()` });
    },
  }).visit(program);
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end), code);
});

/**
 * Packages of CommonJS in the program, which are run when they are first used: `import_dist = require_dist()` is said where a module of ours
 * begins, and what `require_dist` gives is kept. In parentheses, as `new import_dist.Alias()` makes an alias and no package. Most projects have
 * no file of YAML that is read.
 */
const latePackages = onText('late-packages', (code) =>
  [...code.matchAll(/(?<![\w$])(import_[\w$]+)=(require_[\w$]+)\(\)/g)].reduce(
    (text, [, name = '', from = '']) =>
      text.replaceAll(`${name}=${from}()`, '0').replaceAll(`${name}.`, `(${from}()).`),
    code,
  ),
);

/** A function to call, as `src/engine/program.ts` does; what it is made from stands before it. */
const asFunction = onText('as-function', (code) => {
  const hash = createHash('sha256').update(code).digest('hex');
  return `/*${hash}*/(function(exports,require,module,__filename,__dirname){${code.trimEnd()}\n})`;
});

/**
 * What libraries load and nobody here asks for. Commander can start programs as commands: ours are none, and what starts programs takes long to
 * load. Whether one range of versions is inside another is asked nowhere, and that module makes ranges when it is loaded.
 */
const unused = [
  { source: 'node:child_process', importer: '/node_modules/commander/' },
  { source: './ranges/subset.js', importer: '/node_modules/semver/' },
  { source: './ranges/subset', importer: '/node_modules/semver/' },
];
const withoutUnused = {
  name: 'without-unused',
  resolveId: (source: string, importer: string | undefined) =>
    unused.some((one) => one.source === source && importer?.includes(one.importer)) ? '\0unused.cjs' : undefined,
  load: (id: string) => (id === '\0unused.cjs' ? 'module.exports = {};' : undefined),
};

/**
 * The parser's own JavaScript goes into the program, where its compiled form is kept. It still loads its native part itself, from the place
 * where the package manager has put the parser, and when the first source is read.
 */
const parserInside = {
  name: 'parser-inside',
  transform: (code: string, id: string) => {
    if (id.endsWith('/src/formats/source/parser.ts'))
      return code.replace("createRequire(import.meta.url)('oxc-parser')", "require('oxc-parser')");
    if (id.endsWith('/oxc-parser/src-js/bindings.js'))
      return code.replace(
        'createRequire(import.meta.url)',
        "createRequire(createRequire(__filename).resolve('oxc-parser'))",
      );
    return undefined;
  },
};

/** What is started finds the command line beside it, and has it as a module only where it is run from its sources. */
const programBeside = {
  name: 'program-beside',
  resolveId: (source: string) => (source === './cli/main.ts' ? { id: './program.cjs', external: true } : undefined),
};

// many small modules take longer to load than one: what is only JavaScript goes into the bundle
const bundled = ['zod', 'yaml', 'commander', 'semver', 'jsonc-parser', 'smol-toml', 'node-diff3', 'diff', 'unbash'];
const inside = (names: readonly string[]) => ({
  alwaysBundle: [new RegExp(`^(${names.join('|')})(/|$)`)],
  onlyBundle: false as const,
});

const common = {
  platform: 'node',
  target: 'node20.19',
  sourcemap: false,
  // a smaller heap spares a collection; names of functions stay as they are, so that a reported error says where it was
  minify: { compress: true, mangle: { toplevel: false }, codegen: { removeWhitespace: true } },
  // its main file is a UMD wrapper that no bundler can follow
  alias: { 'jsonc-parser': here('node_modules/jsonc-parser/lib/esm/main.js') },
  outExtensions: ({ format }: { format: string }) => ({ js: format === 'cjs' ? '.cjs' : '.mjs', dts: '.d.mts' }),
} as const;

export default defineConfig([
  {
    // the library, in which each verb is loaded when it is asked for
    ...common,
    entry: { index: 'src/index.ts' },
    format: 'esm',
    dts: true,
    clean: true,
    deps: inside(bundled),
    plugins: [plainBuiltins, inAscii],
  },
  {
    // the command line, in one file: see `src/engine/program.ts`
    ...common,
    entry: { program: 'src/cli/main.ts' },
    format: 'cjs',
    dts: false,
    clean: false,
    deps: inside([...bundled, 'oxc-parser']),
    outputOptions: { codeSplitting: false, dynamicImportInCjs: false },
    plugins: [withoutUnused, parserInside, lateBuiltins, latePackages, inAscii, asFunction],
  },
  {
    // what is started: it says the version, or loads the command line
    ...common,
    entry: { cli: 'src/main.ts' },
    format: 'esm',
    dts: false,
    clean: false,
    plugins: [programBeside, plainBuiltins, inAscii],
  },
]);
