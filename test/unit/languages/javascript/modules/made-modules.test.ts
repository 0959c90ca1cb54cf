import { describe, expect, it } from 'vitest';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { committed } from '../../../../../src/project/committed.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

async function read(scripts: object, imported: string, ignored: string, more: Record<string, string> = {}) {
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'phrases',
      type: 'module',
      scripts: { start: 'node server.js', ...scripts },
      dependencies: { ms: '2.1.3' },
      engines: { node: '24' },
    }),
    'server.js': `${imported}\nimport http from 'node:http';\nhttp.createServer((q, r) => r.end('x')).listen(3000);\n`,
    '.gitignore': ignored,
    ...more,
  };
  const [facts] = (await inspect(committed(memoryProject(files)), { config: {} })).apps;
  if (!facts) throw new Error('an application was expected');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const stages = plan.images['app']?.stages ?? [];
  const stepsOf = (name: string) => stages.find((stage) => stage.name === name)?.steps ?? [];
  const copied = stepsOf('production').flatMap((step) => (step.do === 'copy' ? step.sources : []));
  const developed = stepsOf('development').flatMap((step) => (step.do === 'cmd' ? [step.argv.join(' ')] : []));
  return { copied, developed: developed[0], codes: facts.notes.map(({ code }) => code) };
}

const npm = {
  'package-lock.json':
    '{"lockfileVersion":3,"packages":{"":{"dependencies":{"ms":"2.1.3"}},"node_modules/ms":{"version":"2.1.3"}}}',
};
const pnpm = {
  'pnpm-lock.yaml':
    "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      ms:\n        specifier: 2.1.3\n        version: 2.1.3\n\npackages:\n\n  ms@2.1.3:\n    resolution: {}\n",
};
const yarn = { 'yarn.lock': '# yarn lockfile v1\n\n\nms@2.1.3:\n  version "2.1.3"\n' };

describe('a module that a script of the project makes', () => {
  it.each([
    ['npm', { postinstall: 'node make.js' }, "import { all } from './made.js';", 'made.js\n', npm, 'made.js'],
    ['pnpm', { prepare: 'node make.js' }, "import { all } from './lib/made.mjs';", 'lib/\n', pnpm, 'lib/made.mjs'],
    [
      'Yarn',
      { postinstall: 'node make.js' },
      "import all from './made.json' with { type: 'json' };",
      '*ade.json\n',
      yarn,
      'made.json',
    ],
  ])(
    'ships out of the build, and is made anew while developing: %s',
    async (_, scripts, imported, ignored, lock, file) => {
      const { copied, developed, codes } = await read(scripts, imported, ignored, { 'make.js': '', ...lock });
      expect(copied).toContain(`/app/${file}`);
      expect(developed).toMatch(/^sh -c .*run (prepare|postinstall) && exec node --watch server\.js$/);
      expect(codes).not.toContain('missing-import');
    },
  );

  it.each([
    ['nothing makes it', {}, 'made.js\n'],
    ['the script only sets hooks of git', { prepare: 'husky' }, 'made.js\n'],
    ['git does not leave it out', { postinstall: 'node make.js' }, ''],
  ])('is missing where %s', async (_, scripts, ignored) => {
    const { copied, developed, codes } = await read(scripts, "import { all } from './made.js';", ignored, {
      'make.js': '',
      ...npm,
    });
    expect(copied).not.toContain('/app/made.js');
    expect(developed).not.toContain('sh -c');
    expect(codes).toContain('missing-import');
  });
});
