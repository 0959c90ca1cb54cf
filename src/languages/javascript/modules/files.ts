import { posix } from 'node:path';
import {
  memberPath,
  type Node,
  nodesOf,
  property,
  propertyName,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Facts } from '../../../model/facts.ts';
import { detected, type Fact } from '../../../model/known.ts';
import { services } from '../../../services/registry.gen.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { isFunction } from '../evaluate/functions.ts';
import { resolveValue } from '../evaluate/resolve-value.ts';
import { trace } from '../evaluate/trace.ts';
import { embeddedOptions } from './embedded-options.ts';
import { globbedFolders } from './globs.ts';
import { writtenByPackage } from './package-writes.ts';
import { type Path, pathExists, pathOf } from './paths.ts';

/** Functions of the file system by what they do to the path in their first argument. */
const reading = new Set([
  'readFile',
  'readFileSync',
  'createReadStream',
  'readdir',
  'readdirSync',
  'opendir',
  'Bun.file',
  'file',
]);
const writing = new Set([
  'writeFile',
  'writeFileSync',
  'appendFile',
  'appendFileSync',
  'createWriteStream',
  'mkdir',
  'mkdirSync',
  'Bun.write',
  'write',
  'rm',
  'unlink',
  'copyFile',
  'cp',
  'rename',
]);
const folders = new Set(['mkdir', 'mkdirSync', 'readdir', 'readdirSync', 'opendir']);

/** What the running app reads and writes, and the variables that move it out of the folder of the app. */
type Files = Pick<Facts, 'reads' | 'writes' | 'notes'> & { readonly moved: Readonly<Record<string, string>> };

/** Files and folders that the running app reads and writes, as far as the source says them. */
export function readFiles(context: AnalysisContext): Files {
  const reads = new Map<string, Fact<string>>();
  const writes = new Map<string, Fact<string>>();
  const notes: Facts['notes'] = [];
  const listed = new Set<string>();
  const moved: Record<string, string> = {};
  for (const source of context.modules.sources) {
    for (const { node, use } of usesIn(context, source)) {
      const at = inSource(source, node.start, `${use.path.path} is ${use.write ? 'written' : 'read'}`);
      const mover = movedBy(context, use.path);
      if (mover !== undefined && (use.write || moved[mover] !== undefined)) {
        // the folder of the app is read-only: the variable names one that is kept
        moved[mover] = dataFolder(context);
        writes.set(dataFolder(context), detected(dataFolder(context), [at]));
        continue;
      }
      const own = use.path.path.startsWith('/') ? use.path.path : posix.normalize(use.path.path);
      if (own.startsWith('..')) {
        // what a package of the workspace reads lies in its folder, which is there as a whole
        if (use.path.besideModule && pathExists(context, own)) notes.push(fromModule(source, own, at));
        continue;
      }
      const isFile = !use.folder && !use.path.folder;
      const value = use.write && isFile && posix.dirname(own) !== '.' ? posix.dirname(own) : own.replace(/\/$/, '');
      if (use.path.besideModule) notes.push(fromModule(source, own === '.' || own === './' ? 'files' : own, at));
      if (use.write && holdsCode(context, value))
        notes.push({
          code: 'writes-beside-code',
          message: `${source.file} writes to ${value}, which contains code of the app and stays read-only in a container. Write to a separate folder`,
          from: [at],
        });
      else if (use.write) {
        if (!isThrowAway(value)) writes.set(value, writes.get(value) ?? detected(value, [at]));
      } else if (pathExists(context, value)) {
        if (use.folder) listed.add(value);
        reads.set(value, reads.get(value) ?? detected(value, [at]));
      }
    }
    for (const { node, path } of namedPlaces(context, source)) {
      if (writes.has(path)) continue;
      const at = inSource(source, node.start, `${path} is found by its path`);
      notes.push(fromModule(source, path, at));
      if (path.startsWith('..')) continue;
      reads.set(path, reads.get(path) ?? detected(path, [at]));
    }
  }
  for (const globbedFolder of globbedFolders(context))
    reads.set(globbedFolder.value, reads.get(globbedFolder.value) ?? globbedFolder);
  // what is both read and written ships where the project has files in it
  for (const path of writes.keys()) if (!shipped(context, path)) reads.delete(path);
  const kept = [...reads.values()].filter((read) => !isInside(read.value, reads));
  return {
    reads: kept,
    writes: [...writes.values()],
    moved,
    notes: [...notes, ...hiddenNotes(context, { kept, writes, listed })],
  };
}

