import { describe, expect, it } from 'vitest';
import { artifact } from '../../../src/artifacts/source.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import type { Config } from '../../../src/model/config.ts';
import type { Requirement, RequirementKind } from '../../../src/model/requirement.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const files = {
  'package.json': '{"name":"shop","scripts":{"start":"bun index.ts"}}',
  'index.ts': "Bun.serve({ port: 3000, fetch: () => new Response('hello') });\n",
};

const asks = (kind: RequirementKind, certainty: Requirement['certainty'] = 'clear', id = 'A-001'): Requirement => ({
  kind,
  certainty,
  assertions: [id],
  from: [
    {
      file: 'specs/assertions.json',
      path: 'assertions[0].natural',
      line: 3,
      text: 'a sentence',
      why: `assertion ${id}`,
    },
  ],
});

async function planned(requirements: Requirement[], config: Config = {}, sources: Record<string, string> = files) {
  const project = memoryProject(sources);
  const [facts] = (await inspect(project, { config })).apps;
  if (!facts) throw new Error('no app');
  const none = { status: 'absent', by: 'none', why: '', files: [] } as const;
  const specification = {
    file: 'specs/assertions.json',
    assertions: [],
    confirmed: 0,
    counted: 0,
    requirements,
    dafny: { ...none, files: [] },
    tlc: { ...none, files: [] },
    verified: { ...none, files: [] },
  };
  return makePlan({ facts, specification, config, read: project.read });
}

describe('services that the specification asks for', () => {
  it('are there with the ids of the assertions, though the source does not use them yet', async () => {
    const plan = await planned([asks('persistence', 'clear', 'A-007')]);
    expect(plan.services['db']).toMatchObject({ service: 'postgres', required: true });
    expect(plan.decisions['services.db']?.assertions).toEqual(['A-007']);
    expect(plan.workloads['app']?.env['DATABASE_URL']?.value).toMatchObject({ from: 'parts' });
  });

  it('are asked for, and never there, where the sentence is unclear', async () => {
    const plan = await planned([asks('cache', 'unclear')]);
    expect(plan.services).toEqual({});
    expect(plan.questions).toMatchObject([{ key: 'services.redis', default: 'false' }]);
    expect((await planned([asks('cache', 'unclear')], { services: { redis: {} } })).services).toHaveProperty('redis');
    expect((await planned([asks('cache', 'unclear')], { services: { redis: false } })).questions).toEqual([]);
  });

  it('keep their role where another sentence is unclear, in whichever order', async () => {
    for (const requirements of [
      [asks('cache'), asks('queue', 'unclear')],
      [asks('queue', 'unclear'), asks('cache')],
    ]) {
      const plan = await planned(requirements);
      expect(plan.services['redis']).toMatchObject({ role: 'cache', required: false });
      expect(plan.questions).toEqual([]);
    }
  });

  it('lose nothing where they are a cache and a queue at once', async () => {
    for (const requirements of [
      [asks('cache'), asks('queue')],
      [asks('queue'), asks('cache')],
    ]) {
      expect((await planned(requirements)).services['redis']).toMatchObject({ role: 'queue', required: true });
    }
  });

  it('are left out where the configuration says so', async () => {
    expect((await planned([asks('persistence')], { services: { postgres: false } })).services).toEqual({});
  });
});

describe('an app that nobody outside can reach', () => {
  const listening = (host: string) => ({
    ...files,
    'index.ts': `Bun.serve({ port: 3000, hostname: ${host}, fetch: () => new Response('hello') });\n`,
  });

  it('is offered the edit', async () => {
    for (const host of ["'localhost'", "'127.0.0.1'"]) {
      const { edits, manual } = await planned([], {}, listening(host));
      expect(manual).toEqual([]);
      expect(edits.find((one) => one.file === 'index.ts')?.edits).toContainEqual(
        expect.objectContaining({ text: "'0.0.0.0'" }),
      );
    }
  });

  it('is told what to change, and where, in what the runtime serves because it is exported', async () => {
    const served = "export default { port: 3000, hostname: 'localhost', fetch: () => new Response('hello') };\n";
    const { manual } = await planned([], {}, { ...files, 'index.ts': `\n${served}` });
    expect(manual.map((one) => [one.file, one.line, one.lines])).toContainEqual([
      'index.ts',
      2,
      ["hostname: '0.0.0.0'"],
    ]);
  });

  it('is not where a variable or the code says otherwise', async () => {
    for (const host of ["'0.0.0.0'", "process.env.HOST ?? 'localhost'"]) {
      const plan = await planned([], {}, listening(host));
      expect(plan.manual.filter((one) => one.lines.includes("hostname: '0.0.0.0'"))).toEqual([]);
    }
    const stages = (await planned([], {}, listening("process.env.HOST ?? 'localhost'"))).images['app']?.stages ?? [];
    expect(stages.flatMap((stage) => stage.steps)).toContainEqual(
      expect.objectContaining({ do: 'env', values: expect.objectContaining({ HOST: '0.0.0.0' }) }),
    );
  });
});

