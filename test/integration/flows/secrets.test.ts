import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { build } from '../../../src/flows/build.ts';
import { type BuildSecret, buildSecretsOf, decideSecrets, secretOverrides } from '../../../src/flows/secrets.ts';
import { verify } from '../../../src/flows/verify.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import type { Config } from '../../../src/model/config.ts';
import { UserError } from '../../../src/model/errors.ts';
import type { Image } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const npmrc = (...names: readonly string[]) =>
  names.map((name, index) => `//r${index}.example/:_authToken=\${${name}}\n`).join('');

const files = (settings: string): Record<string, string> => ({
  'package.json': JSON.stringify({
    name: 'mini',
    version: '1.0.0',
    type: 'module',
    scripts: { start: 'node server.js' },
    engines: { node: '26' },
    dependencies: { 'is-odd': '3.0.1' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'mini',
    lockfileVersion: 3,
    packages: { '': { dependencies: { 'is-odd': '3.0.1' } }, 'node_modules/is-odd': { version: '3.0.1' } },
  }),
  'server.js': "import { createServer } from 'node:http';\ncreateServer((q, s) => s.end('ok')).listen(3000);\n",
  '.npmrc': settings,
});

async function planned(sources: Readonly<Record<string, string>>, config: Config = {}) {
  const project = memoryProject(sources);
  const [facts] = (await inspect(project, { config })).apps;
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config, read: project.read });
  const image = plan.images['app'] as Image;
  return { plan, image, artifacts: artifactsOf(plan, project.files()) };
}

const stopped = (work: Promise<unknown>): Promise<UserError> =>
  work.then(
    () => Promise.reject(new Error('it was not stopped')),
    (error: unknown) => (error instanceof UserError ? error : Promise.reject(error)),
  );

const shell = {
  NPM_TOKEN: 'token-of-npm',
  UV_INDEX_X_PASSWORD: 'password-of-an-index',
  AWS_SECRET_ACCESS_KEY: 'canary-of-aws',
  GITHUB_TOKEN: 'canary-of-github',
};

