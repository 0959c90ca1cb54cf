/** What the modules write: files that are opened to write, databases in files, and folders of uploads. */
import { posix } from 'node:path';
import { type Expression, expressionsOf, pathOf, statementsOf } from '../../formats/python/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Facts, ServiceUse } from '../../model/facts.ts';
import { detected } from '../../model/known.ts';
import { services } from '../../services/registry.gen.ts';
import { type App, inModule, type Module, resolve } from './app.ts';
import { pathIn } from './paths.ts';

type WrittenPath = { readonly path: string; readonly from: Evidence };

/** Settings that name a folder which what users send is kept in (https://docs.djangoproject.com/en/stable/ref/settings/#media-root). */
const uploads = /^(MEDIA_ROOT|UPLOAD_(FOLDER|DIR|DIRECTORY|PATH)|UPLOADS_(FOLDER|DIR)|UPLOADED_\w+_DEST)$/;

/** Handlers of logging that write files, by what they are called with. */
const handlers = /(^|\.)(FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler)$/;

/** What the application writes by names that can be read. Where its database is one of a server, a file only stands in while developing. */
export function writesOf(app: App, used: Facts['services']): Facts['writes'] {
  const isServed = hasServer(used);
  const found = new Map<string, Evidence[]>();
  for (const module of app.modules)
    for (const { path, from } of [...called(app, module), ...set(app, module), ...databases(app, module, isServed)])
      if (!found.has(path)) found.set(path, [from]);
  return [...found].map(([path, from]) => detected(path, from));
}

/** Databases in files of the application, as a service that is none of its own container; `already`: one that is known without. */
export function fileDatabases(app: App, already: readonly ServiceUse[]): Facts['services'] {
  const embedded = services.find((service) => service.embedded);
  if (!embedded || already.some(({ service }) => service === embedded.name)) return [];
  const [first] = app.modules.flatMap((module) => databases(app, module, hasServer(already)));
  return first ? [{ service: embedded.name, required: true, variables: [], from: [first.from] }] : [];
}

/** Whether the data of the application is in a server of databases. */
const hasServer = (used: readonly ServiceUse[]): boolean =>
  used.some(({ service }) => services.some(({ name, drivers, embedded }) => name === service && drivers && !embedded));

const named = (call: Expression & { kind: 'call' }, name: string): Expression | undefined =>
  call.args.find((argument) => argument.name === name)?.value;

/** `open(path, 'w')`, `os.makedirs(path)`, `Path(path).mkdir()`, `sqlite3.connect(path)`. */
function called(app: App, module: Module): readonly WrittenPath[] {
  return expressionsOf(module.syntax.body).flatMap((expression): WrittenPath[] => {
    if (expression.kind !== 'call') return [];
    const whole = resolve(app, module, pathOf(expression.callee) ?? '');
    const [first, second] = expression.args;
    const isMethod =
      expression.callee.kind === 'attribute' && ['mkdir', 'write_text', 'write_bytes'].includes(expression.callee.name);
    const place = isMethod && expression.callee.kind === 'attribute' ? expression.callee.object : first?.value;
    const mode = (second?.name === undefined ? second?.value : undefined) ?? named(expression, 'mode');
    const isWritten = whole === 'open' && mode?.kind === 'text' && /[wax+]/.test(mode.value);
    const isMade = ['os.makedirs', 'os.mkdir', 'sqlite3.connect', 'aiosqlite.connect'].includes(whole);
    if (!place || (!isWritten && !isMade && !(isMethod && whole !== 'os.mkdir') && !handlers.test(whole))) return [];
    // what is not from the root file system is none of the image
    const path = place.kind === 'text' && place.value.startsWith('/') ? place.value : pathIn(app, module, place);
    if (path === undefined || !isPlain(path)) return [];
    return [{ path, from: inModule(module, expression.start, `${whole || 'a method of a path'} writes ${path}`) }];
  });
}

/** The folder of the start itself, devices and memory are no place of data. */
const isPlain = (path: string): boolean =>
  path !== '' && path !== '.' && path !== '/' && !path.startsWith(':') && !/^\/(dev|proc|sys)\//.test(path);

