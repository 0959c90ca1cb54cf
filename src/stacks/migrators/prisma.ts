/** Prisma (https://www.prisma.io/docs/orm/prisma-migrate): `prisma migrate deploy` applies what is in `prisma/migrations`. */
import type { Detection, Migrator } from '../contract.ts';

export const detection: Detection = {
  name: 'prisma',
  title: 'Prisma Migrate',
  role: 'migrator',
  dependencies: ['prisma', '@prisma/client'],
  programs: ['prisma'],
};

const schema = ['prisma/schema.prisma', 'schema.prisma', 'prisma/schema'];

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
  // its engines look for the libssl of the system (https://www.prisma.io/docs/orm/reference/system-requirements)
  system: ['openssl'],
  calls: [],
};
