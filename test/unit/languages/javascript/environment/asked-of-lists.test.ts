import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

/** The variables that an app with this start cannot do without. */
async function required(text: string) {
  const manifest = { name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } };
  const { variables } = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text });
  expect(variables.map(({ name }) => name)).toEqual(['HOOK_PORT', 'HOOK_URL']);
  return variables.filter((one) => one.required).map(({ name }) => name);
}

const names = "const names = ['HOOK_URL', 'HOOK_PORT'];\n";

describe('a list of variables', () => {
  it.each([
    [
      'are refused where they are set',
      'const set = names.filter((name) => Boolean(process.env[name]?.trim()));\nif (set.length > 0) throw new Error(`remove ${set}`);',
    ],
    ['are refused one by one', "for (const name of names) if (process.env[name]) throw new Error('remove ' + name);"],
    [
      'are refused where one is found',
      'const old = names.find((name) => process.env[name] !== undefined);\nif (old) { console.error(old); process.exit(1); }',
    ],
    ['are refused by some', 'if (names.some((name) => process.env[name])) throw new Error("old names");'],
    [
      'are one of several ways',
      'const ways = names.filter((name) => process.env[name]);\nif (ways.length === 0) throw new Error("set one of them");',
    ],
    ['are all missing', 'if (names.every((name) => !process.env[name])) throw new Error("set one of them");'],
  ])('asks for none of those that %s', async (_, text) => {
    expect(await required(names + text)).toEqual([]);
  });

  it.each([
    [
      'missing',
      'const gone = names.filter((name) => !process.env[name]);\nif (gone.length) throw new Error(`${gone}`);',
    ],
    [
      'looked for one by one',
      'names.forEach((name) => { if (process.env[name] === undefined) throw new Error(name); });',
    ],
    [
      'counted',
      'const set = names.filter((name) => process.env[name]);\nif (set.length !== names.length) throw new Error("some are missing");',
    ],
    ['not all there', 'if (!names.every((name) => Boolean(process.env[name]))) throw new Error("some are missing");'],
    [
      'some of them missing',
      'if (names.some((name) => !process.env[name]?.trim())) throw new Error("some are missing");',
    ],
  ])('asks for all of those that are %s', async (_, text) => {
    expect(await required(names + text)).toEqual(['HOOK_PORT', 'HOOK_URL']);
  });
});
