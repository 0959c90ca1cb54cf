/**
 * esbuild, for apps on Node.js that are started with a TypeScript loader (`tsx src/index.ts`): the loader is a development tool, so the app is compiled
 * to JavaScript before it ships. Packages stay outside the bundle, as in development.
 */
import { posix } from 'node:path';
import { lt } from 'semver';
import type { Facts } from '../../model/facts.ts';
import { leastOf } from '../../model/range.ts';
import type { Builder, Detection } from '../contract.ts';
import { detailsOf, sourceSiblings } from '../javascript.ts';
import { isStandalone } from '../support/packages.ts';
import { isLoader, keptFlags, outputNames, ownPreloads, startLineOf } from '../support/start-line.ts';

export const detection: Detection = {
  name: 'esbuild',
  title: 'esbuild',
  role: 'builder',
  dependencies: ['esbuild', 'tsx'],
};

/** Packages that bring esbuild, a direct dependency first, by the release from which it knows `packages` (esbuild 0.16.5). */
const bringers: Readonly<Record<string, string>> = {
  esbuild: '0.16.5',
  tsx: '3.13.0',
  vite: '4.1.0',
  tsup: '6.6.0',
  vitest: '0.34.0',
};
const bringerOf = (facts: Facts) =>
  Object.keys(bringers).find((name) => facts.dependencies.some((dependency) => dependency.name === name));

/** How packages are left in node_modules; an esbuild that is too old for the option is told each of them, and so is one that puts siblings into the file. */
function apart(facts: Facts, bringer: string): { packages: 'external' } | { external: string[] } {
  const siblings = sourceSiblings(facts);
  if (siblings.length > 0)
    return {
      external: facts.dependencies.map((dependency) => dependency.name).filter((name) => !siblings.includes(name)),
    };
  const least = leastOf(facts.dependencies.find((dependency) => dependency.name === bringer)?.range);
  const old = least !== undefined && lt(least, bringers[bringer] ?? '0.0.0');
  return old ? { external: facts.dependencies.map((dependency) => dependency.name) } : { packages: 'external' };
}

/** Names of the files that are made, and what runs at the front of the first. */
type BuiltNames = {
  readonly entries: ReadonlyMap<string, string>;
  readonly injected: readonly string[];
  readonly ending: string;
};

/**
 * What flags load first: of modules of CommonJS it is at the front of the one file, before anything else is required, and the app has the same modules.
 * Imports run before all code of a file, so that it is a file of its own there, which shares modules with the app.
 */
function madeOf(facts: Facts, entry: string, format: 'esm' | 'cjs'): BuiltNames {
  const ending = `.${/\.([cm]?)tsx?$/.exec(entry)?.[1] ?? ''}js`;
  const first = ownPreloads(facts);
  return format === 'cjs'
    ? { entries: outputNames([entry]), injected: first, ending }
    : { entries: outputNames([entry, ...first]), injected: [], ending };
}

const startOf = (facts: Facts): readonly string[] =>
  'value' in facts.commands.start ? facts.commands.start.value.argv : [];

/** What a file is: its ending says it, else `type` of package.json. */
function moduleForm(facts: Facts, entry: string): 'esm' | 'cjs' {
  if (/\.[cm]tsx?$/.test(entry)) return /\.mtsx?$/.test(entry) ? 'esm' : 'cjs';
  return detailsOf(facts).moduleType === 'module' ? 'esm' : 'cjs';
}

