/** Secrets that the code reads from files: where an engine puts them, without a variable that says where (`/run/secrets/NAME`), and beside the code. */
import { posix } from 'node:path';
import { memberPath, type Node, propertyName, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, inSource } from '../app.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { readingOf } from '../evaluate/reading.ts';
import { pathOf } from '../modules/paths.ts';

const FOLDER = '/run/secrets/';

const reading = /^(readFile|readFileSync|file|createReadStream)$/;
const testing = /^(existsSync|exists|access|accessSync|stat|statSync|pathExists|pathExistsSync)$/;

/** The files below `/run/secrets` that the app cannot do without: what it looks for first, or tries to read, may be absent. */
export const readSecretFiles = (context: AnalysisContext): NonNullable<Facts['secretFiles']> =>
  demandedFiles(context, namesIn).map(({ name, at }) => ({
    name,
    from: [inSource(at.source, at.node.start, `${FOLDER}${name} is read`)],
  }));

/** Keys, certificates and accounts of other services, as files: of JSON those whose name says so, as the app may make any other by itself. */
const isKeyFile = (path: string): boolean =>
  /\.(pem|key|crt|cer|cert|pfx|p12|p8)$/i.test(path) ||
  (path.endsWith('.json') && /account|credential|secret|key|firebase/i.test(posix.basename(path)));

/** Key files that the app cannot do without, and that git leaves out: whoever deploys has them. Paths are relative to the app. */
export function readLocalFiles(context: AnalysisContext): NonNullable<Facts['localFiles']> {
  const { app } = context;
  const pathsIn = (source: Source, node: Node): readonly string[] => {
    if (readingOf(context, source, node).variable) return [];
    const path = posix.normalize(pathOf(context, source, node)?.path ?? '..');
    const isOwn = !path.startsWith('..') && !path.startsWith('/');
    return isOwn && isKeyFile(path) && app.project.leftOut?.(app.path(path)) ? [path] : [];
  };
  return demandedFiles(context, (_, source, node) => pathsIn(source, node)).map(({ name, at }) =>
    detected(name, [inSource(at.source, at.node.start, `${name} is read, and git leaves it out`)]),
  );
}

type Demanded = { readonly name: string; readonly at: { readonly source: Source; readonly node: Node } };

/** What the app reads and cannot do without, by the names that `namesOf` gives to the first argument of a call. */
function demandedFiles(
  context: AnalysisContext,
  namesOf: (context: AnalysisContext, source: Source, node: Node) => readonly string[],
): readonly Demanded[] {
  const found = new Map<string, Demanded>();
  const open = new Set<string>();
  for (const source of context.modules.sources) {
    walk(source.program, (node, ancestors) => {
      const [first] = node.type === 'CallExpression' ? node.arguments : [];
      if (node.type !== 'CallExpression' || !first) return;
      const called = propertyName(source, unwrap(node.callee)) ?? memberPath(node.callee) ?? '';
      if (!reading.test(called) && !testing.test(called)) return;
      const isTried = ancestors.some((one, at) => one.type === 'TryStatement' && ancestors[at + 1] === one.block);
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
  if (readingOf(context, source, node).variable) return [];
  const path = pathOf(context, source, node)?.path ?? '';
  return path.startsWith(FOLDER) ? named([path.slice(FOLDER.length)]) : [];
}

function givenTexts(context: AnalysisContext, source: Source, node: Node): readonly string[] {
  const given = givenFor(context, source, unwrap(node));
  const places = given.length > 0 ? given : [{ source, node }];
  return places.flatMap((one) => readingOf(context, one.source, one.node).value ?? []);
}

const named = (names: readonly string[]): readonly string[] =>
  names.filter((name) => /^[A-Za-z0-9][\w.-]{0,63}$/.test(name));
