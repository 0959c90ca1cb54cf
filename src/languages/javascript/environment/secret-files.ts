/** Secrets that the code reads from files: where an engine puts them, without a variable that says where (`/run/secrets/NAME`), and beside the code. */
import { posix } from 'node:path';
import {
  memberPath,
  type Node,
  nodesOf,
  propertyName,
  type Source,
  unwrap,
  walk,
} from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { inSource } from '../app.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { pathOf } from '../modules/paths.ts';

const FOLDER = '/run/secrets/';

const reading = /^(readFile|readFileSync|file|createReadStream)$/;
const testing = /^(existsSync|exists|access|accessSync|stat|statSync|pathExists|pathExistsSync)$/;

/** The files below `/run/secrets` that the app cannot do without: what it looks for first, or tries to read, may be absent. */
export const readSecretFiles = (context: AnalysisContext): NonNullable<Facts['secretFiles']> =>
  requiredFiles(context, namesIn).map(({ name, at }) => ({
    name,
    from: [inSource(at.source, at.node.start, `${FOLDER}${name} is read`)],
  }));

/** Keys, certificates, accounts of other services and settings, as files: those whose name says so, as the app may make any other by itself. */
const isOfOwner = (path: string): boolean =>
  /\.(pem|key|crt|cer|cert|pfx|p12|p8)$/i.test(path) ||
  (path.endsWith('.json') && /account|credential|secret|key|firebase/i.test(posix.basename(path))) ||
  isSettings(path);

/** Whether a word of the path says that a file of a form for settings holds them. */
const isSettings = (path: string): boolean =>
  /\.(json[5c]?|ya?ml|toml|ini)$/i.test(path) &&
  path
    .toLowerCase()
    .split(/[/._-]/)
    .some((word) => settingsWords.has(word));

const settingsWords = new Set(['config', 'configs', 'configuration', 'conf', 'settings', 'secrets', 'credentials']);

/** Where a path of the app leads that git leaves out; undefined: git has it, or it leads out of the app. */
function leftOut({ app }: AnalysisContext, path: string): string | undefined {
  const plain = posix.normalize(path);
  const isOwn = !plain.startsWith('..') && !plain.startsWith('/');
  return isOwn && app.project.leftOut?.(app.path(plain)) ? plain : undefined;
}

/**
 * Files that the app cannot do without, and that git leaves out: whoever deploys has them. Paths are relative to the app. `runsSources`: what it imports is
 * looked for where it stands, and no build takes it in.
 */
export function readLocalFiles(context: AnalysisContext, runsSources: boolean): NonNullable<Facts['localFiles']> {
  const pathsIn = (source: Source, node: Node): readonly string[] => {
    if (resolveValue(context, source, node).variable) return [];
    const path = leftOut(context, pathOf(context, source, node)?.path ?? '..');
    return path !== undefined && isOfOwner(path) ? [path] : [];
  };
  const read = requiredFiles(context, (_, source, node) => pathsIn(source, node)).map(({ name, at }) =>
    detected(name, [inSource(at.source, at.node.start, `${name} is read, and Git ignores it`)]),
  );
  const imported = runsSources ? importedFiles(context) : [];
  return [...read, ...imported.filter(({ value }) => !read.some((item) => item.value === value))];
}

/** Settings that the app imports as a module: `require('./config.json')`, `require('./config')`. */
function importedFiles(context: AnalysisContext): NonNullable<Facts['localFiles']> {
  const { app, modules } = context;
  const found = new Map<string, NonNullable<Facts['localFiles']>[number]>();
  for (const { source, at } of modules.missing) {
    const base = app.own(posix.join(posix.dirname(source.file), at.specifier));
    const path = ['', '.json', '.js']
      .map((ending) => leftOut(context, base + ending))
      .find((value) => value !== undefined);
    const file = path !== undefined && posix.extname(path) === '' ? undefined : path;
    if (file === undefined || !/\.[cm]?js$/.test(source.file) || !isSettings(file.replace(/\.[cm]?js$/, '.json')))
      continue;
    found.set(
      file,
      detected(file, [inSource(source, at.span.start, `${at.specifier} is imported, and Git ignores it`)]),
    );
  }
  return [...found.values()];
}

