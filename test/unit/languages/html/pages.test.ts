import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

type Files = Readonly<Record<string, string>>;

const page = '<!doctype html>\n<title>Shop</title>\n<h1>Shop</h1>\n';

/** What the applications of a project are written in, and what is given out of them. */
async function applications(files: Files) {
  const { apps } = await inspect(memoryProject(files));
  return apps.map(({ details, sources, site }) => [details.language, site?.value.output, sources]);
}

describe('pages that nothing builds', () => {
  it.each([
    [
      'in the root, without what is for others',
      {
        'index.html': page,
        'a.css': '',
        'js/a.js': 'alert(1);\n',
        'README.md': '',
        LICENSE: '',
        'vercel.json': '{}',
        '.nojekyll': '',
      },
      '.',
      ['a.css', 'index.html', 'js'],
    ],
    ['in a folder', { 'public/index.html': page, 'public/a.png': '', 'README.md': '' }, 'public', ['public']],
    [
      'with modules for browsers, and a place that is well known',
      {
        'index.html': page,
        'main.js': "import { a } from './a.js';\nimport('https://example.org/b.js');\na();\n",
        'a.js': 'export const a = () => document.body;\n',
        '.well-known/security.txt': '',
      },
      '.',
      ['.well-known', 'a.js', 'index.html', 'main.js'],
    ],
  ])('are a site: %s', async (_, files, output, sources) => {
    expect(await applications(files)).toEqual([['html', output, sources]]);
  });

  it.each([
    [
      'a server in JavaScript',
      { 'index.html': page, 'server.js': "const http = require('http');\nhttp.createServer().listen(3000);\n" },
    ],
    [
      'a server in modules',
      { 'index.html': page, 'server.mjs': "import { createServer } from 'node:http';\ncreateServer().listen(3000);\n" },
    ],
    ['sources that have to be compiled', { 'index.html': page, 'main.tsx': 'export const a = 1;\n' }],
    ['a program in another language', { 'index.html': page, 'api.php': '<?php\n' }],
    ['a manifest', { 'index.html': page, 'package.json': '{"name":"a"}' }],
    ['no first page', { 'about.html': page }],
  ])('are none beside %s', async (_, files) => {
    expect((await applications(files)).map(([language]) => language)).not.toContain('html');
  });
});