describe('scripts of the project that installing would run', () => {
  const installs = async (scripts: object, dependencies: object) => {
    const manifest = { name: 'shop', scripts: { start: 'bun index.ts', ...scripts }, dependencies };
    const plan = await planned([], {}, { ...files, 'package.json': JSON.stringify(manifest), 'bun.lock': '{}' });
    const stage = plan.images['app']?.stages.find((one) => one.name === 'deps');
    return stage?.steps.flatMap((step) => (step.do === 'run' && step.argv ? [step.argv.join(' ')] : []));
  };
  it('are left out with those of the dependencies, and alone where those need theirs', async () => {
    expect(await installs({ prepare: 'husky' }, { hono: '4.0.0' })).toEqual([
      'bun install --frozen-lockfile --ignore-scripts',
    ]);
    expect(await installs({ prepare: 'husky' }, { argon2: '0.44.0' })).toEqual([
      'bun pm pkg delete scripts.prepare',
      'bun install --frozen-lockfile',
    ]);
    expect(await installs({}, { argon2: '0.44.0' })).toEqual(['bun install --frozen-lockfile']);
  });

  const ofNpm = async (scripts: object, more: object = {}, sources: Record<string, string> = {}) => {
    const manifest = {
      name: 'shop',
      scripts: { start: 'node index.js', ...scripts },
      dependencies: { argon2: '0.44.0' },
    };
    const project = {
      'package.json': JSON.stringify({ ...manifest, engines: { node: '24' }, ...more }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'index.js': "require('node:http').createServer().listen(3000);\n",
      ...sources,
    };
    const stage = (await planned([], {}, project)).images['app']?.stages.find((one) => one.name === 'deps');
    return stage?.steps.flatMap((step) => (step.do === 'run' && step.argv ? [step.argv.join(' ')] : []));
  };
  it('go before the install where building packages again would run them', async () => {
    expect(await ofNpm({ prepare: 'husky' })).toEqual(['npm ci --ignore-scripts', 'npm rebuild']);
    expect(await ofNpm({ postinstall: 'node tools/make.js' })).toEqual([
      'npm pkg delete scripts.postinstall',
      'npm ci',
    ]);
  });
  it.each([
    ['npm', 'package-lock.json', '{"lockfileVersion":3,"packages":{}}', ['npm pkg delete scripts.prepare', 'npm ci']],
    [
      'pnpm',
      'pnpm-lock.yaml',
      "lockfileVersion: '9.0'\n",
      ['npm pkg delete scripts.prepare', /^pnpm install(?!.*ignore-scripts)/],
    ],
    [
      'Yarn',
      'yarn.lock',
      '# yarn lockfile v1\n',
      ['npm pkg delete scripts.prepare', /^yarn install(?!.*ignore-scripts)/],
    ],
  ])('leave those that patch packages: %s', async (_, lockfile, text, expected) => {
    const manifest = {
      name: 'shop',
      scripts: { start: 'node index.js', postinstall: 'patch-package', prepare: 'husky' },
      dependencies: { ms: '2.1.3' },
      devDependencies: { 'patch-package': '^8', husky: '^9' },
      engines: { node: '24' },
    };
    const plan = await planned(
      [],
      {},
      {
        'package.json': JSON.stringify(manifest),
        [lockfile]: text,
        'patches/ms+2.1.3.patch': '',
        'index.js': "require('node:http').createServer().listen(3000);\n",
      },
    );
    const stage = plan.images['app']?.stages.find((one) => one.name === 'deps');
    const runs = stage?.steps.flatMap((step) => (step.do === 'run' && step.argv ? [step.argv.join(' ')] : [])) ?? [];
    const own = runs.filter((line) => !line.includes('--global'));
    expect(own).toHaveLength(expected.length);
    for (const [at, line] of expected.entries()) expect(own[at]).toMatch(line);
  });
  it('go before it in every member of a workspace', async () => {
    const [strip, install] =
      (await ofNpm(
        { prepare: 'husky' },
        { workspaces: ['packages/*'], dependencies: { argon2: '0.44.0', money: '*' } },
        {
          'packages/money/package.json': '{"name":"money","main":"index.js","scripts":{"prepare":"node make.js"}}',
          'packages/money/index.js': '',
        },
      )) ?? [];
    expect(strip).toBe('npm pkg delete scripts.prepare --workspaces --include-workspace-root');
    expect(install).toMatch(/^npm ci/);
  });
});

describe('a health module', () => {
  const checked = async (types: string, typescript = '^5.0.0') => {
    const manifest = {
      name: 'shop',
      scripts: { start: 'tsx index.ts' },
      dependencies: { express: '5.0.0' },
      devDependencies: { '@types/node': types, typescript },
    };
    const plan = await planned(
      [],
      {},
      {
        'package.json': JSON.stringify(manifest),
        'package-lock.json': '{}',
        'index.ts': "import express from 'express';\nconst app = express();\napp.listen(3000);\n",
      },
    );
    return plan.sources.map(({ body }) => /@ts-nocheck (.*)/.exec(body.map(({ text }) => text).join('\n'))?.[1]);
  };
  it('brings packages in as TypeScript does where the compiler gives those of CommonJS no default', async () => {
    const bringing = async (compilerOptions: object, typescript = '5.9.3') => {
      const plan = await planned(
        [],
        {},
        {
          'package.json': JSON.stringify({
            name: 'x',
            engines: { node: '24' },
            scripts: { build: 'tsc', start: 'node dist/server.js' },
            dependencies: { express: '4.21.2', pg: '8.16.3' },
            devDependencies: { typescript },
          }),
          'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src', ...compilerOptions } }),
          'src/server.ts': `import * as express from 'express';\nimport { Pool } from 'pg';\nnew Pool({ connectionString: process.env.DATABASE_URL });\nconst app = express();\napp.listen(3000);\n`,
        },
      );
      const [module] = artifact.print(plan, []);
      return module?.content.split('\n').filter((line) => /\b(pg|express)\b.*'/.test(line));
    };
    const required = ["import express = require('express');", "import pg = require('pg');"];
    const plain = ["import express from 'express';", "import pg from 'pg';"];
    expect(await bringing({ module: 'commonjs' })).toEqual(required);
    expect(await bringing({ module: 'CommonJS', esModuleInterop: false })).toEqual(required);
    expect(await bringing({ module: 'commonjs', esModuleInterop: true })).toEqual(plain);
    expect(await bringing({ module: 'nodenext' })).toEqual(plain);
    expect(await bringing({ module: 'commonjs' }, '6.0.3')).toEqual(plain);
  });

  it('is left alone by a compiler whose types are older than what it uses', async () => {
    expect(await checked('^13.9.1')).toEqual([
      'the project has types of Node.js 13, which are older than the APIs used here',
    ]);
    expect(await checked('^22.0.0')).toEqual([undefined]);
    expect(await checked('^22.0.0', '^4.3.5')).toEqual([
      'the types of TypeScript 4.3 are older than the APIs used here',
    ]);
    expect(await checked('^22.0.0', '~5.9.3')).toEqual([undefined]);
  });
});

