import { posix } from 'node:path';
import { memberPath, type Node, type Source, unwrap } from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { passedValues } from '../evaluate/passed-values.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';
import { fileSet } from './graph.ts';

/** The home folder in a container, where the app uses one: the only folder that everybody may write to. */
export const homeFolder = '/tmp';

/** A path of the app's folder, or one that starts with `/`. */
export type Path = {
  readonly path: string;
  /** worked out from where the module lies, not from the working folder */
  readonly besideModule: boolean;
  /** a folder, as the names below it are not known; absent: what it is is not said */
  readonly folder?: true;
  /** the variable that names another folder for it, where without it the app keeps it among its own files */
  readonly movedBy?: string;
};

/** The path that an expression comes to: a text, a default of a variable, parts put together, or a place beside the module. */
export function pathOf(context: AnalysisContext, source: Source, node: Node, depth = 0): Path | undefined {
  const handed = handedPath(context, source, node, depth);
  if (handed) return handed;
  const own = unwrap(node);
  // not a helper that hands one of its arguments on
  const joined = own.type === 'CallExpression' && depth <= 6 && joinedPath(context, source, own, depth);
  if (joined) return joined;
  const { value: plain, variable } = resolveValue(context, source, node);
  if (plain !== undefined)
    return plain === ''
      ? undefined
      : { path: plain.replace(/^file:/, ''), besideModule: false, ...movedOut(plain, variable?.name) };
  if (depth > 6) return undefined;
  const target = trace(context, source, node);
  if (target.kind === 'variable')
    return target.name === 'HOME' ? { path: homeFolder, besideModule: false } : examplePath(context, target.name);
  if (target.kind !== 'syntax') return undefined;
  const at = target.node;
  const followed = at === unwrap(node) ? undefined : handedPath(context, target.source, at, depth);
  if (followed) return followed;
  if (at.type === 'CallExpression') return joinedPath(context, target.source, at, depth);
  if (at.type === 'ConditionalExpression') {
    return (
      pathOf(context, target.source, at.alternate, depth + 1) ??
      pathOf(context, target.source, at.consequent, depth + 1)
    );
  }
  if (at.type === 'LogicalExpression') return standardPath(context, target.source, at, depth);
  if (at.type === 'NewExpression' && memberPath(at.callee) === 'URL') return besideUrl(context, target.source, at);
  if (at.type === 'MemberExpression' || at.type === 'Identifier') return moduleFolder(context, target.source, at);
  if (at.type === 'TemplateLiteral') return templatePath(context, target.source, at, depth);
  if (at.type === 'BinaryExpression' && at.operator === '+') {
    const left = pathOf(context, target.source, at.left, depth + 1);
    const right = resolveValue(context, target.source, at.right).value;
    if (!left) return undefined;
    const { besideModule } = left;
    return right === undefined
      ? { path: posix.dirname(`${left.path}x`), besideModule, folder: true }
      : { path: posix.normalize(left.path + right), besideModule };
  }
  return undefined;
}

/** What stands in for a variable that is not set; the folder of the app itself is one that the variable moves things out of. */
function standardPath(
  context: AnalysisContext,
  source: Source,
  { left, right }: Extract<Node, { type: 'LogicalExpression' }>,
  depth: number,
): Path | undefined {
  const usual = pathOf(context, source, right, depth + 1);
  if (!usual) return undefined;
  const name = resolveValue(context, source, left).variable?.name;
  return { ...usual, ...movedOut(usual.besideModule ? '.' : usual.path, name) };
}

/** The variable that moves things out of the folder of the app, where that is what stands in for it. */
const movedOut = (usual: string, name: string | undefined): Pick<Path, 'movedBy'> =>
  name !== undefined && posix.normalize(usual) === '.' ? { movedBy: name } : {};

/** The first path that an expression is handed by callers or by what fills its field. */
function handedPath(context: AnalysisContext, source: Source, node: Node, depth: number): Path | undefined {
  if (depth > 4) return undefined;
  // each of many callers may have been handed it by many others
  for (const given of passedValues(context, source, node).slice(0, 6)) {
    const path = pathOf(context, given.source, given.node, depth + 1);
    if (path) return path;
  }
  return undefined;
}

/** The path that the project gives as an example for a variable without a default, which then is its default here, too. */
function examplePath({ app }: AnalysisContext, name: string): Path | undefined {
  const path = exampleFile(app.examples.get(name)?.value);
  return path === undefined ? undefined : { path, besideModule: false };
}

