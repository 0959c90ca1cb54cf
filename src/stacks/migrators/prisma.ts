/** Prisma (https://www.prisma.io/docs/orm/prisma-migrate): `prisma migrate deploy` applies the migrations in `prisma/migrations`. */
import { posix } from 'node:path';
import { placeholders } from '../../catalog/placeholders.ts';
import { parseJson } from '../../formats/json/index.ts';
import { memberPath, type Node, nodesOf, parseSource, property } from '../../formats/source/index.ts';
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'prisma',
  title: 'Prisma Migrate',
  role: 'migrator',
  dependencies: ['prisma', '@prisma/client'],
  programs: ['prisma'],
};

/** Where it looks for its schema by itself: a file, or a folder of several. */
const usualPlaces = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema'];

/** The texts that a schema gives a setting: `output = "../src/generated"`. */
const settingsOf = (text: string | undefined, name: string): readonly string[] =>
  (text ?? '')
    .split('\n')
    .map((line) => (line.split('//')[0] ?? '').trim())
    .filter((line) => line.split('=')[0]?.trim() === name)
    .flatMap((line) => line.split('"')[1] ?? []);

/** Its own settings (https://www.prisma.io/docs/orm/reference/prisma-config-reference). */
const settings = /^(prisma\.config|\.config\/prisma)\.[cm]?[jt]s$/;

/** Schemes of its connections, where they are not the name of the provider. */
const schemes: Readonly<Record<string, string>> = { postgres: 'postgresql', cockroachdb: 'postgresql' };

/** An address that leads nowhere, in the form that the schema asks for. */
function standIn(files: readonly string[], read: (file: string) => string | undefined): string {
  const providers = files
    .filter((file) => file.endsWith('.prisma'))
    .flatMap((file) => settingsOf(read(file), 'provider'));
  const provider = providers.find((provider) => !provider.startsWith('prisma-client')) ?? 'postgresql';
  if (provider === 'sqlite') return 'file:/tmp/build.db';
  return `${schemes[provider] ?? provider}://${placeholders.place}/build`;
}

/** The variables that the settings ask for by the function `env`, which throws where there is none. */
function demanded(file: string, text: string): readonly string[] {
  const source = parseSource(file, text);
  const local = source.imports
    .filter(({ specifier }) => specifier === 'prisma/config')
    .flatMap(({ names }) => names.filter(({ imported }) => imported === 'env').map((name) => name.local));
  return nodesOf(source.program, 'CallExpression').flatMap(({ callee, arguments: [first] }) =>
    local.includes(memberPath(callee) ?? '') && first?.type === 'Literal' && typeof first.value === 'string'
      ? [first.value]
      : [],
  );
}

type Read = (file: string) => string | undefined;

/** Where the schema of an app is: its files, and the flag that names it where Prisma does not find it by itself. */
type SchemaFiles = { readonly files: readonly string[]; readonly flag: readonly string[]; readonly migrations: string };

/** The schema at a usual place, else where the settings say it is, else the only one that makes a client; undefined: there is none. */
function placeOf(files: readonly string[], read: Read): SchemaFiles | undefined {
  const stated = statedPlaces(files, read);
  const found = [...(stated.schema === undefined ? [] : [stated.schema]), ...usualPlaces].find(
    (path) => schemasAt(files, path).length > 0,
  );
  if (found !== undefined) {
    const beside = posix.join(posix.extname(found) === '' ? found : posix.dirname(found), 'migrations');
    return { files: schemasAt(files, found), flag: [], migrations: stated.migrations ?? beside };
  }
  const makesClient = (file: string) => (read(file) ?? '').split('\n').some((line) => /^generator\s/.test(line.trim()));
  const [only, another] = files.filter((file) => file.endsWith('.prisma') && makesClient(file));
  if (only === undefined || another !== undefined) return undefined;
  return { files: [only], flag: ['--schema', only], migrations: posix.join(posix.dirname(only), 'migrations') };
}

