import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const server = "import express from 'express';\nexpress().listen(process.env.PORT || 3000);\n";
const app = (scripts: object, devDependencies: object): Files => ({
  'package.json': JSON.stringify({
    name: 'till',
    type: 'module',
    scripts,
    engines: { node: '24' },
    dependencies: { express: '5.0.0' },
    devDependencies: { typescript: '5.9.0', ...devDependencies },
  }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { rootDir: 'src', outDir: 'dist', module: 'nodenext' } }),
  'src/index.ts': server,
});

/** What the container for developing runs, and what production does. */
async function commandsOf(files: Files) {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const image = plan.images['app'];
  if (!image) throw new Error('no image');
  const text = dockerfile(plan, image).content;
  const commandOf = (name: string) => {
    const [, stage = ''] = text.split(new RegExp(`^FROM \\S+ AS ${name}$`, 'm'));
    const words: unknown = JSON.parse(/^CMD (\[.*\])$/m.exec(stage)?.[1] ?? '[]');
    return Array.isArray(words) ? words.join(' ') : '';
  };
  return { development: commandOf('development'), production: commandOf('production') };
}

describe('a source that a loader starts, and that is compiled for production', () => {
  it.each([
    [{ start: 'tsx src/index.ts', build: 'tsc --build' }, { tsx: '4.20.0' }, '--import tsx src/index.ts'],
    [{ start: 'tsx src/index.ts', build: 'tsc' }, { tsx: '4.20.0' }, '--import tsx src/index.ts'],
    [{ start: 'ts-node src/index.ts', build: 'tsc -p tsconfig.json' }, { 'ts-node': '10.9.0' }, 'src/index.ts'],
  ])(
    'is loaded while developing, and waits for nothing that another build would make: %j',
    async (scripts, more, run) => {
      const { development, production } = await commandsOf(app(scripts, more));
      expect(development).toContain('node --watch ');
      expect(development).toContain(run);
      expect(development).not.toContain('until');
      expect(production).toMatch(/^node dist\//);
    },
  );

  it('is built again at each change where its own script builds what starts', async () => {
    const { development, production } = await commandsOf(app({ start: 'node dist/index.js', build: 'tsc' }, {}));
    expect(development).toContain('npm run build -- --watch & until [ -f dist/index.js ]');
    expect(production).toBe('node dist/index.js');
  });
});
