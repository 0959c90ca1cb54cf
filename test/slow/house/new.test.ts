import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../../support/projects.ts';

/** What the tools read: the whole repository but for what is made or brought. */
const parts = [
  'src',
  'scripts',
  'test',
  'fixtures',
  'docs',
  'schemas',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

let copy: string;
beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-new-')));
  for (const part of parts) cpSync(join(repository, part), join(copy, part), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const node = (file: string, ...args: string[]) => [join(copy, 'node_modules', file), ...args];
const start = (...args: string[]) =>
  execFileSync(process.execPath, node('jiti/lib/jiti-cli.mjs', 'scripts/new.ts', ...args), {
    cwd: copy,
    encoding: 'utf8',
    stdio: 'pipe',
  });

/** Runs tests of the copy as `npm test` would; the text that they printed where they fail, undefined where they pass. */
function failure(...files: string[]): string | undefined {
  const { VITEST: _, VITEST_WORKER_ID: __, VITEST_POOL_ID: ___, ...env } = process.env;
  const run = spawnSync(process.execPath, node('vitest/vitest.mjs', 'run', '--project', 'unit', ...files), {
    cwd: copy,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  return run.status === 0 ? undefined : run.stdout + run.stderr;
}

const house = 'test/unit/house/fixtures.test.ts';

it('begins a framework and a service, and the suite fails until each is shown to work', { timeout: 180_000 }, () => {
  expect(failure(house)).toBeUndefined();

  start('framework', 'trellis');
  start('service', 'granary');
  const missing = failure(house);
  expect(missing).toContain('trellis');
  expect(missing).toContain('granary');
  // what was begun compiles
  const types = spawnSync(process.execPath, node('typescript/bin/tsc', '--noEmit'), { cwd: copy, encoding: 'utf8' });
  expect(types.stdout.split('\n').filter((line) => /trellis|granary/.test(line))).toEqual([]);

  const app = "import trellis from 'trellis';\n\nconst app = trellis();\napp.listen(3000);\n";
  const wired = app
    .replace("';\n", "';\nimport { healthRoutes } from './health';\n")
    .replace('();\n', '();\napp.use(healthRoutes);\n');
  mkdirSync(join(copy, 'fixtures/wiring/trellis-variable'));
  writeFileSync(join(copy, 'fixtures/wiring/trellis-variable/app.ts'), app);
  writeFileSync(join(copy, 'fixtures/wiring/trellis-variable/expected.ts'), wired);
  const source = `import { connect } from 'granary';

const store = connect(process.env.GRANARY_URL ?? '');

Bun.serve({ port: 3000, fetch: async () => Response.json(await store.all()) });
`;
  const manifest = { name: 'barn', packageManager: 'bun@1.4.5', dependencies: { granary: '1.0.0' } };
  const fixture = {
    files: {
      'package.json': JSON.stringify({ ...manifest, scripts: { start: 'bun src/index.ts' } }),
      'src/index.ts': source,
    },
    compose: ['image: granary:1'],
  };
  writeFileSync(join(copy, 'fixtures/services/granary.json'), JSON.stringify(fixture));
  expect(failure(house, 'test/unit/wiring', 'test/unit/services')).toBeUndefined();
});

it('refuses a name that is no name, and one that is taken', () => {
  expect(() => start('framework', 'No Name')).toThrow('usage');
  expect(() => start('service', 'postgres')).toThrow('is there already');
});
