/** SQLite: a file of the app. It needs no container, but a volume, and does not allow a second replica. */
import type { ServiceDetection } from './contract.ts';

export const detection: ServiceDetection = {
  name: 'sqlite',
  title: 'SQLite',
  host: 'sqlite',
  clients: [
    'bun:sqlite',
    'node:sqlite',
    'better-sqlite3',
    'sqlite3',
    'github.com/mattn/go-sqlite3',
    'modernc.org/sqlite',
    'github.com/glebarez/sqlite',
    'gorm.io/driver/sqlite',
    'zombiezen.com/go/sqlite',
    '@libsql/client',
    '@prisma/client',
    '@prisma/adapter-better-sqlite3',
    '@prisma/adapter-libsql',
  ],
  schemes: ['file', 'sqlite'],
  variables: ['DATABASE_PATH', 'DATABASE_FILE', 'DB_PATH', 'DB_FILE', 'SQLITE_PATH', 'SQLITE_FILE', 'SQLITE_DB'].map(
    (match) => ({
      match,
      part: 'other' as const,
    }),
  ),
  words: ['sqlite'],
  serves: [{ kind: 'persistence' }],
  required: true,
  embedded: true,
};