const schemasAt = (files: readonly string[], path: string): readonly string[] =>
  files.filter((file) => file.endsWith('.prisma') && (path === '.' || file === path || file.startsWith(`${path}/`)));

/** What `prisma.schema` of package.json, or the file of its own settings, says of the places of schema and migrations. */
function statedPlaces(files: readonly string[], read: Read): { schema?: string; migrations?: string } {
  const own = files.find((file) => settings.test(file));
  const tree = own === undefined ? undefined : parseSource(own, read(own) ?? '').program;
  for (const node of tree ? nodesOf(tree, 'ObjectExpression') : []) {
    const schema = pathText(property(node, 'schema'));
    if (schema === undefined) continue;
    const nested = property(node, 'migrations');
    const migrations = nested?.type === 'ObjectExpression' ? pathText(property(nested, 'path')) : undefined;
    return { schema, ...(migrations === undefined ? {} : { migrations }) };
  }
  const { prisma } = parseJson(read('package.json') ?? '{}', 'package.json').value as { prisma?: { schema?: unknown } };
  return typeof prisma?.schema === 'string' ? { schema: posix.normalize(prisma.schema) } : {};
}

/** A path as a text, or as texts that `join` puts together: `path.join('src', 'db')`. */
function pathText(node: Node | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return posix.normalize(node.value);
  if (node?.type !== 'CallExpression' || !/(^|\.)(join|resolve)$/.test(memberPath(node.callee) ?? '')) return undefined;
  const parts = node.arguments
    .filter((argument) => memberPath(argument) !== '__dirname')
    .map((argument) =>
      argument.type === 'Literal' && typeof argument.value === 'string' ? argument.value : undefined,
    );
  const texts = parts.filter((part) => part !== undefined);
  return texts.length === parts.length && texts.length > 0 ? posix.join(...texts) : undefined;
}

export const migrator: Migrator = {
  // `db push` and `migrate dev` change migrations or lose data: they are for development
  development: (argv) => ['dev', 'push', 'reset', 'seed', 'studio'].some((word) => argv.includes(word)),
  migrates: (argv) => argv.includes('migrate') && argv.includes('deploy'),
  usual: (files, _range, read) => {
    const place = placeOf(files, read);
    const isOurs = (file: string) =>
      /(^|\/)prisma\/migrations\/./.test(file) || (place !== undefined && file.startsWith(`${place.migrations}/`));
    return files.some((file) => file.endsWith('.sql') && isOurs(file))
      ? ['prisma', 'migrate', 'deploy', ...(place?.flag ?? [])]
      : undefined;
  },
  generates: (files, read) => {
    const place = placeOf(files, read);
    return place && ['prisma', 'generate', ...place.flag];
  },
  demands: (files, read) => {
    const names = files.filter((file) => settings.test(file)).flatMap((file) => demanded(file, read(file) ?? ''));
    return Object.fromEntries(names.map((name) => [name, standIn(files, read)]));
  },
  makes: (files, read) =>
    files
      .filter((file) => file.endsWith('.prisma'))
      .flatMap((file) => settingsOf(read(file), 'output').map((path) => posix.join(posix.dirname(file), path))),
  unapplied: (files, read) => {
    const schemas = placeOf(files, read)?.files ?? [];
    const isThere = files.some((file) => file.endsWith('.sql') && /(^|\/)migrations\//.test(file));
    // a database of documents has no tables
    const isOfTables = !schemas.some((file) => settingsOf(read(file), 'provider').includes('mongodb'));
    return schemas.length > 0 && !isThere && isOfTables
      ? 'the Prisma schema has no migrations, so a new database gets no tables: run `prisma migrate dev --name init` to create the first one, which a job then applies before the application starts, or set the key "migrate" to `prisma db push` to create the tables from the schema'
      : undefined;
  },
  // its engines look for the libssl of the system (https://www.prisma.io/docs/orm/reference/system-requirements)
  system: ['openssl'],
  calls: [],
};
