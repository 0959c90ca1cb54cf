/** Prisma (https://www.prisma.io/docs/orm/prisma-migrate): `prisma migrate deploy` applies what is in `prisma/migrations`. */
import { posix } from 'node:path';
import { placeholders } from '../../catalog/placeholders.ts';
import { memberPath, nodesOf, parseSource } from '../../formats/source/index.ts';
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'prisma',
  title: 'Prisma Migrate',
  role: 'migrator',
  dependencies: ['prisma', '@prisma/client'],
  programs: ['prisma'],
};

const schema = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema'];

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
  const provider = providers.find((one) => !one.startsWith('prisma-client')) ?? 'postgresql';
  if (provider === 'sqlite') return 'file:/tmp/build.db';
  return `${schemes[provider] ?? provider}://${placeholders.place}/build`;
}

/** The variables that the settings ask for by the function `env`, which throws where there is none. */
function demanded(file: string, text: string): readonly string[] {
  const source = parseSource(file, text);
  const local = source.imports
    .filter(({ specifier }) => specifier === 'prisma/config')
    .flatMap(({ names }) => names.filter(({ imported }) => imported === 'env').map((one) => one.local));
  return nodesOf(source.program, 'CallExpression').flatMap(({ callee, arguments: [first] }) =>
    local.includes(memberPath(callee) ?? '') && first?.type === 'Literal' && typeof first.value === 'string'
      ? [first.value]
      : [],
  );
}

export const migrator: Migrator = {
  // `db push` and `migrate dev` change migrations or lose data: they are for development
  development: (argv) => ['dev', 'push', 'reset', 'seed', 'studio'].some((word) => argv.includes(word)),
  migrates: (argv) => argv.includes('migrate') && argv.includes('deploy'),
  usual: (files) =>
    files.some((file) => /(^|\/)prisma\/migrations\/./.test(file) && file.endsWith('.sql'))
      ? ['prisma', 'migrate', 'deploy']
      : undefined,
  generates: (files) => {
    const there = schema.some((path) => files.some((file) => file === path || file.startsWith(`${path}/`)));
    return there ? ['prisma', 'generate'] : undefined;
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
    const schemas = files.filter((file) => schema.includes(file) || file.startsWith('prisma/schema/'));
    const isThere = files.some((file) => file.endsWith('.sql') && /(^|\/)migrations\//.test(file));
    // a database of documents has no tables
    const isOfTables = !schemas.some((file) => settingsOf(read(file), 'provider').includes('mongodb'));
    return schemas.length > 0 && !isThere && isOfTables
      ? 'the schema of Prisma has no migrations, and nothing makes its tables in a new database: `prisma migrate dev --name init` writes the first, which a job then applies before the application starts; `prisma db push` under the key "migrate" makes them as the schema is'
      : undefined;
  },
  // its engines look for the libssl of the system (https://www.prisma.io/docs/orm/reference/system-requirements)
  system: ['openssl'],
  calls: [],
};