describe('the value of a build secret', () => {
  it('is handed over for tokens of registries without asking', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN', 'UV_INDEX_X_PASSWORD')));
    const decided = await decideSecrets(made, {}, { shell });
    expect(decided.values).toEqual([
      { id: 'NPM_TOKEN', value: 'token-of-npm' },
      { id: 'UV_INDEX_X_PASSWORD', value: 'password-of-an-index' },
    ]);
    expect(decided.given.map((one) => one.value)).toEqual(['shell', 'shell']);
    expect(decided.real).toEqual({ NPM_TOKEN: 'token-of-npm', UV_INDEX_X_PASSWORD: 'password-of-an-index' });
  });

  it('is empty where the variable is not set, and that is said', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN', 'MY_LOGIN')));
    const decided = await decideSecrets(made, {}, { shell: {} });
    expect(decided.values.map((one) => one.value)).toEqual(['', '']);
    expect(decided.given.map((one) => one.value)).toEqual(['empty', 'empty']);
    expect(secretOverrides(decided.given)[0]).toBe(
      'build secret NPM_TOKEN: empty, because the variable is not set in this shell',
    );
  });

  it.each(['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN'])('stops a build without a consent: %s', async (name) => {
    const made = await planned(files(npmrc('NPM_TOKEN', name)));
    const error = await stopped(decideSecrets(made, {}, { shell }));
    expect(error).toMatchObject({ code: 'build-secret-consent', exit: 2, where: { file: '.npmrc', line: 2 } });
    expect(error.message).toContain(`the value of ${name}`);
    expect(error.next.join('\n')).toContain(`.npmrc:2 requests ${name}. RUN npm ci`);
    expect(error.next.join('\n')).toContain(`--build-secret ${name}`);
    expect(JSON.stringify([error.message, error.next])).not.toContain('canary');
  });

  it('names every variable that lacks a consent, and the flags that are there already', async () => {
    const made = await planned(files(npmrc('AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'OTHER')));
    const all = { ...shell, OTHER: 'x' };
    const error = await stopped(decideSecrets(made, { buildSecrets: ['OTHER'] }, { shell: all }));
    expect(error.message).toContain('AWS_SECRET_ACCESS_KEY and GITHUB_TOKEN');
    expect(error.next.join()).toContain(
      '--build-secret OTHER --build-secret AWS_SECRET_ACCESS_KEY --build-secret GITHUB_TOKEN',
    );
  });

  it('is handed over where the person names it', async () => {
    const made = await planned(files(npmrc('AWS_SECRET_ACCESS_KEY')));
    const decided = await decideSecrets(made, { buildSecrets: ['AWS_SECRET_ACCESS_KEY'] }, { shell });
    expect(decided.values).toEqual([{ id: 'AWS_SECRET_ACCESS_KEY', value: 'canary-of-aws' }]);
  });

  it('is handed over after a yes alone, and what is asked says who asks and who would see it', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY')));
    const asked: BuildSecret[] = [];
    const answer = (yes: boolean) => ({
      confirmSecret: async (secret: BuildSecret) => {
        asked.push(secret);
        return yes;
      },
    });
    const decided = await decideSecrets(made, answer(true), { shell });
    expect(decided.values.map((one) => one.value)).toEqual(['token-of-npm', 'canary-of-aws']);
    expect(asked).toMatchObject([
      {
        name: 'AWS_SECRET_ACCESS_KEY',
        from: [{ file: '.npmrc', line: 2 }],
        instructions: ['RUN npm ci (deps)', 'RUN npm ci --omit=dev (modules)'],
      },
    ]);
    expect(await stopped(decideSecrets(made, answer(false), { shell }))).toMatchObject({
      code: 'build-secret-consent',
    });
  });

  it('is a throwaway one of its own name, as what runs may have to have the same', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY')));
    const decided = await decideSecrets(made, {}, { shell: {}, throwaway: (name) => `for-${name}` });
    expect(decided.values.filter(({ value }) => value !== '').every(({ id, value }) => value === `for-${id}`)).toBe(
      true,
    );
    expect(decided.given.map(({ value }) => value)).toContain('throwaway');
  });

  it('is a throwaway one where values are replaced, whether the variable is set or not', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY')));
    for (const set of [shell, { NPM_TOKEN: 'token-of-npm' }]) {
      const decided = await decideSecrets(made, {}, { shell: set, throwaway: () => 'f00d' });
      expect(decided.values.map((one) => one.value)).toEqual(['token-of-npm', 'f00d']);
      expect(decided.real).toEqual({ NPM_TOKEN: 'token-of-npm' });
      expect(secretOverrides(decided.given)).toEqual([
        'build secret NPM_TOKEN: value from this shell, for the build only',
        'build secret AWS_SECRET_ACCESS_KEY: a throwaway value (`--build-secret AWS_SECRET_ACCESS_KEY` passes the value from this shell)',
      ]);
    }
    const named = { buildSecrets: ['AWS_SECRET_ACCESS_KEY'] };
    const decided = await decideSecrets(made, named, { shell, throwaway: () => 'f00d' });
    expect(decided.values.map((one) => one.value)).toEqual(['token-of-npm', 'canary-of-aws']);
  });

  it('is not handed over for a name that nothing asks for: those that are there are listed', async () => {
    const made = await planned(files(npmrc('NPM_TOKEN')));
    const wrong = (name: string, set: Record<string, string> = shell) =>
      stopped(decideSecrets(made, { buildSecrets: [name] }, { shell: set }));
    expect(await wrong('AWS_SECRET_ACCESS_KEY')).toMatchObject({
      code: 'build-secret-unknown',
      next: ['It uses NPM_TOKEN.'],
    });
    const withValue = await wrong('NPM_TOKEN=npm_abcdef');
    expect(withValue.next[0]).toContain('only the name');
    expect(JSON.stringify([withValue.message, withValue.next])).not.toContain('npm_abcdef');
    expect(await wrong('NPM_TOKEN', {})).toMatchObject({ code: 'build-secret-unset' });
    expect(await wrong('NODE_OPTIONS')).toMatchObject({ code: 'build-secret-refused' });
    const none = await planned(files(''));
    expect(await stopped(decideSecrets(none, { buildSecrets: ['X'] }, { shell }))).toMatchObject({
      next: ['It does not use any build secrets: remove the option.'],
    });
  });

  it.each(['PATH', 'HOME', 'LD_PRELOAD', 'NODE_OPTIONS'])(
    'is never that of %s, and no generated file names it',
    async (name) => {
      const { image, plan, artifacts } = await planned(files(npmrc(name)));
      expect(image.buildSecrets).toEqual([]);
      expect(plan.settings[name]).toBeUndefined();
      for (const artifact of artifacts)
        expect(artifact.content, artifact.path).not.toMatch(new RegExp(`(id|env)=${name}\\b|^\\s*#?${name}[:=]`, 'm'));
    },
  );
});

describe('generating', () => {
  it('depends on no value of the shell, and shows what asks for a secret and who would see it', async () => {
    const { plan, image } = await planned(files(npmrc('NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY')));
    expect(buildSecretsOf(plan, image)).toMatchObject([
      { name: 'NPM_TOKEN', needsConsent: false, from: [{ line: 1 }] },
      { name: 'AWS_SECRET_ACCESS_KEY', needsConsent: true, from: [{ line: 2 }] },
    ]);
    const decision = plan.decisions['images.app.buildSecrets.AWS_SECRET_ACCESS_KEY'];
    expect(decision?.why).toContain('--build-secret AWS_SECRET_ACCESS_KEY');
    expect(plan.decisions['images.app.buildSecrets.NPM_TOKEN']?.why).not.toContain('--build-secret');
    expect(plan.decisions['images.app.stages.deps.install']?.from).toMatchObject([
      { file: 'package-lock.json' },
      { file: '.npmrc', line: 1 },
      { file: '.npmrc', line: 2 },
    ]);
  });
});

