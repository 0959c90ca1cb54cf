import { describe, expect, it } from 'vitest';
import { artifact } from '../../../../../src/artifacts/dockerignore.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const site = (config: string, more: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'shop',
    scripts: { dev: 'vite', build: 'vite build' },
    engines: { node: '24' },
    devDependencies: { vite: '7.0.0' },
  }),
  'index.html': '<script type="module" src="/src/main.js"></script>',
  'src/main.js': '',
  'vite.config.js': config,
  ...more,
});

async function ignoreOf(files: Files): Promise<readonly string[]> {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  return artifact.print(plan, Object.keys(files)).flatMap(({ content }) => content.split('\n'));
}

describe('a folder that is named as an output', () => {
  it.each([
    ['build', "import { pages } from './build/vite/index.js';\nexport default { plugins: [pages()] };\n"],
    ['dist', "import settings from './dist/settings.js';\nexport default settings;\n"],
  ])('is sent to the build where the settings of a tool import a file of it: %s', async (folder, config) => {
    const lines = await ignoreOf(site(config, { [`${folder}/vite/index.js`]: '', [`${folder}/settings.js`]: '' }));
    expect(lines).toContain(`!${folder}`);
  });

  it('is left out where nothing imports it', async () => {
    const lines = await ignoreOf(site('export default {};\n', { 'build/index.html': '' }));
    expect(lines).toContain('build');
    expect(lines).not.toContain('!build');
  });
});
