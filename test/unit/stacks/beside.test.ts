import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { dockerignore } from '../../../src/artifacts/dockerignore.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

/** The folder that the image of the pages in `web/` takes, and what is left out of its context. */
async function madeOf(settings: string, script = 'vite build') {
  const files = {
    'server/package.json': JSON.stringify({ name: 'server', scripts: { start: 'node index.js' } }),
    'server/index.js': "require('node:http').createServer().listen(3000);",
    'web/package.json': JSON.stringify({
      name: 'web',
      scripts: { dev: 'vite', build: script },
      engines: { node: '24' },
      devDependencies: { vite: '8' },
    }),
    'web/index.html': '<script type="module" src="/src/main.js"></script>',
    'web/src/main.js': 'document.body.textContent = "hello";',
    'web/vite.config.js': `import { resolve } from 'node:path';\nexport default { ${settings} };`,
  };
  const { apps } = await inspect(memoryProject(files));
  const facts = apps.find(({ root }) => root === 'web');
  if (!facts) throw new Error('no pages were found');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: () => undefined });
  const image = plan.images['app'];
  if (!image) throw new Error('a plan without an image');
  const copied = dockerfile(plan, image)
    .content.split('\n')
    .find((line) => line.includes('/usr/share/nginx/html'));
  return [copied?.split(' ').at(-2), dockerignore(plan, image, Object.keys(files)).content.includes('..')];
}

describe('pages that a build puts beside their folder', () => {
  it('are taken from there', async () => {
    expect(await madeOf("build: { outDir: '../server/public' }")).toEqual(['/server/public', false]);
    expect(await madeOf("build: { outDir: resolve(__dirname, '../server/dist') }")).toEqual(['/server/dist', false]);
    expect(await madeOf('', 'vite build --outDir ../public')).toEqual(['/public', false]);
  });

  it('are in their folder where the settings say nothing, or a place of this machine', async () => {
    expect(await madeOf('')).toEqual(['/app/dist', false]);
    expect(await madeOf("build: { outDir: './out' }")).toEqual(['/app/out', false]);
    expect(await madeOf("build: { outDir: '/srv/pages' }")).toEqual(['/app/dist', false]);
  });
});
