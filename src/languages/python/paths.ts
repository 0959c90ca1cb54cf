/** Paths that modules put together, followed to where they lead in the application: `BASE_DIR / 'media'`, `os.path.join(basedir, 'app.db')`. */
import { posix } from 'node:path';
import { type Expression, pathOf } from '../../formats/python/index.ts';
import { type App, type Module, resolve } from './app.ts';

/** Names are followed so far. */
const MAX_DEPTH = 12;

/** The path of a value, relative to the application; undefined: it is computed, or lies outside of it. */
export function pathIn(app: App, module: Module, value: Expression): string | undefined {
  const found = follow(app, module, value, 0);
  if (found === undefined || found.startsWith('/')) return undefined;
  const path = posix.normalize(found);
  return path.startsWith('..') ? undefined : path;
}

function follow(app: App, module: Module, expression: Expression, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const inner = (value: Expression | undefined) => value && follow(app, module, value, depth + 1);
  switch (expression.kind) {
    case 'text':
      return expression.value;
    case 'name':
    case 'attribute':
      return ofName(app, module, expression, depth);
    case 'binary':
      return ofBinary(expression.operator, inner(expression.left), inner(expression.right));
    case 'format':
      return allOf(expression.parts.map((part) => (typeof part === 'string' ? part : inner(part))))?.join('');
    case 'subscript': {
      // `Path(__file__).parents[1]`
      const [index] = expression.index;
      const isParents = expression.object.kind === 'attribute' && expression.object.name === 'parents';
      const from = expression.object.kind === 'attribute' && isParents ? inner(expression.object.object) : undefined;
      return from === undefined || index?.kind !== 'number' ? undefined : above(from, Number(index.value) + 1);
    }
    case 'call':
      return ofCall(app, module, expression, depth);
    default:
      return undefined;
  }
}

const allOf = (parts: readonly (string | undefined)[]): readonly string[] | undefined => {
  const found = parts.flatMap((part) => part ?? []);
  return found.length === parts.length ? found : undefined;
};

const above = (path: string, levels: number): string =>
  levels <= 0 ? path : above(path === '.' ? '..' : posix.dirname(path), levels - 1);

function ofBinary(operator: string, left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '/') return right.startsWith('/') ? right : posix.join(left, right);
  return operator === '+' ? left + right : undefined;
}

function ofName(
  app: App,
  module: Module,
  item: Expression & { kind: 'name' | 'attribute' },
  depth: number,
): string | undefined {
  if (item.kind === 'name' && item.name === '__file__') return module.file;
  if (item.kind === 'attribute' && item.name === 'parent') {
    const from = follow(app, module, item.object, depth + 1);
    return from === undefined ? undefined : above(from, 1);
  }
  if (item.kind === 'attribute' && item.name === 'instance_path') return 'instance';
  const path = pathOf(item);
  const whole = path === undefined ? undefined : resolve(app, module, path);
  const cut = whole?.lastIndexOf('.') ?? -1;
  const other = whole === undefined || cut === -1 ? undefined : app.byName.get(whole.slice(0, cut));
  if (!other || whole === undefined) return undefined;
  const name = whole.slice(cut + 1);
  for (const statement of other.syntax.body)
    if (
      statement.kind === 'assign' &&
      statement.value &&
      statement.targets.some((target) => target.kind === 'name' && target.name === name)
    )
      return follow(app, other, statement.value, depth + 1);
  return undefined;
}

/** Calls that give back the path that they get. */
const same = new Set(['str', 'Path', 'PurePath', 'abspath', 'realpath', 'normpath', 'fspath']);

function ofCall(app: App, module: Module, call: Expression & { kind: 'call' }, depth: number): string | undefined {
  const inner = (value: Expression | undefined) => value && follow(app, module, value, depth + 1);
  const values = call.args.map(({ value }) => value);
  const { callee } = call;
  const name = callee.kind === 'attribute' ? callee.name : callee.kind === 'name' ? callee.name : '';
  if (name === 'cwd' || name === 'getcwd') return '.';
  if (name === 'dirname') {
    const from = inner(values[0]);
    return from === undefined ? undefined : above(from, 1);
  }
  if (name === 'join') return joined(allOf(values.map(inner)));
  // `Path(…).resolve()` and `path.joinpath('x')` are methods of a path
  const own = callee.kind === 'attribute' ? inner(callee.object) : undefined;
  if (['resolve', 'absolute', 'as_posix', 'expanduser'].includes(name)) return own;
  if (name === 'joinpath') return joined(allOf([own, ...values.map(inner)]));
  if (!same.has(name)) return undefined;
  return values.length === 0 ? '.' : joined(allOf(values.map(inner)));
}

const joined = (parts: readonly string[] | undefined): string | undefined =>
  parts?.reduce((path, part) => (part.startsWith('/') ? part : posix.join(path, part)));