describe('developing without a script for it', () => {
  const command = async (scripts: object, source: string, more: Record<string, string> = {}) => {
    const manifest = { name: 'x', engines: { node: '24' }, scripts, devDependencies: { typescript: '5.9.3' } };
    const plan = await planned(
      [],
      {},
      {
        'package.json': JSON.stringify(manifest),
        'tsconfig.json': JSON.stringify({ compilerOptions: { outDir: 'dist', rootDir: 'src', module: 'commonjs' } }),
        'src/server.ts': source,
        'src/a.ts': 'export const a = 1;\n',
        ...more,
      },
    );
    const stage = plan.images['app']?.stages.find((one) => one.name === 'development');
    return stage?.steps.flatMap((one) => (one.do === 'cmd' ? [one.argv] : []))[0];
  };
  const server = (ending: string) =>
    `import { createServer } from 'node:http';\nimport { a } from './a${ending}';\ncreateServer(() => a).listen(3000);\n`;

  it('builds again at each change where the runtime does not run the source', async () => {
    const again = (file: string) =>
      `npm run build -- --watch & until [ -f ${file} ]; do sleep 1; done; exec node --watch ${file}`;
    const scripts = { build: 'tsc', start: 'node dist/server.js' };
    expect(await command(scripts, server(''))).toEqual(['sh', '-c', again('dist/server.js')]);
    expect(await command({ ...scripts, start: 'node dist/server' }, server(''))).toEqual([
      'sh',
      '-c',
      again('dist/server.js'),
    ]);
  });

  it('builds when it starts where nothing is known to watch, and runs the source where the runtime does', async () => {
    const plain = ['node', '--watch', 'src/server.ts'];
    expect(await command({ build: 'tsc', start: 'node dist/server.js' }, server('.ts'))).toEqual(plain);
    expect(await command({ build: 'tsc && cp -r a b', start: 'node dist/server.js' }, server(''))).toEqual([
      'sh',
      '-c',
      'npm run build && exec node dist/server.js',
    ]);
  });
});

describe('files that the configuration includes', () => {
  const copied = async (include: string[]) => {
    const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '26' } };
    const plan = await planned(
      [],
      { include },
      {
        'package.json': JSON.stringify(manifest),
        'index.js': "require('node:http').createServer().listen(3000);\n",
        'docs/a.html': '',
      },
    );
    const stage = plan.images['app']?.stages.find((one) => one.name === 'production');
    return stage?.steps.flatMap((step) => (step.do === 'copy' && step.from === undefined ? step.sources : []));
  };
  it('are in the image', async () => {
    expect(await copied([])).not.toContain('docs');
    expect(await copied(['./docs/'])).toContain('docs');
  });
  it('are there, or the error says which are not', async () => {
    await expect(copied(['doc'])).rejects.toMatchObject({
      code: 'include-missing',
      where: { file: 'dockwright.json' },
    });
  });
});
