/** What running needs of a folder that the repository does not have, and that a build script makes: an import, or pages that the server gives out. */
import { posix } from 'node:path';
import { keyName, memberPath, type Node, nodesOf, property, type Source } from '../../../formats/source/index.ts';
import type { App } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { pathOf } from './paths.ts';

/** Folders into which projects build; another name may be anything that somebody forgot. */
const usual = new Set('dist build lib out compiled output es'.split(' '));

/** A file in such a folder, relative to the app; undefined: nothing needs one. */
export function readExistingOutput(context: AnalysisContext): string | undefined {
  for (const source of context.modules.sources) {
    const found = importedBy(context, source) ?? servedBy(context, source);
    if (found !== undefined) return found;
  }
  return undefined;
}

function importedBy({ app, modules }: AnalysisContext, source: Source): string | undefined {
  for (const { specifier, typeOnly } of source.imports) {
    if (typeOnly || !/^\.\.?\//.test(specifier) || modules.resolve(source.file, specifier) !== undefined) continue;
    const path = app.own(posix.join(posix.dirname(source.file), specifier));
    if (!isOutput(app, path)) continue;
    if (/\.([cm]?js|json)$/.test(path)) return path;
    if (/^[^.]+$/.test(path)) return path.includes('/') ? `${path}.js` : `${path}/index.js`;
  }
  return undefined;
}

/** Calls that give out a folder or a file, by the last word of their names: `express.static(path)`, `res.sendFile(path)`, `sirv(path)`. */
const givers = new Set('static serveStatic sendFile serve koaStatic sirv'.split(' '));
/** Options that name such a folder: `register(fastifyStatic, { root })`, `serveStatic({ root })`. */
const folders = new Set(['root', 'directory']);

function servedBy(context: AnalysisContext, source: Source): string | undefined {
  for (const call of nodesOf(source.program, 'CallExpression')) {
    const { callee } = call;
    const name = callee.type === 'MemberExpression' ? keyName(callee.property, callee.computed) : memberPath(callee);
    const options = call.arguments.flatMap((argument) =>
      argument.type === 'ObjectExpression' ? namedIn(argument) : [],
    );
    const [first] = call.arguments;
    const given =
      name !== undefined && givers.has(name) && first ? [first, ...options] : name === 'register' ? options : [];
    for (const node of given) {
      const path = posix.normalize(pathOf(context, source, node)?.path ?? '.').replace(/\/$/, '');
      if (!isOutput(context.app, path)) continue;
      return posix.extname(path) === '' ? `${path}/index.html` : path;
    }
  }
  return undefined;
}

const namedIn = (object: Extract<Node, { type: 'ObjectExpression' }>): readonly Node[] =>
  object.properties.flatMap((item) => {
    const name = item.type === 'Property' ? keyName(item.key, item.computed) : undefined;
    const value = name !== undefined && folders.has(name) ? property(object, name) : undefined;
    return value ? [value] : [];
  });

/** Whether a path of the app lies in a folder of such a name, of which the repository has nothing. */
function isOutput({ project, path: pathOfApp }: App, path: string): boolean {
  const [folder = ''] = path.split('/');
  return usual.has(folder) && !project.files().some((file) => file.startsWith(`${pathOfApp(folder)}/`));
}
