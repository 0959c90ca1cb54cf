/**
 * A package for the npm registry: the fields that package.json needs so that Node.js, bundlers and TypeScript all find its entry point
 * (https://nodejs.org/api/packages.html, https://www.typescriptlang.org/docs/handbook/modules/reference.html).
 */
import { posix } from 'node:path';
import { differenceOf, editJson, type JsonChange } from '../../formats/json/edit.ts';
import { parseJson } from '../../formats/json/index.ts';
import type { Publication } from '../../model/recipe.ts';
import type { Detection, PackageInput, PackageKind } from '../contract.ts';

export const detection: Detection = {
  name: 'node-package',
  title: 'npm package',
  role: 'package',
  files: ['package.json'],
};

type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (table: Table, key: string): string | undefined => {
  const value = table[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const dotted = (path: string): string => (path.startsWith('.') ? path : `./${path}`);
const typesOf = (path: string): string => path.replace(/\.([cm]?)js$/, '.d.$1ts');

/** A file of JavaScript by its whole name: `exports` adds no ending and looks into no folder. */
const whole = (path: string): boolean => /\.[cm]?js$/.test(path);

/** The file that others import, as the manifest names it; the build makes it, so that it is not there yet. */
function entryOf(manifest: Table): { main?: string; module?: string } {
  const main = text(manifest, 'main');
  const module = text(manifest, 'module');
  if ([main, module].some((path) => path !== undefined && !whole(path))) return {};
  return { ...(main ? { main: dotted(main) } : {}), ...(module ? { module: dotted(module) } : {}) };
}

/**
 * `exports` for what the fields before it said: types first, since the first condition that fits is taken. Where nothing names the
 * declarations, each form of module has those that lie beside it: the ones of the other form would be read as that form.
 */
function exportsOf(manifest: Table, said: string | undefined, typed: boolean): Table | undefined {
  const { main, module } = entryOf(manifest);
  const entry = module ?? main;
  if (entry === undefined) return undefined;
  const beside = (file: string) => (typed ? { types: typesOf(file) } : {});
  const both = main !== undefined && module !== undefined && main !== module;
  const own = said === undefined ? {} : { types: dotted(said) };
  const form = (file: string) => (said === undefined && typed ? { ...beside(file), default: file } : file);
  const files = both
    ? { import: form(module), require: form(main) }
    : { ...(said === undefined ? beside(entry) : {}), default: entry };
  return { '.': { ...own, ...files }, './package.json': './package.json' };
}

/** What package.json lacks. */
function manifestChanges(manifest: Table, typed: boolean, ignored: boolean): { changes: JsonChange[]; why: string[] } {
  const changes: JsonChange[] = [];
  const why: string[] = [];
  const { main, module } = entryOf(manifest);
  const entry = module ?? main;
  const declared = text(manifest, 'types') ?? text(manifest, 'typings');
  const old = main ?? module;
  const types = declared ?? (typed && old !== undefined ? typesOf(old) : undefined);
  if (manifest['exports'] === undefined) {
    const value = exportsOf(manifest, declared, typed);
    if (value) {
      changes.push({ path: ['exports'], value });
      why.push('`exports` defines what can be imported, and keeps everything else private');
    }
  }
  if (declared === undefined && types !== undefined) {
    changes.push({ path: ['types'], value: types });
    why.push('older compilers look for the declarations in `types`');
  }
  if (manifest['files'] === undefined && !ignored && entry !== undefined) {
    const folder = posix.normalize(entry).split('/')[0] ?? '';
    if (folder !== '' && !folder.includes('.')) {
      const apart = types !== undefined && !posix.normalize(types).startsWith(`${folder}/`);
      changes.push({ path: ['files'], value: [folder, ...(apart ? [posix.normalize(types)] : [])] });
      why.push('`files` keeps sources, tests and settings out of the package');
    }
  }
  return { changes, why };
}

/** The entry that package.json names, and whether conditions of its own put the types last, where nothing finds them. */
function manual(manifest: Table, untyped: boolean): Publication['manual'] {
  const found: { file: string; why: string; lines: string[] }[] = [];
  const { main, module } = entryOf(manifest);
  const entry = main ?? module;
  if (entry === undefined && manifest['exports'] === undefined) {
    const named = text(manifest, 'main') ?? text(manifest, 'module');
    const why = named
      ? `package.json names ${named} without a file extension, and \`exports\` needs full file names`
      : 'package.json does not name an entry point, so `exports` cannot be written';
    found.push({ file: 'package.json', why, lines: ['"main": "./dist/index.js"'] });
  }
  const declared = text(manifest, 'types') ?? text(manifest, 'typings') ?? manifest['exports'];
  if (untyped && entry !== undefined && declared === undefined) {
    const why = 'the build command does not show whether it writes declarations: if it does, add them';
    found.push({ file: 'package.json', why, lines: [`"types": ${JSON.stringify(typesOf(entry))}`] });
  }
  const root = isTable(manifest['exports']) ? manifest['exports']['.'] : undefined;
  if (isTable(root) && 'types' in root && Object.keys(root)[0] !== 'types') {
    const why = 'in `exports` the condition `types` must come first: an earlier condition wins';
    found.push({ file: 'package.json', why, lines: [`"types": ${JSON.stringify(root['types'])}`] });
  }
  return found;
}

function complete({ read, has, build }: PackageInput): ReturnType<PackageKind['complete']> {
  const source = read('package.json') ?? '';
  const value = parseJson(source, 'package.json').value;
  const manifest = isTable(value) ? value : {};
  const config = read('tsconfig.json');
  const compiled = config !== undefined && build.some((word) => posix.basename(word) === 'tsc');
  const bundled = build.some((word) => ['tsup', 'tsdown', 'unbuild', 'rollup', 'vite', 'microbundle'].includes(word));
  const typed = compiled || (config !== undefined && bundled && build.includes('--dts'));
  const { changes, why } = manifestChanges(manifest, typed, has('.npmignore'));
  const edits = [
    { file: 'package.json', before: source, after: editJson(source, changes), why: why.join('; ') },
    ...(config !== undefined && compiled ? [declarations(config)] : []),
  ];
  return {
    edits: edits.flatMap(({ file, before, after, why: reason }) => {
      const difference = differenceOf(before, after);
      return difference ? [{ file, text: before, edits: [difference], why: reason }] : [];
    }),
    manual: manual(manifest, config !== undefined && bundled && !typed),
  };
}

/** The compiler writes declarations only where it is told to; a base that it extends may tell it already. */
function declarations(config: string): { file: string; before: string; after: string; why: string } {
  const value = parseJson(config, 'tsconfig.json', { lenient: true }).value;
  const written = isTable(value) ? (value['compilerOptions'] ?? {}) : undefined;
  // what is no table of options takes none
  const silent =
    isTable(value) &&
    isTable(written) &&
    value['compilerOptions'] !== null &&
    written['declaration'] === undefined &&
    written['composite'] !== true &&
    !value['extends'];
  const after = silent ? editJson(config, [{ path: ['compilerOptions', 'declaration'], value: true }]) : config;
  return {
    file: 'tsconfig.json',
    before: config,
    after,
    why: 'without declarations, users of the package get no types',
  };
}

export const packageKind: PackageKind = { complete };