/** A template counts up to its first part that is not known: the folder of what is written there. */
function templatePath(
  context: AnalysisContext,
  source: Source,
  node: Extract<Node, { type: 'TemplateLiteral' }>,
  depth: number,
): Path | undefined {
  let text = node.quasis[0]?.value.cooked ?? '';
  let besideModule = false;
  for (const [index, expression] of node.expressions.entries()) {
    const part = pathOf(context, source, expression, depth + 1);
    if (!part)
      return text.includes('/')
        ? { path: text.slice(0, text.lastIndexOf('/')), besideModule, folder: true }
        : undefined;
    if (part.folder) return { ...part, path: posix.normalize(text + part.path) };
    text += part.path + (node.quasis[index + 1]?.value.cooked ?? '');
    besideModule ||= part.besideModule;
  }
  return text === '' ? undefined : { path: posix.normalize(text), besideModule };
}

function joinedPath(
  context: AnalysisContext,
  source: Source,
  call: Extract<Node, { type: 'CallExpression' }>,
  depth: number,
): Path | undefined {
  const name = memberPath(call.callee)?.split('.').at(-1);
  if (name === 'cwd') return { path: '.', besideModule: false };
  if (name === 'homedir') return { path: homeFolder, besideModule: false };
  const [first] = call.arguments;
  if (name === 'dirname' && first) {
    const inner = pathOf(context, source, first, depth + 1);
    return inner && { ...inner, path: posix.dirname(inner.path) };
  }
  if (name === 'fileURLToPath' && first) {
    const inner = trace(context, source, first);
    if (inner.kind === 'syntax' && memberPath(inner.node) === 'import.meta.url')
      return { path: context.app.own(source.file), besideModule: true };
    return pathOf(context, source, first, depth + 1);
  }
  if (name !== 'join' && name !== 'resolve') return undefined;
  // `path.resolve()` is the working folder
  if (call.arguments.length === 0) return { path: '.', besideModule: false };
  const parts: Path[] = [];
  for (const argument of call.arguments) {
    const part = pathOf(context, source, argument, depth + 1);
    if (!part) break;
    parts.push(part);
    // a name that is not known stands in it: what comes behind lies below that
    if (part.folder) break;
  }
  if (parts.length === 0) return undefined;
  const isFolder = parts.length < call.arguments.length || parts.at(-1)?.folder;
  return {
    path: posix.join(...parts.map((part) => part.path)),
    besideModule: parts.some((part) => part.besideModule),
    ...(isFolder ? { folder: true as const } : {}),
    ...(parts[0]?.movedBy === undefined ? {} : { movedBy: parts[0].movedBy }),
  };
}

function besideUrl(
  context: AnalysisContext,
  source: Source,
  node: Extract<Node, { type: 'NewExpression' }>,
): Path | undefined {
  const [first, second] = node.arguments;
  if (!first || !second || memberPath(second) !== 'import.meta.url') return undefined;
  const text = resolveValue(context, source, first).value;
  return text === undefined
    ? undefined
    : { path: posix.join(posix.dirname(context.app.own(source.file)), text), besideModule: true };
}

function moduleFolder(context: AnalysisContext, source: Source, node: Node): Path | undefined {
  const path = memberPath(node);
  if (path === undefined || !['import.meta.dir', 'import.meta.dirname', '__dirname'].includes(path)) return undefined;
  return { path: posix.dirname(context.app.own(source.file)), besideModule: true };
}

/** Whether a path of the app's folder is a file of the project, or a folder that holds some. */
export const pathExists = (context: AnalysisContext, path: string): boolean => {
  if (path === '.' || path.startsWith('/')) return false;
  const full = context.app.path(path);
  return (
    fileSet(context.app.project).has(full) || context.app.project.files().some((file) => file.startsWith(`${full}/`))
  );
};

/** An example that is a path of the project or a usual place for data, and no place of somebody's machine. */
export const exampleFile = (value: string | undefined): string | undefined => {
  const text = value?.replace(/^file:(?!\/\/)/, '') ?? '';
  if (/\s|[<>$*?]|:\/\/|\.\.\//.test(text)) return undefined;
  return /^\.\/[\w./-]+$|^[\w-]+\/[\w./-]*\.(db|sqlite3?|json)$|^\/(data|var|srv)\/[\w./-]+$/.test(text)
    ? text
    : undefined;
};
