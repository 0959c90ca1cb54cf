/** Files and folders that packages write for the application. */
import { memberPath, type Node, property, type Source } from '../../../formats/source/index.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';
import { type Path, pathOf } from './paths.ts';

type Call = Extract<Node, { type: 'CallExpression' | 'NewExpression' }>;

/** How a package is told where it writes. */
type Writer = {
  /** `new X` is a constructor, `x` a function, `default` the package itself, `made` what a call of it gives */
  readonly call: string;
  /** which argument says it */
  readonly argument: number;
  /** the options of it that do, the most telling first; absent: the argument itself */
  readonly options?: readonly string[];
  /** the place where nothing is said; absent: it writes nothing then */
  readonly usual?: string;
  readonly folder: boolean;
};

const writers: Readonly<Record<string, readonly Writer[]>> = {
  'session-file-store': [{ call: 'new made', argument: 0, options: ['path'], usual: 'sessions', folder: true }],
  'connect-sqlite3': [{ call: 'new made', argument: 0, options: ['dir'], folder: true }],
  lowdb: [
    { call: 'new JSONFile', argument: 0, folder: false },
    { call: 'new JSONFileSync', argument: 0, folder: false },
  ],
  'lowdb/node': [
    { call: 'new JSONFile', argument: 0, folder: false },
    { call: 'new JSONFileSync', argument: 0, folder: false },
    { call: 'JSONFilePreset', argument: 0, folder: false },
    { call: 'JSONFileSyncPreset', argument: 0, folder: false },
  ],
  'lowdb/adapters/FileSync': [{ call: 'new default', argument: 0, folder: false }],
  'lowdb/adapters/FileAsync': [{ call: 'new default', argument: 0, folder: false }],
  'node-persist': [{ call: 'init', argument: 0, options: ['dir'], usual: '.node-persist/storage', folder: true }],
  nedb: [{ call: 'new default', argument: 0, options: ['filename'], folder: false }],
  '@seald-io/nedb': [{ call: 'new default', argument: 0, options: ['filename'], folder: false }],
  'nedb-promises': [{ call: 'create', argument: 0, folder: false }],
  'node-localstorage': [{ call: 'new LocalStorage', argument: 0, folder: true }],
  'keyv-file': [
    { call: 'new KeyvFile', argument: 0, options: ['filename'], folder: false },
    { call: 'new default', argument: 0, options: ['filename'], folder: false },
  ],
  level: [{ call: 'new Level', argument: 0, folder: true }],
  'classic-level': [{ call: 'new ClassicLevel', argument: 0, folder: true }],
  pouchdb: [{ call: 'new default', argument: 0, folder: true }],
  'simple-json-db': [{ call: 'new default', argument: 0, folder: false }],
  enmap: [{ call: 'new default', argument: 0, options: ['dataDir'], usual: 'data', folder: true }],
  'rotating-file-stream': [{ call: 'createStream', argument: 1, options: ['path'], folder: true }],
  pino: [{ call: 'destination', argument: 0, folder: false }],
  '@whiskeysockets/baileys': [{ call: 'useMultiFileAuthState', argument: 0, folder: true }],
  'whatsapp-web.js': [
    { call: 'new LocalAuth', argument: 0, options: ['dataPath'], usual: '.wwebjs_auth', folder: true },
  ],
};

/** What a call makes a package write; undefined: nothing that is known. */
export function writtenByPackage(
  context: AnalysisContext,
  source: Source,
  node: Call,
): { readonly path: Path; readonly folder: boolean } | undefined {
  const path = memberPath(node.callee);
  if (path === undefined) return undefined;
  for (const { specifier, names, typeOnly } of source.imports) {
    const rows = !typeOnly && Object.hasOwn(writers, specifier) ? (writers[specifier] ?? []) : [];
    const row = rows.find((row) => names.some((name) => isCalled(context, source, { node, path }, row, name)));
    const place = row && placeOf(context, source, node.arguments[row.argument], row);
    if (row && place && !place.path.startsWith(':')) return { path: place, folder: row.folder };
  }
  return undefined;
}

function isCalled(
  context: AnalysisContext,
  source: Source,
  { node, path }: { readonly node: Call; readonly path: string },
  { call }: Writer,
  { imported, local }: { readonly imported: string; readonly local: string },
): boolean {
  const isNew = call.startsWith('new ');
  if (isNew !== (node.type === 'NewExpression')) return false;
  const name = isNew ? call.slice('new '.length) : call;
  const isWhole = imported === 'default' || imported === '*';
  // `const Store = fileStore(session)`
  if (name === 'made') {
    const made = trace(context, source, node.callee);
    return (
      isWhole && made.kind === 'syntax' && made.node.type === 'CallExpression' && memberPath(made.node.callee) === local
    );
  }
  if (name === 'default') return isWhole && path === local;
  return imported === name ? path === local : isWhole && path === `${local}.${name}`;
}

function placeOf(
  context: AnalysisContext,
  source: Source,
  argument: Node | undefined,
  { options, usual }: Writer,
): Path | undefined {
  const standard = usual === undefined ? undefined : { path: usual, besideModule: false };
  if (!argument) return standard;
  if (!options) return pathOf(context, source, argument);
  const given = trace(context, source, argument);
  if (given.kind !== 'syntax' || given.node.type !== 'ObjectExpression')
    return pathOf(context, source, argument) ?? standard;
  const option = options.map((name) => property(given.node, name)).find((node) => node !== undefined);
  return option ? pathOf(context, given.source, option) : standard;
}
