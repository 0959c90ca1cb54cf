import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

/** The Dockerfile, an instruction a line, of a small server with a build script, kept with a package manager. */
async function dockerfileOf(manager: string, files: Readonly<Record<string, string>>): Promise<string> {
  const project = memoryProject({
    'package.json': JSON.stringify({
      name: 'mini',
      version: '1.0.0',
      packageManager: manager,
      scripts: { build: 'node build.cjs', start: 'node dist/server.cjs', dev: 'nodemon src/server.cjs' },
      engines: { node: '26' },
      dependencies: { '@acme/probe': '1.0.0' },
    }),
    'build.cjs': "require('node:fs').cpSync('src', 'dist', { recursive: true });",
    'src/server.cjs': "require('node:http').createServer((q, s) => s.end('ok')).listen(3000);",
    ...files,
  });
  const [facts] = (await inspect(project, {})).apps;
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
  const image = plan.images['app'];
  if (!image) throw new Error('no image');
  // one line for each instruction
  return dockerfile(plan, image).content.replaceAll(/ \\\n +/g, ' ');
}

const npmrc = { '.npmrc': '//r.example/:_authToken=${NPM_TOKEN}\n' };
const yarn1 = { 'yarn.lock': '# yarn lockfile v1\n' };
const mounted = '--mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN';

describe('what is no install', () => {
  it.each([
    ['yarn@1.22.22', { ...npmrc, ...yarn1 }],
    ['yarn@4.9.1', { '.yarnrc.yml': 'npmAuthToken: "${NPM_TOKEN}"\n', 'yarn.lock': '__metadata:\n  version: 8\n' }],
  ])('gets an empty value for %s, which stops where the variable is not set', async (manager, files) => {
    const text = await dockerfileOf(manager, files);
    expect(text).toMatch(new RegExp(`${mounted} .*yarn install`));
    expect(text).toContain("RUN NPM_TOKEN='' yarn run build");
    expect(text).toContain('CMD ["env", "NPM_TOKEN=", "yarn", "run", "dev"]');
    // in no ENV and no ARG: both would stay in the image
    expect(text).not.toMatch(/^(ENV|ARG).*TOKEN/m);
    expect(text.slice(text.indexOf('AS production'))).not.toContain('NPM_TOKEN');
  });

  it('gets none with a manager that does without, nor where no setting names a token', async () => {
    const npm = await dockerfileOf('npm@11.0.0', {
      ...npmrc,
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
    });
    expect(npm).toContain(`${mounted} npm ci`);
    expect(npm).toContain('RUN ["npm", "run", "build"]');
    expect(await dockerfileOf('yarn@1.22.22', yarn1)).toContain('RUN ["yarn", "run", "build"]');
  });
});

describe('pnpm', () => {
  const lockfile = { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
  it('reads the settings of the project as those of a user, where they name a token', async () => {
    const text = await dockerfileOf('pnpm@10.34.8', { ...npmrc, ...lockfile });
    expect(text.match(new RegExp(`${mounted} NPM_CONFIG_USERCONFIG='?\\.npmrc'? pnpm install`, 'g'))).toHaveLength(2);
    expect(await dockerfileOf('pnpm@10.34.8', lockfile)).not.toContain('USERCONFIG');
  });
});

describe('a secret of the build script', () => {
  const needs = "const key = process.env.STAMP_KEY;\nif (!key) throw new Error('STAMP_KEY is missing');\n";
  const lock = { 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' };
  const server = (text: string) => `require('node:http').createServer((q, s) => s.end(${text})).listen(3000);`;
  const of = (build: string, text = "'ok'") =>
    dockerfileOf('npm@11.0.0', { ...lock, 'build.cjs': build, 'src/server.cjs': server(text) });
  const secret = '--mount=type=secret,id=STAMP_KEY,env=STAMP_KEY';

  it('is mounted for the instruction that runs the script, and for no other', async () => {
    const text = await of(needs);
    expect(text).toContain(`RUN ${secret} npm run build`);
    expect(text.split('STAMP_KEY')).toHaveLength(3);
  });

  it('may be tested by the app, which gets no value for that', async () => {
    expect(await of(needs, "process.env.STAMP_KEY ? 'set' : 'unset'")).toContain(secret);
  });

  it.each([
    ['the app takes its value too', needs, 'process.env.STAMP_KEY'],
    ['the script goes on without', 'if (process.env.STAMP_KEY) sign(process.env.STAMP_KEY);', "'ok'"],
    ['its name is that of no secret', needs.replaceAll('STAMP_KEY', 'STAMP_COLOR'), "'ok'"],
    ['it loads code', needs.replaceAll('STAMP_KEY', 'DENO_AUTH_TOKENS'), "'ok'"],
  ])('is none where %s', async (_title, build, text) => {
    const file = await of(build, text);
    expect(file).toContain('RUN ["npm", "run", "build"]');
    expect(file).not.toContain('type=secret');
  });
});
