import { describe, expect, it } from 'vitest';
import { factsOfSource } from '../../../../support/facts.ts';

const values = (facts: readonly { readonly value: string }[]) => facts.map(({ value }) => value);

describe('files that a pattern names', () => {
  const more = {
    'src/routes/parcels.ts': 'export {};\n',
    'locales/de/common.json': '{}',
    'graph/a.graphql': 'type Query { a: Int }',
  };

  it.each([
    ["import docs from 'swagger-jsdoc';\ndocs({ apis: ['./src/routes/*.ts'] });", 'src/routes'],
    ["const { loadFilesSync } = require('@graphql-tools/load-files');\nloadFilesSync('graph/**/*.graphql');", 'graph'],
    ["import { globSync } from 'glob';\nglobSync('locales/*/*.{json,yaml}');", 'locales'],
  ])('are there when the app runs: %s', async (source, folder) => {
    expect(values((await factsOfSource(source, more)).reads)).toContain(folder);
  });

  it.each(["app.use('/src/*', handler);", "export const types = ['image/*', 'src/none/*.ts'];"])(
    'are none for a path of an address or a kind of content: %s',
    async (source) => {
      expect(values((await factsOfSource(source, more)).reads)).toEqual([]);
    },
  );
});

describe('files that packages write', () => {
  it.each([
    [
      "import session from 'express-session';\nimport files from 'session-file-store';\nconst Store = files(session);\nnew Store({ path: './var/sessions' });",
      'var/sessions',
    ],
    [
      "const { Low } = require('lowdb');\nconst { JSONFile } = require('lowdb/node');\nnew Low(new JSONFile('data/db.json'));",
      'data',
    ],
    ["import storage from 'node-persist';\nawait storage.init();", '.node-persist/storage'],
    ["import { useMultiFileAuthState } from '@whiskeysockets/baileys';\nawait useMultiFileAuthState('auth');", 'auth'],
    ["import pino from 'pino';\npino(pino.destination('journal/app.log'));", 'journal'],
  ])('lie in a folder that can be written: %s', async (source, folder) => {
    expect(values((await factsOfSource(source)).writes)).toEqual([folder]);
  });

  it('are none where another package has a function of the name', async () => {
    const source =
      "import { init } from './storage.ts';\nimport { JSONFile } from './files.ts';\ninit();\nnew JSONFile('data/db.json');\n";
    const more = { 'src/storage.ts': 'export const init = () => 1;\n', 'src/files.ts': 'export class JSONFile {}\n' };
    expect((await factsOfSource(source, more)).writes).toEqual([]);
  });
});
