import { posix } from 'node:path';
import {
  literalValue,
  memberPath,
  type Node,
  property,
  resolve,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import { readSource } from '../../project/source.ts';
import type { SiteSource } from '../contract.ts';

/** The text of a flag: `--base /shop/` or `--base=/shop/`. */
export function textFlag(argv: readonly string[], flag: string): string | undefined {
  const at = argv.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
  const word = argv[at];
  return word === flag ? argv[at + 1] : word?.slice(flag.length + 1);
}

/** The folder that a flag names: `--outDir public` or `--outDir=public`. */
export const flagOf = (argv: readonly string[], flag: string): string | undefined => inside(textFlag(argv, flag));

/** The folder of the app that a command is told to build, the word behind its verb: `build docs`; undefined: it names none. */
export function folderArgument({ argv, project, root }: SiteSource, verb: string): string | undefined {
  const words = argv.slice(argv.indexOf(verb) + 1).filter((word) => !word.startsWith('-'));
  const isFolder = (folder: string) => project.files().some((file) => file.startsWith(`${posix.join(root, folder)}/`));
  return words.flatMap((word) => inside(word) ?? []).find((folder) => folder !== '.' && isFolder(folder));
}

/** The object that a configuration file exports, however it is wrapped: `defineConfig({ … })`, a function. */
export type Settings = {
  /** what stands at a path of it; undefined: nothing that is written out */
  readonly at: (path: readonly string[]) => Node | undefined;
  readonly text: (path: readonly string[]) => string | undefined;
  /** a folder or file; `fixed`: it begins at the folder of the configuration, wherever else relative ones begin */
  readonly path: (path: readonly string[]) => { readonly path: string; readonly fixed: boolean } | undefined;
};

/** The settings of the first of some files of the app that is there. An object inside of another one belongs to something else. */
export function settingsOf({ project, root, env }: SiteSource, files: readonly string[]): Settings {
  const file = files.map((file) => posix.join(root, file)).find((value) => project.has(value));
  const source = file === undefined ? undefined : readSource(project, file);
  if (!source) return { at: () => undefined, text: () => undefined, path: () => undefined };
  const objects: Node[] = [];
  walk(source.program, (node) => {
    if (node.type !== 'ObjectExpression') return undefined;
    objects.push(node);
    return false;
  });
  const at = (path: readonly string[]) =>
    objects.map((object) => valueAt(source, object, path, env)).find((node) => node);
  return {
    at,
    text: (path) => {
      const node = at(path);
      const value = node && literalValue(source, node);
      return value === undefined ? undefined : String(value);
    },
    path: (path) => {
      const node = at(path);
      return node && pathValue(source, node);
    },
  };
}

/** The text at a path of an object, as a build for production has it; undefined: it is not there, or worked out. */
export function textAt(source: Source, object: Node, path: readonly string[]): string | undefined {
  const node = valueAt(source, object, path);
  const value = node && literalValue(source, node);
  return value === undefined ? undefined : String(value);
}

/** Variables that the build script sets. */
type Env = Readonly<Record<string, string>>;

function valueAt(source: Source, object: Node, path: readonly string[], env: Env = {}): Node | undefined {
  let at: Node | undefined = object;
  for (const key of path) at = at && property(resolve(source, at), key);
  const value = at && chosen(source, resolve(source, at), env);
  // what is chosen may be that nothing is
  return value && memberPath(value) === 'undefined' ? undefined : value;
}

/** What an expression comes to in a build for production where no variable is set but those of its script: `env.BASE ?? '/shop/'`, `command === 'build' ? '/shop/' : '/'`. */
function chosen(source: Source, node: Node, env: Env, depth = 0): Node {
  const at = unwrap(node);
  const follow = (next: Node) => chosen(source, resolve(source, next), env, depth + 1);
  if (depth > 8) return at;
  if (at.type === 'LogicalExpression' && at.operator !== '&&')
    return isOpen(source, at.left) ? follow(at.right) : follow(at.left);
  if (at.type !== 'ConditionalExpression') return at;
  const holds = isTrue(source, at.test, env);
  return holds === undefined ? at : follow(holds ? at.consequent : at.alternate);
}

/** A value that only the machine which builds could give. */
const isOpen = (source: Source, node: Node): boolean => literalValue(source, node) === undefined;

/** The variable that an expression reads; undefined: it reads none. */
const variableOf = (node: Node): string | undefined =>
  /^(?:process\.env|env|import\.meta\.env)\.(\w+)$/.exec(memberPath(unwrap(node)) ?? '')?.[1];

/** Whether a test holds in a build for production; undefined: only running it would tell. */
function isTrue(source: Source, node: Node, env: Env): boolean | undefined {
  const test = unwrap(resolve(source, node));
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const inner = isTrue(source, test.argument, env);
    return inner === undefined ? undefined : !inner;
  }
  if (test.type === 'LogicalExpression' && test.operator !== '??') {
    const decides = test.operator === '||';
    const sides = [test.left, test.right].map((expression) => isTrue(source, expression, env));
    if (sides.includes(decides)) return decides;
    return sides.includes(undefined) ? undefined : !decides;
  }
  const read = variableOf(test);
  if (read !== undefined) return read === 'PROD' || (env[read] ?? '') !== '';
  return test.type === 'BinaryExpression' ? isEqual(source, test, env) : undefined;
}

