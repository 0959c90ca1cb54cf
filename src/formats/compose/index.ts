import { posix } from 'node:path';
import { UserError } from '../../model/errors.ts';
import { checkModel, checkNamesOfParts } from './check.ts';
import { normalName, openFiles } from './files.ts';
import { type Lookup, substitute } from './interpolate.ts';
import { loadFiles } from './load.ts';
import type { ComposeInput, ComposeModel, EffectiveCompose } from './model.ts';
import { dataOf, entriesOf, entry, invalid, type Mapping, mapping, type Node, placeOf, stringOf } from './nodes.ts';
import { dropUnused, normalize } from './normalize.ts';
import { joinPath } from './paths.ts';
import { shapes } from './service.ts';

export type {
  ComposeInput,
  ComposeMap,
  ComposeModel,
  ComposeRefusal,
  ComposeService,
  EffectiveCompose,
  Place,
} from './model.ts';
export { isOutside } from './paths.ts';
export { bytes } from './units.ts';
export { printCompose, valuesIn } from './values.ts';

/**
 * The effective model of compose files, read without any program: nothing is fetched, no env file is opened, and only what `read` gives
 * is looked at. Paths start from the folder of the first file, as compose does it. Names of networks and volumes begin with the variable
 * `COMPOSE_PROJECT_NAME`, else with the `name` of the files, else with that of their folder, which is `project` for the root. Throws a UserError with file and line for files that are
 * not valid, that ask for a variable that is missing, or that are larger than any real one.
 */
export function readCompose(input: ComposeInput): EffectiveCompose {
  const files = openFiles(input);
  try {
    const paths = input.files.map((path) => joinPath('.', path));
    const base = posix.dirname(paths[0] ?? '.');
    const roots = paths.map((path) => files.open(path, undefined).root);
    const variables: Lookup = (name) => (Object.hasOwn(input.variables, name) ? input.variables[name] : undefined);
    const name = variables('COMPOSE_PROJECT_NAME') ?? projectName(roots, posix.basename(base), variables);
    const lookup: Lookup = (variable) => (variable === 'COMPOSE_PROJECT_NAME' ? name : variables(variable));
    const loaded = loadFiles(files, paths, base, lookup);
    if (loaded.entries.size === 0 && files.refused.length === 0) throw invalid('The compose file is empty.', loaded.at);
    checkNamesOfParts(loaded);
    const complete = shaped(normalize(loaded, name, files.asWritten ? () => undefined : lookup));
    // what is refused leaves holes: services of a file that is not read, a base without its image
    if (files.refused.length === 0 && !files.asWritten) checkModel(complete);
    const root = dropUnused(complete);
    return {
      model: dataOf(root) as ComposeModel,
      place: (path) => placeOf(root, path),
      refused: files.refused,
      unread: files.unread,
      files: [...files.texts.keys()],
    };
  } catch (error) {
    throw withLine(error, files.texts);
  }
}

/** The name that the last of the files gives the project, else that of their folder; the root has none that we know. */
function projectName(roots: readonly Node[], folder: string, lookup: Lookup): string {
  const named = roots
    .map((root) => stringOf(entry(root, 'name')))
    .findLast((name) => name !== undefined && name !== '');
  const filled = substitute(named ?? '', lookup);
  const name = 'value' in filled ? normalName(filled.value) : '';
  return name || normalName(folder) || 'project';
}

/** The model with each key in its one form; the order is that of compose, other keys come behind. */
function shaped(root: Mapping): Mapping {
  const order = ['name', ...Object.keys(shapes)];
  const sorted = [...entriesOf(root)].sort(([a], [b]) => rank(order, a) - rank(order, b));
  const entries = sorted.flatMap(([key, node]): [string, Node][] => {
    const shape = Object.hasOwn(shapes, key) ? shapes[key] : undefined;
    const done = shape ? shape(node, key) : node;
    return done === undefined ? [] : [[key, done]];
  });
  const hasServices = entries.some(([key]) => key === 'services');
  return mapping(hasServices ? entries : [...entries, ['services', mapping([], root.at)]], root.at);
}

const rank = (order: readonly string[], key: string): number => {
  const index = order.indexOf(key);
  return index === -1 ? order.length : index;
};

/** An error with the line that it speaks of, so that the message can show it. */
function withLine(error: unknown, texts: ReadonlyMap<string, string>): unknown {
  if (!(error instanceof UserError) || error.where?.line === undefined || error.where.text !== undefined) return error;
  const { file, line } = error.where;
  const text = texts.get(file)?.split('\n')[line - 1]?.trimEnd().slice(0, 200);
  if (text === undefined) return error;
  const { code, message, next, exit } = error;
  return new UserError({ code, message, where: { file, line, text }, next, exit, cause: error });
}
