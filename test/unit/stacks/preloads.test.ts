import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

type Manifest = { readonly start: string; readonly type?: string; readonly has?: object; readonly uses?: object };

const sources = {
  'src/index.ts': "import express from 'express';\nimport './shared.js';\nexpress().listen(3000);\n",
  'src/shared.ts': 'export const started = Date.now();\n',
};
const lock = '{ "lockfileVersion": 1, "workspaces": { "": { "name": "shop" } }, "packages": {} }';

/** The lines of the Dockerfile that build, start and copy from the context, of an application that is started so. */
async function linesOf(
  { start, type = 'module', has = {}, uses = {} }: Manifest,
  more: Readonly<Record<string, string>>,
) {
  const files = {
    ...{
      'package.json': JSON.stringify({
        name: 'shop',
        type,
        scripts: { start },
        dependencies: uses,
        devDependencies: has,
      }),
    },
    ...sources,
    ...more,
  };
  const [facts] = (await inspect(memoryProject(files))).apps;
  if (!facts) throw new Error('no application was found');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: () => undefined });
  const image = plan.images['app'];
  if (!image) throw new Error('a plan without an image');
  const text = dockerfile(plan, image).content;
  const production = text.slice(text.indexOf(' AS production'));
  return {
    build: text.split('\n').find((line) => line.startsWith('RUN [') && /esbuild|tsc|build/.test(line)),
    start: production.split('\n').find((line) => line.startsWith('CMD ')),
    copied: production.split('\n').filter((line) => line.startsWith('COPY ') && !line.includes('--from')),
  };
}

const esbuild = { esbuild: '^0.25.0', tsx: '^4.0.0' };
const express = { express: '^5.0.0' };

describe('modules that flags load before the application', () => {
  it('are built with it by esbuild, and share its modules', async () => {
    const start = 'tsx --import ./telemetry.ts src/index.ts serve';
    const made = await linesOf(
      { start, has: esbuild, uses: express },
      { 'telemetry.ts': "import './src/shared.js';\n" },
    );
    expect(made.build).toContain('"index=src/index.ts", "telemetry=telemetry.ts"');
    expect(made.build).toContain('"--splitting", "--outdir=dist"');
    expect(made.start).toBe('CMD ["node", "--import", "./dist/telemetry.js", "dist/index.js", "serve"]');
    expect(made.copied).toEqual(['COPY package.json ./']);
  });

  it('are at the front of the one file of CommonJS', async () => {
    const start = 'node -r ts-node/register --require=./otel src/index.ts';
    const has = { ...esbuild, 'ts-node': '^10' };
    const more = { 'otel/index.ts': "import '../src/shared';\n" };
    const made = await linesOf({ start, type: 'commonjs', has, uses: express }, more);
    expect(made.build).toContain('"--format=cjs", "--inject:otel/index.ts", "--outfile=dist/index.js"');
    expect(made.start).toBe('CMD ["node", "dist/index.js"]');
    expect(made.copied).toEqual(['COPY package.json ./']);
  });

  it('are compiled with it by the compiler of TypeScript', async () => {
    const start = 'node -r ts-node/register --require=./otel src/index.ts';
    const has = { 'ts-node': '^10', typescript: '^5' };
    const more = { 'otel/index.ts': "import '../src/shared';\n" };
    const made = await linesOf({ start, type: 'commonjs', has, uses: express }, more);
    expect(made.build).toContain('"tsc", "--outDir", "dist"');
    expect(made.start).toBe('CMD ["node", "--require", "./dist/otel/index.js", "dist/src/index.js"]');
  });

  it('are built beside the bundle of Bun, named by its settings or by a flag', async () => {
    const more = { 'otel.ts': "import './src/shared';\n", 'bun.lock': lock };
    const byFlag = await linesOf({ start: 'bun --preload ./otel.ts src/index.ts' }, more);
    const bySettings = await linesOf(
      { start: 'bun src/index.ts' },
      { ...more, 'bunfig.toml': 'preload = ["./otel.ts"]\n' },
    );
    for (const made of [byFlag, bySettings]) {
      expect(made.build).toContain('"src/index.ts", "otel.ts"');
      expect(made.start).toBe('CMD ["bun", "--preload", "./otel.js", "src/index.js"]');
    }
  });

  it('are flags of the command where a variable of the script names them', async () => {
    const start = 'NODE_OPTIONS="--import ./tracing.mjs --max-old-space-size=300" node server.js';
    const more = { 'tracing.mjs': "import './more.mjs';\n", 'more.mjs': '', 'server.js': sources['src/index.ts'] };
    const made = await linesOf({ start, uses: express }, more);
    expect(made.start).toBe('CMD ["node", "--import", "./tracing.mjs", "--max-old-space-size=300", "server.js"]');
    expect(made.copied.join(' ')).toContain('more.mjs');
  });

  it('stay packages where production has them, without the loaders of development', async () => {
    const start = 'node --import tsx --import @otel/register --enable-source-maps src/index.ts';
    const made = await linesOf({ start, has: esbuild, uses: { ...express, '@otel/register': '1' } }, {});
    expect(made.start).toBe('CMD ["node", "--enable-source-maps", "--import", "@otel/register", "dist/index.js"]');
  });

  it('are run as they are where Node.js runs the source', async () => {
    const more = { 'telemetry.ts': "import './src/shared.ts';\n" };
    const made = await linesOf(
      { start: 'node --import ./telemetry.ts src/index.ts', has: esbuild, uses: express },
      more,
    );
    expect(made.build).toBeUndefined();
    expect(made.start).toBe('CMD ["node", "--import", "./telemetry.ts", "src/index.ts"]');
  });

  it('change nothing where there are none', async () => {
    const made = await linesOf({ start: 'tsx src/index.ts', has: esbuild, uses: express }, {});
    expect(made.build).toContain('"--outfile=dist/index.js"');
    expect(made.start).toBe('CMD ["node", "dist/index.js"]');
  });
});
