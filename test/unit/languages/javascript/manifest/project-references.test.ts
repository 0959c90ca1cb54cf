import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const server = (path: string) =>
  `import { createServer } from 'node:http';\nimport { speed } from '${path}';\ncreateServer((_, res) => res.end(String(speed))).listen(process.env.PORT || 7400);\n`;
const settings = (more: object, options: object = {}) =>
  JSON.stringify({ compilerOptions: { composite: true, rootDir: 'src', outDir: 'dist', ...options }, ...more });
const manifest = (build: string, start: string, more: object = {}) =>
  JSON.stringify({
    name: 'planner',
    private: true,
    scripts: { build, start },
    engines: { node: '24' },
    devDependencies: { typescript: '5.9.3' },
    ...more,
  });

const shared = { 'shared/src/speed.ts': 'export const speed = 50;\n' };

/** Projects in three layouts: a folder named on the command line, all from the root, outputs below one folder. */
const layouts: readonly (readonly [string, Files, { entry: string; outputs: string[] }])[] = [
  [
    'CommonJS, a project named on the command line, imported as it is built',
    {
      ...shared,
      'package.json': manifest('tsc -b server', 'node server/dist/index.js'),
      'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
      'shared/tsconfig.json': settings({}),
      'server/tsconfig.json': settings({ references: [{ path: '../shared' }] }),
      'server/src/index.ts': server('../../shared/dist/speed'),
    },
    { entry: 'server/src/index.ts', outputs: ['server/dist', 'shared/dist'] },
  ],
  [
    'modules, all projects from the root, with a manifest of their own',
    {
      ...shared,
      'package.json': manifest('tsc --build', 'node server/dist/index.js', { type: 'module' }),
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'tsconfig.json': '{ "files": [], "references": [{ "path": "./server" }, { "path": "./shared/tsconfig.json" }] }',
      'shared/tsconfig.json': settings({}),
      'shared/package.json': '{ "type": "module" }',
      'server/tsconfig.json': settings({ references: [{ path: '../shared' }] }),
      'server/src/index.ts': server('../../shared/dist/speed.js'),
    },
    { entry: 'server/src/index.ts', outputs: ['server/dist', 'shared/dist', 'shared/package.json'] },
  ],
  [
    'outputs below one folder, settings that extend others',
    {
      'shared/speed.ts': 'export const speed = 50;\n',
      'package.json': manifest('rimraf out && tsc -b api --verbose', 'node out/api/main.js'),
      'yarn.lock': '# yarn lockfile v1\n',
      'tsconfig.base.json': '{ "compilerOptions": { "composite": true, "strict": true } }',
      'shared/tsconfig.json':
        '{ "extends": "../tsconfig.base.json", "compilerOptions": { "outDir": "../out/shared" } }',
      'api/tsconfig.json':
        '{ "extends": "../tsconfig.base.json", "compilerOptions": { "outDir": "../out/api" }, "references": [{ "path": "../shared" }] }',
      'api/main.ts': server('../shared/speed'),
    },
    { entry: 'api/main.ts', outputs: ['out/api', 'out/shared'] },
  ],
];

describe('projects that the compiler builds together', () => {
  it.each(layouts)('are all in the image: %s', async (_, files, { entry, outputs }) => {
    const facts = await factsOf(files);
    expect(said(facts.archetype)).toBe('web-service');
    expect(said(facts.entry)).toBe(entry);
    expect(said(facts.port)).toEqual({ number: 7400, variable: 'PORT' });
    expect(facts.sources).toEqual(expect.arrayContaining(['shared']));
    const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
    const stage = plan.images['app']?.stages.find(({ name }) => name === 'production');
    const copied = (stage?.steps ?? []).flatMap((step) =>
      step.do === 'copy' && step.from === 'build' ? [step.to] : [],
    );
    expect([...copied].sort()).toEqual(outputs.map((one) => `./${one}`));
  });

  it('leave a project alone that has one output', async () => {
    const facts = await factsOf({
      'package.json': manifest('tsc -b', 'node dist/index.js'),
      'tsconfig.json': settings({ include: ['src'] }),
      'src/index.ts': server('./speed'),
      'src/speed.ts': 'export const speed = 50;\n',
    });
    expect(facts.details).not.toHaveProperty('outputs');
    expect(said(facts.entry)).toBe('src/index.ts');
  });
});
