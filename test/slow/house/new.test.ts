import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../../scripts/new/kinds.ts';
import { repository } from '../../support/projects.ts';

/** What the tools read: the whole repository but for what is made or brought. */
const parts = [
  'src',
  'scripts',
  'test',
  'fixtures',
  'docs',
  'schemas',
  'CONTRIBUTING.md',
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
const read = (path: string) => readFileSync(join(copy, path), 'utf8');

/** What the compiler says of files that are named like this. */
function typeErrors(names: readonly string[]): string[] {
  const run = spawnSync(process.execPath, node('typescript/bin/tsc', '--noEmit'), { cwd: copy, encoding: 'utf8' });
  return run.stdout.split('\n').filter((line) => names.some((name) => line.includes(name)));
}

/** The fields of a type of a contract. */
function fieldsOf(contract: string, type: string): readonly string[] {
  const { program } = parseSync('contract.ts', read(contract));
  return program.body.flatMap((statement) => {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : undefined;
    if (declared?.type !== 'TSTypeAliasDeclaration' || declared.id.name !== type) return [];
    const members = declared.typeAnnotation.type === 'TSTypeLiteral' ? declared.typeAnnotation.members : [];
    return members.flatMap((member) =>
      member.type === 'TSPropertySignature' && member.key.type === 'Identifier' ? [member.key.name] : [],
    );
  });
}

describe('npm run new', () => {
  it('begins every kind: it compiles, has every field and a page, and the suite names the fixture', {
    timeout: 300_000,
  }, () => {
    expect(failure(house)).toBeUndefined();
    const begun = kinds.map((kind) => ({ ...kind, name: `begun-${kind.kind}` }));
    for (const { kind, name } of begun) start(kind, name);

    expect(typeErrors(['begun-'])).toEqual([]);
    const missing = failure(house);
    for (const { kind, name, file, page, fixture, contract, types } of begun) {
      const named = kind === 'server' ? name : fixture.replaceAll('NAME', name);
      expect(missing, kind).toContain(named);
      expect(read(page.replaceAll('NAME', name)), kind).toContain(name);
      const text = read(file.replaceAll('NAME', name));
      const fields = types.flatMap((type) => fieldsOf(contract, type));
      expect(fields.length, kind).toBeGreaterThan(0);
      expect(
        fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(text)),
        kind,
      ).toEqual([]);
    }
    for (const { name, file, fixture, page } of begun)
      for (const path of [file, fixture, page].filter((one) => one.includes('NAME')))
        rmSync(join(copy, path.replaceAll('NAME', name)));
    rmSync(join(copy, 'src/languages/begun-language'), { recursive: true });
    rmSync(join(copy, 'fixtures/wiring/begun-server-variable'), { recursive: true });
    execFileSync(process.execPath, node('jiti/lib/jiti-cli.mjs', 'scripts/gen.ts'), { cwd: copy, stdio: 'pipe' });
    expect(failure(house)).toBeUndefined();
  });

  it('is done when the fixtures of a server, a service and a site show them', { timeout: 180_000 }, () => {
    start('server', 'trellis');
    start('service', 'granary');
    start('site', 'pergola');
    const app = "import trellis from 'trellis';\n\nconst app = trellis();\napp.listen(3000);\n";
    const wired = app
      .replace("';\n", "';\nimport { healthRoutes } from './health';\n")
      .replace('();\n', '();\napp.use(healthRoutes);\n');
    writeFileSync(join(copy, 'fixtures/wiring/trellis-variable/app.ts'), app);
    expect(failure(house)).toContain('trellis');
    writeFileSync(join(copy, 'fixtures/wiring/trellis-variable/expected.ts'), wired);
    const source = `import { connect } from 'granary';

const store = connect(process.env.GRANARY_URL ?? '');

Bun.serve({ port: 3000, fetch: async () => Response.json(await store.all()) });
`;
    const manifest = { name: 'barn', packageManager: 'bun@1.4.5', dependencies: { granary: '1.0.0' } };
    const service = {
      files: {
        'package.json': JSON.stringify({ ...manifest, scripts: { start: 'bun src/index.ts' } }),
        'src/index.ts': source,
      },
      compose: ['image: granary:1'],
    };
    writeFileSync(join(copy, 'fixtures/services/granary.json'), JSON.stringify(service));
    expect(failure(house)).toContain('fixtures/stacks/sites/pergola.json');
    const pages = { name: 'garden', devDependencies: { pergola: '1.0.0' }, scripts: { build: 'pergola build' } };
    const site = {
      files: { 'package.json': JSON.stringify(pages), 'index.html': '<h1>garden</h1>\n' },
      gives: { Dockerfile: ['"pergola", "dev"'] },
    };
    writeFileSync(join(copy, 'fixtures/stacks/sites/pergola.json'), JSON.stringify(site));
    expect(failure(house, 'test/unit/wiring', 'test/unit/services', 'test/unit/shown.test.ts')).toBeUndefined();
  });

  it('refuses a name that is not valid, one that is taken, and a kind that is not there', () => {
    expect(() => start('server', 'No Name')).toThrow('Usage');
    expect(() => start('trellis', 'granary')).toThrow('Usage');
    expect(() => start('service', 'postgres')).toThrow('is there already');
    expect(() => start('full-stack', 'next')).toThrow('is there already');
    expect(() => start('hint', 'procfile')).toThrow('is there already');
  });
});
