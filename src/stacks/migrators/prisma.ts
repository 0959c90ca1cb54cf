/** Prisma (https://www.prisma.io/docs/orm/prisma-migrate): `prisma migrate deploy` applies what is in `prisma/migrations`. */
import { posix } from 'node:path';
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