function fits(facts: Facts): ReturnType<Builder['fits']> {
  const no = (why: string, from = facts.entry.from) => ({ ok: false, why, from });
  if (!('value' in facts.runtime) || facts.runtime.value.name !== 'node')
    return { ok: false, why: 'the app does not run on Node.js', from: [] };
  if (!('value' in facts.entry) || !/\.[cm]?tsx?$/.test(facts.entry.value))
    return { ok: false, why: 'the entry point is not TypeScript', from: [] };
  const start = startOf(facts);
  const loader = start.find((word) => word === 'tsx' || word.startsWith('ts-node/'));
  const { preloads } = startLineOf(facts);
  const plain = start[0] === 'node' && !preloads.some(isLoader);
  const native = plain && facts.commands.start && 'value' in facts.commands.start && facts.commands.start.value.script;
  if (native) return { ok: false, why: 'Node.js runs the source directly', from: [] };
  const made = start.find((word) => /\.[cm]?js$/.test(word));
  if (facts.commands.build && made !== undefined && loader === undefined)
    return { ok: false, why: `the project's own build writes ${made}`, from: [] };
  const kept =
    loader && facts.dependencies.find((dependency) => !dependency.dev && dependency.name === loader.split('/')[0]);
  if (kept) return { ok: false, why: `${kept.name} is a production dependency and runs the source`, from: [] };
  if (bringerOf(facts) === undefined) return no('esbuild is not a dependency');
  const blocker = facts.notes.find((note) => note.code === 'bundle-blocker');
  if (blocker) return no(blocker.message, blocker.from);
  if (detailsOf(facts).workspace?.apart)
    return no(
      `${sourceSiblings(facts).join(', ')} is a TypeScript package of this workspace, whose own dependencies could not be resolved from one file`,
    );
  return {
    ok: true,
    why: loader
      ? `${loader} is for development: the app is compiled to JavaScript instead`
      : 'the source is TypeScript, and there is no build step',
    from: 'value' in facts.commands.start ? facts.commands.start.from : facts.entry.from,
  };
}

/** esbuild through the package that brings it: package managers differ in whose programs they put on the path. */
function throughBringer(bringer: string, options: Readonly<Record<string, unknown>>): readonly string[] {
  const script = `require('node:module').createRequire(require.resolve('${bringer}'))('esbuild').buildSync(${JSON.stringify(options)})`;
  return ['node', '-e', script];
}

/** Where esbuild puts what it makes: one file, or several that share what they have in common. */
function outputOptions({ entries, injected, ending }: BuiltNames) {
  const [[entry, name] = ['', '']] = entries;
  if (entries.size === 1) {
    const made = `dist/${name}${ending}`;
    return {
      words: [entry],
      flags: [...injected.map((file) => `--inject:${file}`), `--outfile=${made}`],
      options: { entryPoints: [entry], ...(injected.length > 0 ? { inject: injected } : {}), outfile: made },
    };
  }
  const outExtension = ending === '.js' ? {} : { outExtension: { '.js': ending } };
  return {
    words: [...entries].map(([source, stem]) => `${stem}=${source}`),
    flags: ['--splitting', ...(ending === '.js' ? [] : [`--out-extension:.js=${ending}`]), '--outdir=dist'],
    options: {
      entryPoints: Object.fromEntries([...entries].map(([source, stem]) => [stem, source])),
      outdir: 'dist',
      splitting: true,
      ...outExtension,
    },
  };
}

function build(facts: Facts): ReturnType<Builder['build']> {
  const entry = 'value' in facts.entry ? facts.entry.value : 'src/index.ts';
  const format = moduleForm(facts, entry);
  const bringer = bringerOf(facts) ?? 'esbuild';
  const files = madeOf(facts, entry, format);
  const { words, flags: ofOutput, options: output } = outputOptions(files);
  const direct = bringer === 'esbuild';
  const notBundled = apart(facts, bringer);
  const outside =
    'packages' in notBundled ? ['--packages=external'] : notBundled.external.map((name) => `--external:${name}`);
  const flags = ['--bundle', '--platform=node', ...outside, `--format=${format}`, ...ofOutput];
  const { entryPoints, ...rest } = output;
  const options = { entryPoints, bundle: true, platform: 'node', ...notBundled, format, ...rest };
  const place = (source: string) => `${files.entries.get(posix.normalize(source)) ?? ''}${files.ending}`;
  const kept = keptFlags(facts, ({ module }) => (format === 'cjs' ? [] : ['--import', `./dist/${place(module)}`]));
  return {
    argv: direct ? ['esbuild', ...words, ...flags] : throughBringer(bringer, options),
    ofModules: direct,
    output: 'dist',
    entry: place(entry),
    selfContained: isStandalone(facts),
    needs: [],
    inPlace: true,
    start: ['node', ...kept, `dist/${place(entry)}`, ...startLineOf(facts).args],
    makesPreloads: true,
    why: 'compiled to JavaScript: no TypeScript loader in the image',
  };
}

export const builder: Builder = { fits, build };