describe('overrides of the configuration', () => {
  const overridden = (overrides: Record<string, unknown>) => stopped(planned(files(npmrc('NPM_TOKEN')), { overrides }));
  const secret = { id: 'X', env: 'X', decision: 'images.app' };
  const variable = (name: string, value: object) => ({
    [`workloads.app.env.${name}`]: { value, secret: false, purpose: 'p', decision: 'images.app' },
  });

  it('name no file of this machine as a build secret', async () => {
    for (const id of ['X,src=/etc/passwd', 'X,type=file', '', 'X Y'])
      expect(await overridden({ 'images.app.buildSecrets': [{ ...secret, id }] })).toMatchObject({
        code: 'override-invalid',
      });
  });

  it.each([
    [
      'a variable from the shell',
      variable('NODE_OPTIONS', { from: 'user', variable: 'NODE_OPTIONS', required: false }),
    ],
    ['another variable from it', variable('OTHER', { from: 'user', variable: 'LD_PRELOAD', required: true })],
    ['a part of a value', variable('OTHER', { from: 'parts', parts: [{ variable: 'BASH_ENV', required: false }] })],
    ['a value', variable('NODE_OPTIONS', { from: 'literal', text: '--require ./x.js' })],
    ['a build secret', { 'images.app.buildSecrets': [{ ...secret, env: 'PYTHONSTARTUP' }] }],
  ])('bring in no variable that loads code: %s', async (_title, overrides) => {
    const error = await overridden(overrides);
    expect(error).toMatchObject({ code: 'override-loader' });
    expect(error.next.join()).toContain('start command');
  });

  it('may bring in any other variable, whose value needs a consent all the same', async () => {
    const text = { from: 'literal', text: 'x' };
    await planned(files(''), { overrides: variable('OTHER', text) });
    const overrides = { 'images.app.buildSecrets': [{ ...secret, env: 'AWS_SECRET_ACCESS_KEY' }] };
    const made = await planned(files(''), { overrides });
    expect(await stopped(decideSecrets(made, {}, { shell }))).toMatchObject({ code: 'build-secret-consent' });
    const machine = await planned(files(''), {
      overrides: { 'images.app.buildSecrets': [{ ...secret, env: 'HOME' }] },
    });
    expect(await stopped(decideSecrets(machine, {}, { shell }))).toMatchObject({ code: 'build-secret-refused' });
  });
});

describe('build and verify', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'dockwright-secrets-'));
    process.env['AWS_SECRET_ACCESS_KEY'] = 'canary-of-aws';
    const sources = {
      ...files(npmrc('AWS_SECRET_ACCESS_KEY')),
      // the author's own file stays, and asks for the same secret
      Dockerfile: 'FROM scratch\nRUN --mount=type=secret,id=AWS_SECRET_ACCESS_KEY npm ci\n',
      'docker-compose.yml': 'services:\n  app:\n    build: .\n',
    };
    for (const [path, content] of Object.entries(sources)) writeFileSync(join(root, path), content);
  });
  afterEach(() => {
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    rmSync(root, { recursive: true });
  });

  it('stop before anything of the engine is asked: a build without a consent, both for a name that nothing asks for', async () => {
    expect(await stopped(build({ cwd: root }))).toMatchObject({ code: 'build-secret-consent' });
    const named = { cwd: root, buildSecrets: ['AWS_SESSION_TOKEN'] };
    expect(await stopped(build(named))).toMatchObject({ code: 'build-secret-unknown' });
    expect(await stopped(verify(named))).toMatchObject({ code: 'build-secret-unknown' });
  });

  it('send no folder outside of the repository to the engine', async () => {
    writeFileSync(join(root, '.npmrc'), '');
    symlinkSync('..', join(root, 'link'));
    for (const folder of ['..', '/', 'link', `../${basename(root)}`, 'a/../..']) {
      const overrides = { 'images.app.context.root': folder };
      writeFileSync(join(root, 'dockwright.json'), JSON.stringify({ overrides }));
      expect(await stopped(build({ cwd: root })), folder).toMatchObject({ code: 'context-outside' });
    }
  });

  it('take no consent from a file of the repository', async () => {
    for (const key of ['buildSecrets', 'build-secret', 'buildSecret']) {
      writeFileSync(join(root, 'dockwright.json'), JSON.stringify({ [key]: ['AWS_SECRET_ACCESS_KEY'] }));
      expect(await stopped(build({ cwd: root }))).toMatchObject({ code: 'config-unknown-key' });
      rmSync(join(root, 'dockwright.json'));
      const set = { [key]: 'AWS_SECRET_ACCESS_KEY' };
      expect(await stopped(build({ cwd: root, set }))).toMatchObject({ code: 'config-unknown-key' });
    }
    writeFileSync(join(root, '.env'), 'AWS_SECRET_ACCESS_KEY=x\n');
    expect(await stopped(build({ cwd: root }))).toMatchObject({ code: 'build-secret-consent' });
  });
});
