import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

const settings = async (files: Record<string, string>) => {
  const { tokens, notes } = await factsOfSource('', files);
  return { tokens: tokens.map((token) => token.variable), codes: notes.map((note) => note.code), notes };
};
const npmrc = (value: string) =>
  settings({ '.npmrc': `registry=https://r.example/\n//r.example/:_authToken=${value}\n` });

/** A project of Yarn 4, which is what reads `.yarnrc.yml`. */
const yarnrc = (text: string) =>
  factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      packageManager: 'yarn@4.9.1',
      scripts: { start: 'node src/index.js' },
      engines: { node: '26' },
    }),
    'yarn.lock': '__metadata:\n  version: 8\n',
    'src/index.js': '',
    '.yarnrc.yml': text,
  });

describe('tokens of registries', () => {
  it.each([
    ['${NPM_TOKEN}', 'NPM_TOKEN'],
    ['${NPM_TOKEN?}', 'NPM_TOKEN'],
    ['${NPM_TOKEN-}', 'NPM_TOKEN'],
    ['${NPM_TOKEN:-none}', 'NPM_TOKEN'],
    ['"${NPM_TOKEN}"', 'NPM_TOKEN'],
    ['$NPM_TOKEN', 'NPM_TOKEN'],
    ['${AWS_SECRET_ACCESS_KEY}', 'AWS_SECRET_ACCESS_KEY'],
    ['${UV_INDEX_X_PASSWORD}', 'UV_INDEX_X_PASSWORD'],
    ['${LD_SDK_KEY}', 'LD_SDK_KEY'],
  ])('are named by %s in .npmrc, whatever the name says', async (value, name) => {
    expect(await npmrc(value)).toMatchObject({ tokens: [name], codes: [] });
  });

  it.each(['PATH', 'HOME', 'LD_PRELOAD', 'NODE_OPTIONS', 'BASH_ENV', 'PYTHONSTARTUP', 'npm_config_script_shell'])(
    'are never %s: it is said, with the line and what to do',
    async (name) => {
      const found = await npmrc(`\${${name}}`);
      expect(found).toMatchObject({ tokens: [], codes: ['token-refused'] });
      expect(found.notes[0]).toMatchObject({ from: [{ file: '.npmrc', line: 2 }] });
      expect(found.notes[0]?.message).toContain(`.npmrc:2 uses ${name}`);
      expect(found.notes[0]?.message).toContain('such as NPM_TOKEN');
    },
  );

  it.each(['${npm_config_//r.example/:_authToken}', '${A,target=/etc/passwd}', '${A B}', '${}'])(
    'are no part of a name that no variable can have: %s',
    async (value) => {
      expect(await npmrc(value)).toMatchObject({ tokens: [], codes: ['token-without-a-name'] });
    },
  );

  it('take the good names of a line and leave out the others', async () => {
    expect(await npmrc('${NPM_TOKEN}${PATH}')).toMatchObject({ tokens: ['NPM_TOKEN'], codes: ['token-refused'] });
  });

  it.each([
    ['a scope', '[install.scopes]\nacme = { url = "https://r.example/", token = "$NAME" }\n'],
    ['a scope in braces', '[install.scopes]\n"@acme" = { url = "https://r.example/", password = "${NAME}" }\n'],
    ['an address', '[install]\nregistry = "https://user:$NAME@r.example/"\n'],
    ['a registry', '[install]\nregistry = { url = "https://r.example/", token = "$NAME" }\n'],
  ])('are named by bunfig.toml, and refused there alike: %s', async (_title, text) => {
    const named = (name: string) => settings({ 'bunfig.toml': text.replace('NAME', name) });
    expect(await named('AWS_SECRET_ACCESS_KEY')).toMatchObject({ tokens: ['AWS_SECRET_ACCESS_KEY'], codes: [] });
    expect(await named('LD_PRELOAD')).toMatchObject({ tokens: [], codes: ['token-refused'] });
  });

  it.each([
    ['every registry', 'npmAuthToken: "${NAME}"\n', 1, undefined],
    ['a scope', 'npmScopes:\n  acme:\n    npmAuthToken: ${NAME-}\n', 3, '@acme'],
    ['one registry', 'npmRegistries:\n  "//r.example":\n    npmAuthIdent: "${NAME:-a:b}"\n', 3, undefined],
  ])('are named by .yarnrc.yml, and refused there alike: %s', async (_title, text, line, scope) => {
    const facts = await yarnrc(text.replace('NAME', 'AWS_SECRET_ACCESS_KEY'));
    expect(facts.tokens).toMatchObject([
      { variable: 'AWS_SECRET_ACCESS_KEY', ...(scope ? { scope } : {}), from: [{ file: '.yarnrc.yml', line }] },
    ]);
    const refused = await yarnrc(text.replace('NAME', 'NODE_OPTIONS'));
    expect(refused.tokens).toEqual([]);
    expect(refused.notes.map((note) => note.code)).toContain('token-refused');
  });

  it('are not read from .yarnrc.yml beside another manager, nor from a broken one', async () => {
    const text = 'npmAuthToken: "${NPM_TOKEN}"\n';
    expect(await settings({ '.yarnrc.yml': text })).toMatchObject({ tokens: [] });
    expect((await yarnrc(`${text}  - [`)).tokens).toEqual([]);
  });

  it('in clear in .yarnrc.yml are a note that does not repeat them', async () => {
    const facts = await yarnrc('npmAuthToken: npm_abcdef\n');
    expect(facts.notes.map((note) => note.code)).toContain('token-in-clear');
    expect(JSON.stringify(facts)).not.toContain('npm_abcdef');
  });

  it('have every place that names them', async () => {
    const facts = await factsOfSource('', {
      '.npmrc': '//a.example/:_authToken=${NPM_TOKEN}\n//b.example/:_authToken=${NPM_TOKEN}\n',
      'bunfig.toml': '[install.scopes]\nacme = { token = "$NPM_TOKEN" }\n',
    });
    expect(facts.tokens).toMatchObject([{ variable: 'NPM_TOKEN', file: '.npmrc' }]);
    expect(facts.tokens[0]?.from.map(({ file, line }) => `${file}:${line}`)).toEqual([
      '.npmrc:1',
      '.npmrc:2',
      'bunfig.toml:2',
    ]);
  });

  it('read 10,000 odd lines at once', async () => {
    const started = performance.now();
    await npmrc('$'.repeat(100_000));
    await settings({ '.npmrc': '//r/:_authToken=${A\n'.repeat(10_000) });
    await settings({ '.npmrc': '//r/:_authToken=${A}\n'.repeat(10_000) });
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});

describe('variables by which programs load code', () => {
  const names = ['NODE_OPTIONS', 'NODE_PATH', 'LD_PRELOAD', 'BASH_ENV', 'PYTHONPATH', 'GIT_SSH_COMMAND'];

  it.each(names)('%s is not handed on where the source reads it, and it is said', async (name) => {
    const facts = await factsOfSource(
      `use(process.env.OTHER);\nuse(process.env.${name} ?? 'x');\nuse(process.env.${name});`,
    );
    expect(facts.variables.map((variable) => variable.name)).toEqual(['OTHER']);
    const notes = facts.notes.filter((note) => note.code === 'loader-variable');
    expect(notes).toMatchObject([{ from: [{ file: 'src/index.ts', line: 2 }] }]);
    expect(notes[0]?.message).toContain(`src/index.ts:2 reads ${name}`);
    expect(notes[0]?.message).toContain('start command');
  });

  it.each([
    ['destructuring', 'const { NODE_OPTIONS, REGION } = process.env; use(NODE_OPTIONS, REGION);'],
    ['a list', "for (const name of ['NODE_OPTIONS', 'REGION']) if (!process.env[name]) throw new Error(name);"],
    [
      'a schema',
      "import { z } from 'zod'; z.object({ NODE_OPTIONS: z.string(), REGION: z.string() }).parse(process.env);",
    ],
    [
      'a helper',
      "const env = (name: string) => { const value = process.env[name]; if (!value) throw new Error(name); return value; }; env('NODE_OPTIONS'); env('REGION');",
    ],
  ])('are left out by every way to read them: %s', async (_title, text) => {
    const facts = await factsOfSource(text);
    expect(facts.variables.map((variable) => variable.name)).toEqual(['REGION']);
    expect(facts.notes.map((note) => note.code)).toContain('loader-variable');
  });

  it('are not said of the machine’s own, which every container has', async () => {
    const facts = await factsOfSource('use(process.env.PATH, process.env.HOME, process.env.npm_config_user_agent);');
    expect(facts.variables).toEqual([]);
    expect(facts.notes).toEqual([]);
  });

  it('are given no port and no address by the image', async () => {
    const serve = (port: string, host: string) =>
      factsOfSource(`Bun.serve({ port: ${port}, hostname: ${host}, fetch });`);
    const fixed = await serve('process.env.LD_PRELOAD || 3100', 'process.env.NODE_PATH || "0.0.0.0"');
    expect(fixed.port).toMatchObject({ value: { number: 3100 } });
    expect(JSON.stringify([fixed.port, fixed.host])).not.toContain('"variable"');
    expect((await serve('process.env.PATH', '"0.0.0.0"')).port).toMatchObject({ ask: 'port' });
    const plain = await serve('process.env.MY_PORT || 3100', 'process.env.MY_HOST || "0.0.0.0"');
    expect(plain).toMatchObject({
      port: { value: { number: 3100, variable: 'MY_PORT' } },
      host: { value: { variable: 'MY_HOST' } },
    });
  });

  it('are no build arguments of a page, whatever prefix its settings name', async () => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { build: 'vite build' },
        engines: { node: '26' },
        devDependencies: { vite: '7.0.0' },
      }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'index.html': '<script type="module" src="/src/main.js"></script><p>%NODE_PATH%</p>',
      'src/main.js': 'console.log(import.meta.env.NODE_OPTIONS, import.meta.env.NODE_TITLE);',
      'vite.config.js': "export default { envPrefix: 'NODE_' };",
    });
    expect(facts.site).toBeDefined();
    expect(facts.variables.map((variable) => variable.name)).toEqual(['NODE_TITLE']);
  });
});
