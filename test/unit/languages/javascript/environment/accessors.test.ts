import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

type Read = readonly [name: string, required: boolean, standIn: string | undefined];

/** What is said of the variables of a source: their names, whether they are required, and what stands in. */
const reads = async (text: string): Promise<readonly Read[]> =>
  (await factsOfSource(text)).variables.map((one) => [one.name, one.required, one.default]);

describe('a function that reads a variable, with something that may stand in', () => {
  const calls = 'read("NEEDED"); read("GIVEN", "x");';
  it.each([
    [
      'a default of undefined',
      'function read(name, other: string | undefined = undefined) { const value = process.env[name]; if (value === undefined || value === "") { if (other === undefined) { throw new Error(name) } return other } return value }',
    ],
    [
      'a default of null',
      'const read = (name, other = null) => { const value = process.env[name] ?? other; if (value === null) throw new Error(name); return value }',
    ],
    [
      'the parameter behind ||',
      'function read(name, other?) { const value = process.env[name] || other; if (!value) throw new Error(name); return value }',
    ],
    [
      'a condition on the parameter',
      'function read(name, other?) { if (process.env[name]) return process.env[name]; if (typeof other !== "undefined") return other; process.exit(1) }',
    ],
    [
      'overloads',
      'function read(name: string): string; function read(name: string, other: string): string; function read(name: string, other?: string) { const value = process.env[name] ?? other; if (value == null) throw new TypeError(name); return value }',
    ],
    [
      'the number of arguments',
      'function read(name, other) { if (!(name in process.env)) { if (arguments.length < 2) throw new Error(name); return other } return process.env[name] }',
    ],
    [
      'a function that always throws',
      'const fail = (name): never => { throw new Error(`no ${name}`) }; const read = (name, other = undefined) => process.env[name] ?? other ?? fail(name)',
    ],
    [
      'an error that is caught',
      'function need(name) { const value = process.env[name]; if (!value) throw new Error(name); return value } function read(name, other = undefined) { try { return need(name) } catch (error) { if (other !== undefined) return other; throw error } }',
    ],
    [
      'a name that is given its value later',
      'function read(name, other = undefined) { let value = process.env[name]; value ??= other; if (!value) throw new Error(name); return value.trim() }',
    ],
  ])('is demanded where nothing does: %s', async (_, source) => {
    expect(await reads(`${source}\n${calls}`)).toEqual([
      ['GIVEN', false, 'x'],
      ['NEEDED', true, undefined],
    ]);
  });

  it.each([
    [
      'a value',
      'function read(name, options = {}) { const value = process.env[name] ?? options.default; if (value === undefined) throw new Error(name); return value }',
      'read("NEEDED"); read("ALSO", { secret: true }); read("GIVEN", { default: "x" })',
    ],
    [
      'whether it has to be set',
      'function read(name, { required = true, fallback } = {}) { const value = process.env[name]; if (!value && required) throw new Error(name); return value || fallback }',
      'read("NEEDED"); read("ALSO", { required: true }); read("GIVEN", { required: false, fallback: "x" })',
    ],
    [
      'a value that it may not name',
      'function read(name, options?) { const value = process.env[name]; if (value) return value; if (options?.default === undefined) { console.error(name); process.exit(1) } return options.default }',
      'read("NEEDED"); read("ALSO", {}); read("GIVEN", { default: "x" })',
    ],
  ])('is asked for by an object of options: %s', async (_, source, asked) => {
    expect(await reads(`${source}\n${asked}`)).toEqual([
      ['ALSO', true, undefined],
      ['GIVEN', false, 'x'],
      ['NEEDED', true, undefined],
    ]);
  });

  it.each([
    [
      'a default that is a value',
      '(name, other = "y") => { const value = process.env[name] || other; if (!value) throw name; return value }',
      'y',
    ],
    ['no error', '(name, other = undefined) => process.env[name] ?? other', undefined],
    [
      'a text without characters',
      '(name, other = "") => { const value = process.env[name]; if (value === undefined && other === undefined) throw name; return value ?? other }',
      undefined,
    ],
    [
      'development alone',
      '(name) => { if (!process.env[name] && process.env.NODE_ENV !== "production") throw name; return process.env[name] }',
      undefined,
    ],
  ])('stays optional with %s', async (_, source, standIn) => {
    expect(await reads(`const read = ${source}; read("A")`)).toEqual([['A', false, standIn]]);
  });

  it('takes no text that only the error says for a value', async () => {
    const source =
      'function read(name, what) { const value = process.env[name]; if (!value) throw new Error(`${what} is missing`); return value }';
    expect(await reads(`${source} read("A", "the key of the shop")`)).toEqual([['A', true, undefined]]);
  });

  it('is demanded by a field of a class, from a module of all helpers', async () => {
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts': "import { Mail } from './mail';\nconsole.log(Mail.SITE);\n",
      'src/mail.ts':
        "import * as tools from './tools';\nexport abstract class Mail { static SITE = tools.setting('SITE'); static LANGUAGE = tools.setting('LANGUAGE', 'en'); }\n",
      'src/tools.ts':
        'export function setting(key: string, other: string | undefined = undefined): string { const found = process.env[key]; if (!found) { if (other === undefined) throw new Error(key); return other } return found }\n',
    });
    expect(facts.variables).toMatchObject([
      { name: 'LANGUAGE', required: false, default: 'en' },
      { name: 'SITE', required: true },
    ]);
  });
});