/** `MEDIA_ROOT = …`, `app.config['UPLOAD_FOLDER'] = …`. */
function set(app: App, module: Module): readonly WrittenPath[] {
  return statementsOf(module.syntax.body).flatMap((statement): WrittenPath[] => {
    if (statement.kind !== 'assign' || !statement.value) return [];
    const name = statement.targets.map(keyOf).find((key) => key !== undefined && uploads.test(key));
    const path = name === undefined ? undefined : pathIn(app, module, statement.value);
    if (name === undefined || path === undefined || !isPlain(path)) return [];
    return [{ path, from: inModule(module, statement.start, `${name} is the folder for uploads`) }];
  });
}

function keyOf(target: Expression): string | undefined {
  if (target.kind === 'name') return target.name;
  const [index] = target.kind === 'subscript' ? target.index : [];
  return index?.kind === 'text' ? index.value : undefined;
}

/** Files of SQLite in addresses, and in the settings of Django. */
function databases(app: App, module: Module, isServed: boolean): readonly WrittenPath[] {
  const fallbacks = isServed ? standingIn(module) : new Set<Expression>();
  return expressionsOf(module.syntax.body).flatMap((expression): WrittenPath[] => {
    if (fallbacks.has(expression)) return [];
    const path =
      expression.kind === 'dictionary' ? ofSettings(app, module, expression) : ofAddress(app, module, expression);
    if (path === undefined || !isPlain(path)) return [];
    return [{ path, from: inModule(module, expression.start, `${path} is a file database`) }];
  });
}

/** What stands behind a variable: `os.environ.get('DATABASE_URL') or 'sqlite:///app.db'`, `os.getenv('X', 'sqlite:///app.db')`. */
function standingIn(module: Module): ReadonlySet<Expression> {
  const found = new Set<Expression>();
  for (const expression of expressionsOf(module.syntax.body)) {
    if (expression.kind === 'binary' && expression.operator === 'or') found.add(expression.right);
    if (expression.kind === 'choice') found.add(expression.value).add(expression.otherwise);
    if (expression.kind === 'call') for (const { value } of expression.args.slice(1)) found.add(value);
  }
  return found;
}

/** `{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}` */
function ofSettings(app: App, module: Module, item: Expression & { kind: 'dictionary' }): string | undefined {
  const at = (name: string) => item.entries.find(([key]) => key.kind === 'text' && key.value === name)?.[1];
  const engine = at('ENGINE');
  const name = at('NAME');
  if (engine?.kind !== 'text' || !/sqlite3$|spatialite$/.test(engine.value) || !name) return undefined;
  return pathIn(app, module, name);
}

/** The scheme of an address of a file, with the driver that it may name. */
const scheme = /^sqlite(?:\+\w+)?:\/\/(?:\/|$)/;

/** `'sqlite:///./shop.db'`, `'sqlite:///' + os.path.join(here, 'shop.db')`; those of Flask-SQLAlchemy lie in the instance folder. */
function ofAddress(app: App, module: Module, expression: Expression): string | undefined {
  const [start, rest] = splitAddress(expression);
  const matched = scheme.exec(start ?? '')?.[0];
  if (start === undefined || matched === undefined) return undefined;
  const own = start.slice(matched.length).split('?')[0] ?? '';
  if (own.startsWith('/') || own.startsWith(':')) return undefined;
  const isInstance = rest.length === 0 && app.modules.some((each) => [...each.names.values()].some(isExtension));
  const parts = rest.map((part) => (typeof part === 'string' ? part : pathIn(app, module, part)));
  if (parts.includes(undefined)) return undefined;
  const path = posix.normalize(own + parts.join(''));
  return isInstance ? posix.join('instance', path) : path;
}

const isExtension = (name: string): boolean => /^flask_sqlalchemy(\.|$)/.test(name);

function splitAddress(
  expression: Expression,
): readonly [start: string | undefined, rest: readonly (string | Expression)[]] {
  if (expression.kind === 'text') return [expression.value, []];
  if (expression.kind === 'binary' && expression.operator === '+' && expression.left.kind === 'text')
    return [expression.left.value, [expression.right]];
  if (expression.kind !== 'format') return [undefined, []];
  const [first, ...rest] = expression.parts;
  return typeof first === 'string' ? [first, rest] : [undefined, []];
}
