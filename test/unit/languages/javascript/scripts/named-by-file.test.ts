import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const builds = async (build: string) => {
  const text = JSON.stringify({
    name: 'shop',
    scripts: { build },
    devDependencies: { vite: '7.0.0' },
    engines: { node: '24' },
  });
  const files = { 'package.json': text, 'index.html': '<main></main>\n' };
  return (await factsOf(files)).site?.value.tool;
};
const starts = async (start: string) => {
  const text = JSON.stringify({ name: 'shop', scripts: { start }, engines: { node: '24' } });
  const { start: found } = (await factsOf({ 'package.json': text, 'src/index.js': '' })).commands;
  return 'value' in found ? found.value.argv.join(' ') : undefined;
};

describe('a program that a runtime is told to run by its file', () => {
  it.each([
    'node --max-old-space-size=8192 ./node_modules/vite/bin/vite.js build',
    'node ./node_modules/.bin/vite build',
    'node --no-warnings --stack-size=9000 ../../node_modules/vite/vite.mjs build',
    'node_modules/.bin/vite build --mode production',
  ])('is what builds: %s', async (text) => expect(await builds(text)).toBe('vite'));

  it.each([
    'rimraf node_modules/vite/bin/vite.js',
    'cp node_modules/vite/vite.js out.js',
    'node node_modules/vite/server.js',
  ])('is none: %s', async (text) => expect(await builds(text)).toBeUndefined());

  it.each([
    [
      'node --max-old-space-size=512 node_modules/tool/bin/tool.js serve',
      'node --max-old-space-size=512 node_modules/tool/bin/tool.js serve',
    ],
    ['node node_modules/tool/server.js', 'node node_modules/tool/server.js'],
  ])('keeps flags of the runtime where it serves: %s', async (text, expected) =>
    expect(await starts(text)).toBe(expected),
  );

  it('is known for the site that it builds', async () => {
    const files = {
      'package.json': JSON.stringify({
        name: 'docs',
        scripts: {
          build:
            'tsx scripts/index.ts && node --max-old-space-size=8192 ./node_modules/vitepress/bin/vitepress.js build docs',
        },
        devDependencies: { vitepress: '^1.6.4', tsx: '^4.0.0' },
        engines: { node: '24' },
      }),
      'scripts/index.ts': 'export {};\n',
      'docs/index.md': '# Notes\n',
    };
    expect((await factsOf(files)).site?.value).toMatchObject({ tool: 'vitepress', output: 'docs/.vitepress/dist' });
  });
});