/** The variable that moves a path; an example of its author says where to, so that it is not ours to say. */
const movedBy = ({ app }: AnalysisContext, { movedBy: name }: Path): string | undefined =>
  name === undefined || app.examples.get(name)?.value ? undefined : name;

/** A folder that the project has nothing in. */
const dataFolder = (context: AnalysisContext): string => (pathExists(context, 'data') ? 'state' : 'data');

/** Files that keep an empty folder in a repository, or say what it is for. */
const placeholders = /(^|\/)(\.[^/]*|readme(\.\w+)?)$/i;

/** A file of the project in a folder that holds more than what keeps it in the repository; undefined: there is none. */
const shipped = ({ app }: AnalysisContext, folder: string): string | undefined =>
  app.project
    .files()
    .map(app.own)
    .find((file) => file.startsWith(`${folder}/`) && !placeholders.test(file));

type Hidden = {
  readonly kept: readonly Fact<string>[];
  readonly writes: ReadonlyMap<string, Fact<string>>;
  /** folders whose files the app looks up */
  readonly listed: ReadonlySet<string>;
};

/** Files of the project where the app writes: what is kept there hides those of a newer image. */
function hiddenNotes(context: AnalysisContext, { kept: reads, writes, listed }: Hidden): Facts['notes'] {
  const modules = context.modules.files.map(context.app.own);
  return [...writes.values()].flatMap(({ value: folder, from }) => {
    const whole = reads.some(({ value }) => value === folder) ? shipped(context, folder) : undefined;
    const file =
      whole ?? [...reads.map(({ value }) => value), ...modules].find((value) => value.startsWith(`${folder}/`));
    const message = `the app writes to ${folder}, which contains files of the project, such as ${file}: a volume there would hide newer versions of these files. Write to a separate folder`;
    const stays = listed.has(folder) || reads.some(({ value }) => value.startsWith(`${folder}/`));
    return file === undefined
      ? []
      : [{ code: stays ? 'writes-over-files' : 'writes-beside-files', message, from: [...from] }];
  });
}

const fromModule = (source: Source, what: string, at: Evidence): Facts['notes'][number] => ({
  code: 'bundle-blocker',
  message: `${source.file} finds ${what} relative to its own path, which differs in a bundle`,
  from: [at],
});

/** How a module says where it lies. */
const ownPlaces = new Set(['__dirname', 'import.meta.dir', 'import.meta.dirname', 'import.meta.url']);

/** What puts a path together. */
const expressions = ['CallExpression', 'NewExpression', 'TemplateLiteral', 'BinaryExpression'] as const;

/**
 * Files and folders that a module names by where it lies itself, whoever is handed them: a package of translations, of documents. Code is
 * no file to be read, and settings of a machine are none of an image.
 */
function namedPlaces(context: AnalysisContext, source: Source): readonly { node: Node; path: string }[] {
  const places = nodesOf(source.program, 'Identifier', 'MemberExpression').filter((node) =>
    ownPlaces.has(memberPath(node) ?? ''),
  );
  if (places.length === 0) return [];
  return nodesOf(source.program, ...expressions).flatMap((node) => {
    if (!places.some((place) => node.start <= place.start && place.end <= node.end)) return [];
    const joins = !('callee' in node) || /^(path\.|posix\.)?(join|resolve)$|^URL$/.test(memberPath(node.callee) ?? '');
    const path = joins ? pathOf(context, source, node)?.path.replace(/\/$/, '') : undefined;
    const plain = path !== undefined && !/(^|\/)\.env|\.[cm]?[jt]sx?$/.test(path);
    return plain && pathExists(context, path) && !holdsCode(context, path) ? [{ node, path }] : [];
  });
}