/** Whether a comparison with a text holds: of the command and the mode of a build, and of a variable that its script sets or nobody. */
function isEqual(
  source: Source,
  { operator, left, right }: Extract<Node, { type: 'BinaryExpression' }>,
  env: Env,
): boolean | undefined {
  if (!/^[!=]==?$/.test(operator)) return undefined;
  const sides = [left, right].map((item) => literalValue(source, item));
  const text = sides.find((side) => typeof side === 'string');
  if (text === undefined) return undefined;
  const other = unwrap(resolve(source, sides[0] === text ? right : left));
  const named = memberPath(other)?.split('.').at(-1);
  const variable = variableOf(other);
  const known = named === 'command' ? 'build' : named === 'mode' || named === 'NODE_ENV' ? 'production' : undefined;
  if (known === undefined && variable === undefined) return undefined;
  const value = known ?? env[variable ?? ''];
  return (text === value) === operator.startsWith('=');
}

/** `'site'`, `__dirname`, `${__dirname}/site`, `resolve(__dirname, 'site')`, `fileURLToPath(new URL('site', import.meta.url))`. */
function pathValue(source: Source, node: Node): { path: string; fixed: boolean } | undefined {
  const text = stringValue(source, node);
  if (text !== undefined) return { path: text, fixed: false };
  if (isFolder(node)) return { path: '.', fixed: true };
  const at = unwrap(node);
  if (at.type === 'TemplateLiteral' || at.type === 'BinaryExpression') return joined(source, at);
  if (at.type === 'MemberExpression') return memberName(at) === 'pathname' ? pathValue(source, at.object) : undefined;
  if (at.type === 'NewExpression') {
    const [name, from] = at.arguments;
    const path = memberPath(at.callee) === 'URL' && name && from && memberPath(from) === 'import.meta.url';
    const value = path ? stringValue(source, name) : undefined;
    return value === undefined ? undefined : { path: value, fixed: true };
  }
  if (at.type !== 'CallExpression') return undefined;
  // also `require('path').resolve`
  const called = memberPath(at.callee)?.split('.').at(-1) ?? memberName(unwrap(at.callee));
  const [first, ...rest] = at.arguments;
  if (called === 'fileURLToPath') return first && pathValue(source, first);
  if (!first || (called !== 'resolve' && called !== 'join')) return undefined;
  const here = isFolder(first);
  const parts = (here ? rest : at.arguments).map((argument) => stringValue(source, argument));
  const path = parts.some((part) => part === undefined)
    ? undefined
    : posix.join('.', ...parts.map((part) => part ?? ''));
  return path === undefined ? undefined : { path, fixed: here || called === 'resolve' };
}

/** A text that begins with the folder of the configuration, or with a path that itself does: `${__dirname}/site`, `__dirname + '/site'`. */
function joined(source: Source, node: Extract<Node, { type: 'TemplateLiteral' | 'BinaryExpression' }>) {
  const pieces: readonly (Node | string)[] =
    node.type === 'TemplateLiteral'
      ? node.quasis.flatMap(({ value }, at) => [value.cooked ?? '', ...node.expressions.slice(at, at + 1)])
      : [node.left, node.right];
  const [first, ...rest] = pieces.filter((piece) => piece !== '');
  if (first === undefined || typeof first === 'string') return undefined;
  const from = pathValue(source, resolve(source, first));
  const texts = rest.map((item) => (typeof item === 'string' ? item : stringValue(source, item)));
  const isPlus = node.type === 'TemplateLiteral' || node.operator === '+';
  if (!isPlus || !from?.fixed || texts.some((text) => text === undefined)) return undefined;
  return { path: posix.join('.', `${from.path}${texts.join('')}`), fixed: true };
}

const memberName = (node: Node): string | undefined =>
  node.type === 'MemberExpression' && node.property.type === 'Identifier' ? node.property.name : undefined;

/** The folder of the configuration file, where the build runs, too. */
const isFolder = (node: Node): boolean => {
  const at = unwrap(node);
  if (at.type === 'CallExpression') return memberPath(at.callee) === 'process.cwd';
  return ['__dirname', 'import.meta.dirname', 'import.meta.dir'].includes(memberPath(at) ?? '');
};

/** A path of the app in its plain form; undefined where it leads out. */
export const inside = (path: string | undefined): string | undefined => {
  if (path === undefined) return undefined;
  const plain = posix.normalize(path).replace(/^\.\//, '').replace(/\/$/, '');
  return plain.startsWith('..') || plain.startsWith('/') ? undefined : plain;
};

/** The folder that a build makes, which may lie beside the app: `../server/public`. Undefined: its place on the machine is not known. */
export const outputFolder = (path: string): string | undefined => {
  const plain = posix.normalize(path).replace(/^\.\//, '').replace(/\/$/, '');
  return plain.startsWith('/') || /^[./]*$/.test(plain) ? undefined : plain;
};

/** The path of a site's address, `/shop/` or `https://example.com/shop`, as `shop`; undefined: the top, or a path that the build works out. */
export function basePath(text: string | undefined): string | undefined {
  const path = text?.replace(/^https?:\/\/[^/]+/, '') ?? '';
  const plain = path.startsWith('/') ? path.replace(/^\/+|(?<!\/)\/+$/g, '') : '';
  return /^[\w.~-]+(\/[\w.~-]+)*$/.test(plain) && !plain.split('/').includes('..') ? plain : undefined;
}
