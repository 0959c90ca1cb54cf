// DO NOT EDIT: `npm run gen` writes this from the files of this folder.
import type { Migrator, Detection } from '../contract.ts';

/** How each is recognised, by name. */
export const migrators: readonly Detection[] = [
  {
    "name": "drizzle",
    "title": "Drizzle Kit",
    "role": "migrator",
    "dependencies": [
      "drizzle-kit"
    ],
    "programs": [
      "drizzle-kit"
    ]
  },
  {
    "name": "knex-migrate",
    "title": "Knex",
    "role": "migrator",
    "dependencies": [
      "knex"
    ],
    "programs": [
      "knex"
    ]
  },
  {
    "name": "lucid",
    "title": "Lucid",
    "role": "migrator",
    "dependencies": [
      "@adonisjs/lucid"
    ],
    "programs": [
      "ace"
    ]
  },
  {
    "name": "node-pg-migrate",
    "title": "node-pg-migrate",
    "role": "migrator",
    "dependencies": [
      "node-pg-migrate"
    ],
    "programs": [
      "node-pg-migrate"
    ]
  },
  {
    "name": "prisma",
    "title": "Prisma Migrate",
    "role": "migrator",
    "dependencies": [
      "prisma",
      "@prisma/client"
    ],
    "programs": [
      "prisma"
    ]
  },
  {
    "name": "sequelize-migrate",
    "title": "Sequelize",
    "role": "migrator",
    "dependencies": [
      "sequelize-cli"
    ],
    "programs": [
      "sequelize-cli",
      "sequelize"
    ]
  },
  {
    "name": "typeorm-migrate",
    "title": "TypeORM",
    "role": "migrator",
    "dependencies": [
      "typeorm"
    ],
    "programs": [
      "typeorm",
      "typeorm-ts-node-commonjs",
      "typeorm-ts-node-esm"
    ]
  }
];

const loaders: Readonly<Record<string, () => Promise<Migrator>>> = {
  'drizzle': async () => (await import('./drizzle.ts')).migrator,
  'knex-migrate': async () => (await import('./knex-migrate.ts')).migrator,
  'lucid': async () => (await import('./lucid.ts')).migrator,
  'node-pg-migrate': async () => (await import('./node-pg-migrate.ts')).migrator,
  'prisma': async () => (await import('./prisma.ts')).migrator,
  'sequelize-migrate': async () => (await import('./sequelize-migrate.ts')).migrator,
  'typeorm-migrate': async () => (await import('./typeorm-migrate.ts')).migrator,
};

/** Loads one by its name; undefined where there is none of that name. */
export const loadMigrator = async (name: string): Promise<Migrator | undefined> =>
  Object.hasOwn(loaders, name) ? loaders[name]?.() : undefined;