/** A file of a folder that is read as a whole is there with it. */
const isInside = (path: string, reads: ReadonlyMap<string, unknown>): boolean =>
  [...reads.keys()].some((folder) => path.startsWith(`${folder}/`));

type PathUse = { readonly path: Path; readonly write: boolean; readonly folder: boolean };
type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

/** What the calls of a module and the options of its mappers read and write. */
function usesIn(context: AnalysisContext, source: Source): readonly { readonly node: Node; readonly use: PathUse }[] {
  const calls = nodesOf(source.program, 'CallExpression', 'NewExpression').flatMap((node) =>
    fileUse(context, source, node).map((pathUse) => ({ node, use: pathUse })),
  );
  const options = embeddedOptions(context).flatMap(({ source: at, node, path }) =>
    at === source && path ? [{ node, use: { path, write: true, folder: false } }] : [],
  );
  return [...calls, ...options];
}

function fileUse(context: AnalysisContext, source: Source, node: Call): readonly PathUse[] {
  const callee = unwrap(node.callee);
  const path = memberPath(callee);
  const name = callee.type === 'MemberExpression' ? (propertyName(source, callee) ?? '') : (path ?? '');
  const [first] = node.arguments;
  if (path === undefined) return [];
  const written = writtenByPackage(context, source, node);
  if (written) return [{ path: written.path, write: true, folder: written.folder }];
  if (!first) return [];
  if (/^serveStatic$|^staticPlugin$|^static$/.test(name)) return staticFolder(context, source, name, first);
  if (node.type === 'NewExpression' && /\btransports\.\w*File$|^DailyRotateFile$/.test(path))
    return logFile(context, source, first);
  const pages = templateFolder(context, source, node, name);
  if (pages) return [{ path: pages, write: false, folder: true }];
  const uploads = uploadFolder(context, source, node, path);
  if (uploads) return [{ path: uploads, write: true, folder: true }];
  if (node.type === 'NewExpression' && isEmbeddedClient(source, path)) {
    const found = pathOf(context, source, first);
    return found && !found.path.startsWith(':') ? [{ path: found, write: true, folder: false }] : [];
  }
  const builtIn = path === `Bun.${name}` || isFileSystem(source, path);
  if (!builtIn) return [];
  const write = writing.has(name);
  if (!write && !reading.has(name)) return [];
  const found = pathOf(context, source, first);
  return found ? [{ path: found, write, folder: folders.has(name) }] : [];
}

/** `serveStatic({ root: './public' })`, `staticPlugin({ assets: 'public' })`, `express.static('public')`. */
function staticFolder(context: AnalysisContext, source: Source, name: string, first: Node): readonly PathUse[] {
  const options = trace(context, source, first);
  const object = options.kind === 'syntax' && options.node.type === 'ObjectExpression' ? options : undefined;
  const node = object
    ? (property(object.node, 'root') ?? property(object.node, 'assets') ?? property(object.node, 'path'))
    : first;
  const path = node
    ? pathOf(context, object?.source ?? source, node)
    : name === 'staticPlugin'
      ? { path: 'public', besideModule: false }
      : undefined;
  return path && path.path !== './' && path.path !== '.' ? [{ path, write: false, folder: true }] : [];
}

/** Packages that render pages, by the option that says where they lie; without one the first argument says it. */
const renderers: Readonly<Record<string, string | undefined>> = {
  'koa-views': undefined,
  '@ladjs/koa-views': undefined,
  '@koa/ejs': 'root',
  'koa-ejs': 'root',
};

/** Where pages are rendered from: `app.set('views', join(__dirname, 'views'))`, the folder views where only the engine is said. */
function templateFolder(context: AnalysisContext, source: Source, node: Call, name: string): Path | undefined {
  const [first, second] = node.arguments;
  if (!first) return undefined;
  const resolvedName = name === 'set' ? resolveValue(context, source, first).value : undefined;
  if (resolvedName === 'views' && second) return pathOf(context, source, second);
  if (resolvedName === 'view engine') return { path: 'views', besideModule: false };
  if (name === 'setBaseViewsDir') return pathOf(context, source, first);
  const local = memberPath(node.callee);
  const from = source.imports.find((imported) => imported.names.some((each) => each.local === local))?.specifier;
  if (from === undefined || !Object.hasOwn(renderers, from)) return undefined;
  const option = renderers[from];
  const place = option === undefined ? first : second && property(unwrap(second), option);
  return place && pathOf(context, source, place);
}