/** Settings that a text of the sources names, that git leaves out and that are not there: whether the app needs them only its owner knows. */
export function readLocalSettings(context: AnalysisContext, isKnown: (path: string) => boolean): Facts['notes'] {
  const found = new Map<string, Facts['notes'][number]>();
  for (const source of context.modules.sources) {
    for (const node of nodesOf(source.program, 'Literal')) {
      const text = typeof node.value === 'string' ? node.value : '';
      const path =
        /^(?:\.\/)?[\w.-]+(?:\/[\w.-]+)*$/.test(text) && isSettings(text) ? leftOut(context, text) : undefined;
      if (path === undefined || isKnown(path) || found.has(path)) continue;
      found.set(path, {
        code: 'settings-of-the-owner',
        message: `The app looks for ${path}, which Git ignores, so it is not in the image: if the app needs it, mount the file from the host ("volumes" of the service in the compose file: "./${path}" to the same path in the app folder, with \`:ro\`)`,
        from: [inSource(source, node.start, `${text} is named`)],
      });
    }
  }
  return [...found.values()].slice(0, 3);
}

type RequiredFile = { readonly name: string; readonly at: { readonly source: Source; readonly node: Node } };

/** What the app reads and cannot do without, by the names that `namesOf` gives to the first argument of a call. */
function requiredFiles(
  context: AnalysisContext,
  namesOf: (context: AnalysisContext, source: Source, node: Node) => readonly string[],
): readonly RequiredFile[] {
  const found = new Map<string, RequiredFile>();
  const open = new Set<string>();
  for (const source of context.modules.sources) {
    walk(source.program, (node, ancestors) => {
      const [first] = node.type === 'CallExpression' ? node.arguments : [];
      if (node.type !== 'CallExpression' || !first) return;
      const called = propertyName(source, unwrap(node.callee)) ?? memberPath(node.callee) ?? '';
      if (!reading.test(called) && !testing.test(called)) return;
      const isTried = ancestors.some(
        (ancestor, at) => ancestor.type === 'TryStatement' && ancestors[at + 1] === ancestor.block,
      );
      for (const name of namesOf(context, source, first)) {
        if (testing.test(called) || isTried) open.add(name);
        else if (!found.has(name)) found.set(name, { name, at: { source, node } });
      }
    });
  }
  return [...found.values()].filter(({ name }) => !open.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names that a path below the folder can have: also those that the callers of a function give it. */
function namesIn(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  const value = unwrap(node);
  if (value.type === 'TemplateLiteral') {
    const [head, tail] = value.quasis.map(({ value: { cooked } }) => cooked ?? '');
    const [part] = value.expressions;
    if (head === FOLDER && tail === '' && part) return named(givenTexts(context, source, part));
  }
  const last = value.type === 'CallExpression' ? value.arguments.at(-1) : undefined;
  const given = last ? givenTexts(context, source, last) : [];
  if (value.type === 'CallExpression' && given.length > 1) {
    const [folder] = value.arguments;
    const path = folder && pathOf(context, source, folder)?.path;
    if (path !== undefined && posix.join(path, '/') === FOLDER) return named(given);
  }
  // where a variable may say another place, that one is set
  if (resolveValue(context, source, node).variable) return [];
  const path = pathOf(context, source, node)?.path ?? '';
  return path.startsWith(FOLDER) ? named([path.slice(FOLDER.length)]) : [];
}

function givenTexts(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  const given = givenFor(context, source, unwrap(node));
  const places = given.length > 0 ? given : [{ source, node }];
  return places.flatMap((place) => resolveValue(context, place.source, place.node).value ?? []);
}

const named = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /^[A-Za-z0-9][\w.-]{0,63}$/.test(name));
