import { describe, expect, it } from 'vitest';
import { settingEdit } from '../../../../../src/languages/javascript/recipe/setting-edit.ts';

const standalone = { path: ['output'], value: 'standalone' } as const;
const flush = { path: ['experimental', 'isrFlushToDisk'], value: false } as const;

/** The text with the edits made; undefined: the lines are for the owner. */
function made(text: string, setting: typeof standalone | typeof flush = standalone) {
  const file = /NextConfig|satisfies/.test(text) ? 'next.config.ts' : 'next.config.mjs';
  const offer = settingEdit(file, text, setting, 'because');
  if (!offer.ok) return undefined;
  return [...offer.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, text: added }) => now.slice(0, start) + added + now.slice(end), text);
}

describe('a setting is put into the object that a file exports', () => {
  it.each([
    [
      'as it is',
      "export default { images: { domains: ['a'] } };\n",
      "export default { output: 'standalone', images: {",
    ],
    ['of CommonJS', 'module.exports = {\n  poweredByHeader: false,\n};\n', "{\n  output: 'standalone',\n  powered"],
    [
      'by a name, with a type',
      'import type { NextConfig } from "next";\nconst config: NextConfig = {\n\ttrailingSlash: true\n};\nexport default config;\n',
      '= {\n\toutput: "standalone",\n\ttrailingSlash',
    ],
    ['with `satisfies`', 'export default {} satisfies object;\n', "{\n  output: 'standalone',\n} satisfies"],
    [
      'through a plugin',
      'export default withMDX(config);\nconst config = { compress: true };',
      "{ output: 'standalone', compress",
    ],
    [
      'through plugins with settings of their own',
      'module.exports = withReports(withBundles({ open: false })({ compress: true }), { silent: true });\n',
      "({ output: 'standalone', compress: true })",
    ],
    [
      'behind a list of plugins',
      'export default compose([[a, { b: 1 }]], { compress: true });\n',
      "{ output: 'standalone', compress",
    ],
    [
      'through a loop over plugins',
      'let config = { compress: true };\nexport default plugins.reduce((one, add) => add(one), config);\n',
      "let config = { output: 'standalone', compress",
    ],
    ['out of an arrow', 'export default () => ({ compress: true });\n', "({ output: 'standalone', compress"],
    [
      'out of every way through a function',
      "module.exports = async (phase) => {\n  if (phase === 'dev') return { distDir: '.dev' };\n  return { compress: true };\n};\n",
      "return { output: 'standalone', distDir: '.dev' };\n  return { output: 'standalone', compress",
    ],
    [
      'by the name of a function',
      'function config() {\n  const made = { compress: true };\n  return made;\n}\nmodule.exports = config;\n',
      "made = { output: 'standalone', compress",
    ],
    [
      'with the comment of a starter',
      'const c = {\n  /* options here */\n};\nexport default c;\n',
      "{\n  output: 'standalone',\n  /* options",
    ],
    [
      'behind what is spread into it',
      'import base from "./base.mjs";\nexport default {\n  ...base,\n  compress: true,\n};\n',
      '...base,\n  output: "standalone",\n  compress',
    ],
    [
      'behind what is spread last',
      "import base from './b.mjs';\nexport default { compress: true, ...base };\n",
      "...base, output: 'standalone' }",
    ],
    [
      'with the line breaks of the file',
      'export default {\r\n  compress: true,\r\n};\r\n',
      "{\r\n  output: 'standalone',\r\n  compress",
    ],
  ])('%s', (_, before, part) => {
    const after = made(before);
    expect(after).toContain(part);
    // what is made already leaves nothing to do
    expect(made(after ?? '')).toBe(after);
  });

  it('inside of another object that is there, also by a name', () => {
    expect(made('export default { experimental: { ppr: true } };', flush)).toBe(
      'export default { experimental: { isrFlushToDisk: false, ppr: true } };',
    );
    expect(made('const experimental = { ppr: true };\nexport default { experimental };', flush)).toContain(
      '{ isrFlushToDisk: false, ppr: true }',
    );
    expect(made('export default { compress: true };', flush)).toContain(
      '{ experimental: { isrFlushToDisk: false }, compress',
    );
  });

  it.each([
    ['comes from another file', "import config from './base.mjs';\nexport default config;\n"],
    [
      'comes from another file through a plugin',
      "import c from './b.mjs';\nexport default withReports(c, { silent: true });\n",
    ],
    ['is put together by a program', 'const config = {};\nexport default build(...parts);\n'],
    ['may be set by a name that is worked out', 'export default { [name]: 1 };\n'],
    ['has another value', "export default { output: 'export' };\n"],
    ['is set anew', 'let config = {};\nif (on) config = {};\nexport default config;\n'],
    ['cannot be read', 'export default {;\n'],
    ['is exported nowhere', 'const config = {};\n'],
  ])('not where it %s: the lines are shown', (_, text) => {
    expect(made(text)).toBeUndefined();
    const offer = settingEdit('next.config.mjs', text, standalone, 'because');
    expect('lines' in offer && offer.lines).toEqual(["output: 'standalone',"]);
  });

  it('of a file that is not there is shown whole', () => {
    const offer = settingEdit('next.config.mjs', undefined, flush, 'because');
    expect('lines' in offer && offer.lines).toEqual([
      'export default {',
      '  experimental: { isrFlushToDisk: false },',
      '};',
    ]);
  });
});
