/** Secrets that the code reads from where an engine puts them, without a variable that says where: `/run/secrets/NAME`. */
import { posix } from 'node:path';
import { memberPath, type Node, propertyName, type Source, unwrap, walk } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { inSource } from '../app.ts';
import { givenFor } from '../evaluate/call-arguments.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { readingOf } from '../evaluate/reading.ts';
import { pathOf } from '../modules/paths.ts';

const FOLDER = '/run/secrets/';

const reading = /^(readFile|readFileSync|file|createReadStream)$/;
const testing = /^(existsSync|exists|access|accessSync|stat|statSync|pathExists|pathExistsSync)$/;

/** The files below `/run/secrets` that the app cannot do without: what it looks for first, or tries to read, may be absent. */
export function readSecretFiles(context: AnalysisContext): NonNullable<Facts['secretFiles']> {
  const found = new Map<string, NonNullable<Facts['secretFiles']>[number]>();
  const open = new Set<string>();
  for (const source of context.modules.sources) {
    walk(source.program, (node, ancestors) => {
      const [first] = node.type === 'CallExpression' ? node.arguments : [];
      if (node.type !== 'CallExpression' || !first) return;
      const name = propertyName(source, unwrap(node.callee)) ?? memberPath(node.callee) ?? '';
      if (!reading.test(name) && !testing.test(name)) return;
      const isTried = ancestors.some((one, at) => one.type === 'TryStatement' && ancestors[at + 1] === one.block);
      for (const secret of namesIn(context, source, first)) {
        if (testing.test(name) || isTried) open.add(secret);
        else if (!found.has(secret))
          found.set(secret, { name: secret, from: [inSource(source, node.start, `${FOLDER}${secret} is read`)] });
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