/** `new transports.File({ filename: './logs/app-%DATE%.log', dirname: 'logs' })` (winston, winston-daily-rotate-file). */
function logFile(context: AnalysisContext, source: Source, options: Node): readonly PathUse[] {
  const at = trace(context, source, options);
  if (at.kind !== 'syntax') return [];
  const dirname = property(at.node, 'dirname');
  const name = dirname ?? property(at.node, 'filename');
  const path = name && pathOf(context, at.source, name);
  return path ? [{ path, write: true, folder: dirname !== undefined }] : [];
}

/**
 * Where uploads are kept: `diskStorage({ destination: './files' })`, `multer({ dest: 'uploads' })`, `MulterModule.register({ dest })` and
 * `FileInterceptor('file', { dest })`. The folder is made when the app starts.
 */
function uploadFolder(context: AnalysisContext, source: Source, node: Call, path: string): Path | undefined {
  const isUpload = /^(\w+\.)?diskStorage$|^multer$|^MulterModule\.register$|^\w*Files?(Fields)?Interceptor$/.test(path);
  const last = isUpload ? node.arguments.at(-1) : undefined;
  const options = last && trace(context, source, last);
  if (options?.kind !== 'syntax') return undefined;
  const destination = property(options.node, 'destination') ?? property(options.node, 'dest');
  if (!destination) return undefined;
  return pathOf(context, options.source, givenBack(unwrap(destination)) ?? destination);
}

/** What a function hands to the function that it gets last: `(request, file, done) => done(null, 'uploads')`. */
function givenBack(node: Node): Node | undefined {
  if (!isFunction(node) || !node.body) return undefined;
  const last = node.params.at(-1);
  const name = last?.type === 'Identifier' ? last.name : undefined;
  const calls = nodesOf(node.body, 'CallExpression').filter(
    (callExpression) => callExpression.callee.type === 'Identifier' && callExpression.callee.name === name,
  );
  return calls.find((call) => call.arguments[1])?.arguments[1];
}

/** Clients of databases that are a file of the app. */
const embedded = new Set(services.filter((service) => service.embedded).flatMap((service) => service.clients));

const isEmbeddedClient = (source: Source, path: string): boolean =>
  source.imports.some(
    (imported) => embedded.has(imported.specifier) && imported.names.some((name) => name.local === path),
  );

const modules = new Set(['fs', 'node:fs', 'fs/promises', 'node:fs/promises', 'fs-extra']);

/** Whether a call is of the file system: `fs.readFile`, or a name that was imported from it or from the runtime. */
function isFileSystem(source: Source, path: string): boolean {
  const [first] = path.split('.');
  return source.imports.some((imported) => {
    const name = imported.names.find((candidate) => candidate.local === first);
    return (
      name !== undefined &&
      (modules.has(imported.specifier) ||
        (!imported.specifier.startsWith('.') &&
          ['file', 'write'].includes(name.imported) &&
          !imported.specifier.includes('/')))
    );
  });
}

/** Whether modules of the app lie in a folder: a volume would hide them. */
const holdsCode = (context: AnalysisContext, folder: string): boolean =>
  context.modules.sources.some((source) => context.app.own(source.file).startsWith(`${folder}/`));

/** Places that no deployment keeps: terminals, and the temporary folder is memory anyway. */
const isThrowAway = (path: string): boolean =>
  path.startsWith('/dev/') || path.startsWith('/proc/') || path === '/tmp' || posix.basename(path) === IN_MEMORY;

/** A database of SQLite that is no file (https://sqlite.org/inmemorydb.html). */
const IN_MEMORY = ':memory:';
