import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** What is said of the variables of an app that signs people in with a package, by its options. */
async function variablesOf(name: string, range: string, module: string, text: string) {
  const manifest = {
    name: 'club',
    type: 'module',
    scripts: { start: 'node index.js' },
    engines: { node: '24' },
    dependencies: { [name]: range },
  };
  const facts = await factsOf({
    'package.json': JSON.stringify(manifest),
    'index.js': `import { make } from '${module}';\nimport { createServer } from 'node:http';\n${text}\ncreateServer().listen(3000);\n`,
  });
  return facts.variables.map(({ name: variable, required, default: value }) => [variable, required, value]);
}

describe('a package that signs people in', () => {
  it.each([
    ['next-auth', '^4.24.0', 'next-auth', 'make({ providers: [] });', ['NEXTAUTH_SECRET', 'NEXTAUTH_URL']],
    ['next-auth', '5.0.0-beta.30', 'next-auth', 'make({ providers: [] });', ['AUTH_SECRET', 'AUTH_URL']],
    ['@auth/express', '0.8.0', '@auth/express', 'make({ providers: [] });', ['AUTH_SECRET', 'AUTH_URL']],
    ['better-auth', '1.3.0', 'better-auth/minimal', 'make({});', ['BETTER_AUTH_SECRET', 'BETTER_AUTH_URL']],
    [
      'better-auth',
      '1.3.0',
      'better-auth',
      "make({ baseURL: process.env.BETTER_AUTH_URL ?? 'http://localhost:5173', secret: process.env['BETTER_AUTH_SECRET'] });",
      ['BETTER_AUTH_SECRET', 'BETTER_AUTH_URL'],
    ],
  ])('needs its secret and its address in production: %s %s', async (name, range, module, text, names) => {
    expect(await variablesOf(name, range, module, text)).toEqual(names.map((one) => [one, true, undefined]));
  });

  it.each([
    [
      'better-auth',
      '1.3.0',
      "make({ baseURL: process.env.SITE ?? 'http://localhost:3000', secret: process.env.KEY });",
      [
        ['KEY', false, undefined],
        ['SITE', false, 'http://localhost:3000'],
      ],
    ],
    ['next-auth', '5.0.0', 'make({ trustHost: true });', [['AUTH_SECRET', true, undefined]]],
    [
      'next-auth',
      '4.0.0',
      'make({ secret: process.env.KEY });',
      [
        ['KEY', false, undefined],
        ['NEXTAUTH_URL', true, undefined],
      ],
    ],
  ])('has what its options say in their place: %s %s', async (name, range, text, all) => {
    expect(await variablesOf(name, range, name, text)).toEqual(all);
  });

  it('needs nothing where no module imports it, or it asks another server', async () => {
    expect(await variablesOf('next-auth', '4.24.0', 'elsewhere', 'make({});')).toEqual([]);
    expect(await variablesOf('better-auth', '1.3.0', 'better-auth/react', 'make({});')).toEqual([]);
  });
});
