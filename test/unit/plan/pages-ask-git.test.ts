import { describe, expect, it } from 'vitest';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const site = (devDependencies: object, build: string, more: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'blog',
    type: 'module',
    engines: { node: '24' },
    scripts: { build },
    devDependencies,
  }),
  ...more,
});
const svelte = {
  '@sveltejs/kit': '^2.0.0',
  '@sveltejs/adapter-static': '^3.0.0',
  svelte: '^5.0.0',
  vite: '^7.0.0',
  'simple-git': '^3.0.0',
};
const kit: Files = {
  'svelte.config.js':
    "import adapter from '@sveltejs/adapter-static';\nexport default { kit: { adapter: adapter() } };",
  'vite.config.js': "import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };",
  'src/app.html': '<body>%sveltekit.body%</body>',
  'src/routes/+layout.js': 'export const prerender = true;',
  'src/routes/+page.svelte': '<p>hi</p>',
};
const ask =
  "import { simpleGit } from 'simple-git';\nexport const prerender = true;\nexport const GET = async () => new Response(JSON.stringify(await simpleGit().log({ n: 1 })));";

describe('pages that ask git while a site is built', () => {
  it.each([
    ['a package', site(svelte, 'vite build', { ...kit, 'src/routes/sitemap.xml/+server.js': ask })],
    [
      'the program',
      site(svelte, 'vite build', {
        ...kit,
        'src/routes/+page.server.js':
          "import { execFileSync } from 'node:child_process';\nexport const load = () => ({ day: execFileSync('git', ['log', '-1', '--format=%cs']).toString() });",
      }),
    ],
  ])('are answered by a stand-in: by %s', async (_, files) => {
    const facts = await factsOf(files);
    expect(facts.site).toBeDefined();
    expect(facts.asksGit?.value).toContain('asks Git');
  });

  it('are none where only a script of the project asks', async () => {
    const files = site(svelte, 'vite build', { ...kit, 'scripts/news.js': ask });
    expect((await factsOf(files)).asksGit).toBeUndefined();
  });
});
