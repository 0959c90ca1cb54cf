import { describe, expect, it } from 'vitest';
import { artifact } from '../../../src/artifacts/dockerfile.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { detailsOf } from '../../../src/stacks/javascript.ts';
import { factsOf } from '../../support/facts.ts';

const files = {
  'package.json': JSON.stringify({
    name: 'board',
    type: 'module',
    scripts: { start: 'bun src/index.ts' },
    engines: { bun: '^1.4' },
    devDependencies: { 'bun-plugin-tailwind': '^0.1.0' },
  }),
  'src/index.ts': "import page from './index.html';\nBun.serve({ port: 3000, routes: { '/': page } });\n",
  'src/index.html': '<script type="module" src="./app.tsx"></script>',
  'src/app.tsx': 'document.title = `${process.env.BUN_PUBLIC_TITLE} ${process.env.SECRET_TOKEN}`;\n',
};

async function read(more: Readonly<Record<string, string>>) {
  const all: Record<string, string> = { ...files, ...more };
  const facts = await factsOf(all);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => all[file] });
  const lines = artifact.print(plan, Object.keys(all)).flatMap(({ content }) => content.split('\n'));
  return { facts, lines };
}

describe('pages that the server bundles while it runs', () => {
  it.each([
    [
      'a plugin of the project',
      { 'bunfig.toml': '[serve.static]\nplugins = ["./plugins/note.ts"]\n', 'plugins/note.ts': 'export default {};' },
    ],
    ['a plugin that is a package', { 'bunfig.toml': '[serve.static]\nplugins = ["bun-plugin-tailwind"]\n' }],
    ['variables', { 'bunfig.toml': '[serve.static]\nenv = "BUN_PUBLIC_*"\n' }],
  ])('are not bundled before: %s', async (_, more) => {
    const { facts, lines } = await read(more);
    expect(facts.notes.some(({ message }) => message.includes('imports pages'))).toBe(true);
    expect(lines).toContain('CMD ["bun", "src/index.ts"]');
    expect(lines.some((line) => line.startsWith('COPY') && line.includes('bunfig.toml'))).toBe(true);
  });

  it('have the variables that they are given, and no others', async () => {
    const { facts } = await read({ 'bunfig.toml': '[serve.static]\nenv = "BUN_PUBLIC_*"\n' });
    expect(facts.variables.map(({ name }) => name)).toContain('BUN_PUBLIC_TITLE');
    expect(facts.variables.map(({ name }) => name)).not.toContain('SECRET_TOKEN');
  });

  it('need their plugins, also those of development', async () => {
    const { facts } = await read({ 'bunfig.toml': '[serve.static]\nplugins = ["bun-plugin-tailwind"]\n' });
    expect(detailsOf(facts).needed?.map(({ value }) => value)).toEqual(['bun-plugin-tailwind']);
  });

  it.each([
    ['the settings say nothing of them', { 'bunfig.toml': '[test]\ncoverage = true\n' }],
    [
      'nothing imports a page',
      {
        'bunfig.toml': '[serve.static]\nenv = "BUN_PUBLIC_*"\n',
        'src/index.ts': 'Bun.serve({ port: 3000, fetch: (q) => new Response(q.url) });\n',
      },
    ],
  ])('are no reason where %s', async (_, more) => {
    const { facts, lines } = await read(more);
    expect(facts.notes.some(({ message }) => message.includes('imports pages'))).toBe(false);
    expect(lines).toContain('CMD ["bun", "index.js"]');
  });
});
