import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';

type Files = Readonly<Record<string, string>>;

const json = (value: object) => JSON.stringify(value);
const site = (more: object = {}) =>
  json({
    name: '@shop/web',
    scripts: { dev: 'vite', build: 'vite build' },
    devDependencies: { vite: '7.0.0' },
    ...more,
  });
const files = (source: string, more: Files = {}): Files => ({
  'package.json': json({ name: 'shop', private: true, workspaces: ['apps/*'], engines: { node: '24' } }),
  'package-lock.json': json({ lockfileVersion: 3, packages: { '': { workspaces: ['apps/*'] } } }),
  'apps/server/package.json': json({
    name: '@shop/server',
    scripts: { start: 'node src/main.js' },
    dependencies: { express: '5.0.0' },
  }),
  'apps/server/src/main.js': `const express = require('express');\nconst path = require('node:path');\nconst app = express();\n${source}\napp.listen(3000);\n`,
  'apps/web/package.json': site(),
  'apps/web/index.html': '<script type="module" src="/main.js"></script>',
  'apps/web/main.js': '',
  ...more,
});

/** The other members that the server has beside it. */
async function siblingsOf(all: Files) {
  const { apps } = await inspect(memoryProject(all));
  const server = apps.find(({ root }) => root === 'apps/server');
  if (!server) throw new Error('no server');
  return detailsOf(server).workspace?.siblings.map(({ folder, runs, scripts }) => [folder, runs, ...(scripts ?? [])]);
}

const built = [['apps/web', true, 'build']];

describe('a member whose output a server of the workspace gives out', () => {
  it.each([
    "app.use(express.static(path.join(__dirname, '../../web/dist')));",
    "app.use(express.static(path.resolve(__dirname, '..', '..', 'web', 'dist')));",
    "app.use(express.static(path.join(process.cwd(), '../web/build')));",
    'app.use((q, r) => r.sendFile(`${__dirname}/../../web/out/index.html`));',
    "const pages = new URL('../../web/dist/', 'file:///');",
  ])('is built with it, and beside it in its image: %s', async (source) => {
    expect(await siblingsOf(files(source))).toEqual(built);
  });

  it.each([
    ['what Git has there', files("express.static('../../web/dist');", { 'apps/web/dist/index.html': '' })],
    ['a folder that no build makes', files("express.static('../../web/public');")],
    [
      'a member that builds nothing',
      files("express.static('../../web/dist');", {
        'apps/web/package.json': json({ name: '@shop/web', scripts: { dev: 'vite' } }),
      }),
    ],
    ['no member', files("express.static('../../../elsewhere/dist');")],
    ['its own folder', files("express.static('../../server/dist');")],
    [
      'a member that needs the server for its build',
      files("express.static('../../web/dist');", {
        'apps/web/package.json': site({ dependencies: { '@shop/server': '*' } }),
      }),
    ],
  ])('is not built for it where it names %s', async (_, all) => {
    expect(await siblingsOf(all)).toEqual([]);
  });
});
