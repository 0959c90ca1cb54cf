/**
 * AdonisJS (https://docs.adonisjs.com/guides/getting-started/deployment): `node ace build` compiles the application into a separate folder, which has
 * the manifest, but no packages, and starts like the application itself. It listens on `HOST` and `PORT`, and exits if a variable that its schema
 * requires is missing.
 */
import type { Detection, FullStack } from '../contract.ts';

export const detection: Detection = {
  name: 'adonis',
  title: 'AdonisJS',
  role: 'full-stack',
  dependencies: ['@adonisjs/core'],
  programs: ['ace'],
};

const server = /^bin\/server\.[jt]s$/;

export const fullStack: FullStack = {
  build: (source) => ({
    output: 'build',
    beside: [],
    taken: ['public', 'resources', 'resources/views'],
    start: ['node', 'bin/server.js'],
    selfContained: false,
    settings: [],
    leavesOut: ['tests'],
    // where its starters keep the database (https://lucid.adonisjs.com/docs/installation)
    writes: [['better-sqlite3', 'sqlite3'].some((name) => source.depends?.(name)) ? 'tmp/db.sqlite3' : 'tmp'],
    why: 'the compiled AdonisJS app, with its production dependencies',
  }),
  starts: (file) => server.test(file),
  entries: (files) =>
    files.filter(
      (file) =>
        server.test(file) || /^adonisrc\.[jt]s$/.test(file) || /^(start|config|providers|app)\/.+\.[jt]s$/.test(file),
    ),
  prefixes: ['VITE_'],
  listens: { port: 3333, variable: 'PORT', address: 'HOST' },
  portFlags: [],
  signals: ['SIGINT', 'SIGTERM'],
  env: { HOST: '0.0.0.0' },
  caches: [],
  dev: () => ['node', 'ace', 'serve', '--hmr'],
  made: ['build', '.adonisjs'],
};
