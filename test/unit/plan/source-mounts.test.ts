import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

/** The folders of this machine that the container for developing gets, of an application whose one source is `text`. */
async function mountsOf(text: string, more: Readonly<Record<string, string>>, scripts = 'node src/index.js') {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'shop',
      type: 'module',
      scripts: { start: scripts },
      engines: { node: '24' },
    }),
    'src/index.js': `import { createServer } from 'node:http';\nimport { readdirSync } from 'node:fs';\n${text}\ncreateServer((q, r) => r.end()).listen(3000);\n`,
    ...more,
  };
  const plan = await makePlan({
    facts: await factsOf(files),
    specification: undefined,
    config: {},
    read: () => undefined,
  });
  return plan.workloads['app']?.development?.mounts.map(({ source }) => source);
}

describe('folders that are mounted while developing', () => {
  it.each([
    ['inside the sources', "readdirSync('src/events');", { 'src/events/ready.js': '' }, ['./src']],
    ['deeper inside', "readdirSync(process.cwd() + '/src/a/b/');", { 'src/a/b/c.txt': '' }, ['./src']],
    [
      'beside them, one inside another',
      "readdirSync('pages'); readdirSync('pages/mail');",
      { 'pages/a.html': '', 'pages/mail/b.html': '' },
      ['./pages', './src'],
    ],
    [
      'beside them, with a name that begins alike',
      "readdirSync('src-pages');",
      { 'src-pages/a.html': '' },
      ['./src', './src-pages'],
    ],
  ])('are each there once: %s', async (_, text, more, mounts) => {
    expect(await mountsOf(text, more)).toEqual(mounts);
  });
});
