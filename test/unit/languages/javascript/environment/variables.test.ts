import { describe, expect, it } from 'vitest';
import type { Facts } from '../../../../../src/model/facts.ts';
import { isSecretName } from '../../../../../src/model/secret-names.ts';
import { factsOf, factsOfSource, manifest, said } from '../../../../support/facts.ts';

/** `NAME!` is required, `NAME=x` has a default, `(NAME)` is a secret. */
const short = (facts: Facts): string[] =>
  facts.variables.map((one) => {
    const text = `${one.name}${one.required ? '!' : ''}${one.default === undefined ? '' : `=${one.default}`}`;
    return one.secret ? `(${text})` : text;
  });
const variables = async (text: string, more: Record<string, string> = {}) => short(await factsOfSource(text, more));

describe('variables', () => {
  it.each([
    ['process.env.A', ['A']],
    ['Bun.env.A ?? "x"', ['A=x']],
    ['import.meta.env.A || "x"', ['A=x']],
    ['process.env["A"]', ['A']],
    ['const KEY = "A"; process.env[KEY]', ['A']],
    ['import { env } from "bun"; f(env.A)', ['A']],
    ['import { env as e } from "node:process"; f(e.A)', ['A']],
    ['import p from "node:process"; f(p.env.A)', ['A']],
    ['const { A, B = "x", C: c = "y", ...rest } = process.env', ['A', 'B=x', 'C=y']],
    ['const e = process.env; f(e.A)', ['A']],
    ['process.env.A ? 1 : 2', ['A']],
    ['const n = process.env.A ? Number(process.env.A) : 5', ['A=5']],
    ['process.env.A ??= "x"', ['A=x']],
    ['Number(process.env.A ?? 5)', ['A=5']],
    ['JSON.parse(process.env.A ?? "[]")', ['A=[]']],
    ['(process.env.A as string) ?? "x"', ['A=x']],
    ['if (!process.env.A && PROD) throw new Error("A"); f(process.env.A || "x")', ['A!']],
    ['if (process.env.A === undefined) process.exit(1); f(process.env.A ?? "x")', ['A!']],
    ['if (config.isProduction && !process.env.A) { throw new Error("A") } f(process.env.A || "x")', ['A!']],
    ['if (stage === "production" && !process.env.A) { throw new Error("A") } f(process.env.A || "x")', ['A!']],
    // what holds elsewhere than in production, or in a function that need not run, leaves the default
    ['if (!process.env.A && TEST) throw new Error("A"); f(process.env.A || "x")', ['A=x']],
    ['function check() { if (!process.env.A) throw new Error("A") } f(process.env.A || "x")', ['A=x']],
  ])('%s', async (text, expected) => {
    expect(await variables(text)).toEqual(expected);
  });

  it.each([
    ['process.env.A!'],
    ['process.env.A as string'],
    ['if (!process.env.A) throw new Error("A")'],
    ['const a = process.env.A; if (!a) { throw new Error("A") }'],
    ['const a = process.env.A; if (a === undefined) process.exit(1)'],
    ['const { A } = process.env; if (!A || !A.length) throw new Error("A")'],
    ['const a = process.env.A ?? (() => { throw new Error("A") })()'],
    ['import assert from "node:assert"; assert(process.env.A)'],
    ['fetch(`${process.env.A}/x`)'],
    ['process.env.A.split(",")'],
    ['new Client(process.env.A)'],
    ['const options = { logging: JSON.parse(process.env.A) }'],
    ['Buffer.from(process.env.A, "base64")'],
    ['const need = (n: string) => { const v = process.env[n]; if (!v) throw new Error(n); return v }; need("A")'],
    ['import env from "env-var"; env.get("A").required().asString()'],
  ])('is required: %s', async (text) => {
    expect(await variables(text)).toEqual(['A!']);
  });

  it.each([
    ['if (process.env.A) start()'],
    ['process.env.A?.split(",").map(f)'],
    ['process.env.A === "x"'],
    ['if (!process.env.A) console.warn("no A")'],
    ['if (process.env.A) fetch(`${process.env.A}/x`)'],
    ['process.env.A && start(process.env.A)'],
    ['const on = process.env.A ? JSON.parse(process.env.A) : undefined'],
    ['const key = process.env.A && Buffer.from(process.env.A)'],
    ['const opt = (n: string) => process.env[n]; opt("A")'],
  ])('is not required: %s', async (text) => {
    expect(await variables(text)).toEqual(['A']);
  });

  it.each([
    ['process.env.NODE_ENV; process.env.npm_package_version; Bun.env.CI'],
    ['process.env.A = "x"; delete process.env.A'],
    ['function f(process: { env: { A: string } }) { return process.env.A }'],
    ['other.env.A; env.A; process.environment.A'],
    ['type T = typeof process.env.A'],
    ['"process.env.A" // process.env.A'],
  ])('is none: %s', async (text) => {
    expect(await variables(text)).toEqual([]);
  });

  it('reads zod, with defaults, values, descriptions and comments', async () => {
    const facts = await factsOfSource(`import { z } from 'zod';
const base = z.object({ LOG: z.enum(['debug', 'info']).default('info') });
const flag = () => z.string().default('false').transform((v) => v === 'true');
const schema = base.extend({
  DB: z.string().url(),
  // how many at once
  JOBS: z.coerce.number().int().positive().default(4),
  NAME: z.string().optional().describe('shown in the title'),
  DEBUG: flag(),
  MODE: z.union([z.literal('a'), z.literal('b')]).optional(),
  NODE_ENV: z.string(),
}).refine((v) => v.DB);
const parsed = schema.safeParse(process.env);
if (!parsed.success) process.exit(1);
export const env = parsed.data;`);
    expect(short(facts)).toEqual(['DB!', 'DEBUG=false', 'JOBS=4', 'LOG=info', 'MODE', 'NAME']);
    expect(facts.variables.find((one) => one.name === 'LOG')?.values).toEqual(['debug', 'info']);
    expect(facts.variables.find((one) => one.name === 'NAME')?.purpose).toBe('shown in the title');
    expect(facts.variables.find((one) => one.name === 'JOBS')).toMatchObject({
      purpose: 'how many at once',
      from: [{ file: 'src/index.ts', line: 7 }],
    });
  });

  it('reads t3-env, valibot, envalid and TypeBox', async () => {
    expect(
      await variables(`import { createEnv } from '@t3-oss/env-core'; import { z } from 'zod';
createEnv({ server: { A: z.string(), B: z.string().default('x') }, client: {}, runtimeEnv: process.env })`),
    ).toEqual(['A!', 'B=x']);
    expect(
      await variables(
        `import * as v from 'valibot'; v.parse(v.object({ A: v.pipe(v.string(), v.url()), B: v.optional(v.string(), 'x') }), process.env)`,
      ),
    ).toEqual(['A!', 'B=x']);
    expect(
      await variables(
        `import { cleanEnv, str, port } from 'envalid'; cleanEnv(process.env, { A: str({ desc: 'a' }), B: port({ default: 3 }) })`,
      ),
    ).toEqual(['A!', 'B=3']);
    expect(
      await variables(
        `import { Type as t } from '@sinclair/typebox'; import { Value } from '@sinclair/typebox/value'; Value.Parse(t.Object({ A: t.String(), B: t.Optional(t.String()), C: t.String({ default: 'x' }) }), process.env)`,
      ),
    ).toEqual(['A!', 'B', 'C=x']);
  });

  it('reads a schema in a function that gets the variables', async () => {
    const schema = `import { z } from 'zod'; const s = z.object({ A: z.string(), PORT: z.coerce.number().default(5000) });`;
    const cases = [
      `export function readEnv(source: Record<string, string | undefined> = process.env) { const r = s.safeParse(source); if (r.success) return r.data; throw new Error('no') }\nBun.serve({ port: readEnv().PORT, fetch })`,
      `const load = (from: unknown) => s.parse(from); const env = load(process.env); Bun.serve({ port: env.PORT, fetch })`,
    ];
    for (const text of cases) {
      const facts = await factsOfSource(`${schema}\n${text}`);
      expect(short(facts)).toEqual(['A!', 'PORT=5000']);
      expect(facts.port).toMatchObject({ value: { number: 5000, variable: 'PORT' } });
    }
    expect(await variables(`${schema} const check = (from: unknown) => s.parse(from); check(body)`)).toEqual([]);
  });

  it('takes the values that a switch knows, where any other ends the program', async () => {
    const values = async (text: string) =>
      (await factsOfSource(text)).variables.map(({ name, values }) => [name, values]);
    const cases = 'case "s3": case "disk": open(); break;';
    expect(await values(`switch (process.env.A) { ${cases} default: throw new Error("no such store") }`)).toEqual([
      ['A', ['s3', 'disk']],
    ]);
    expect(await values(`const kind = process.env.A; switch (kind) { ${cases} default: process.exit(1) }`)).toEqual([
      ['A', ['s3', 'disk']],
    ]);
    expect(
      await values(
        `const read = (name) => process.env[name]; const kind = read("A"); switch (kind) { default: { throw kind } ${cases} }`,
      ),
    ).toEqual([['A', ['s3', 'disk']]]);
    expect(await values(`switch (process.env.A) { ${cases} default: start() }`)).toEqual([['A', undefined]]);
    expect(await values(`switch (request.kind) { ${cases} default: throw new Error(process.env.A) }`)).toEqual([
      ['A', undefined],
    ]);
  });

  it('does not take a schema of something else', async () => {
    expect(await variables(`import { z } from 'zod'; z.object({ A: z.string() }).parse(body)`)).toEqual([]);
  });

  it('merges what several places say', async () => {
    expect(await variables(`import './b'; process.env.A!`, { 'src/b.ts': `process.env.A ?? 'x'` })).toEqual(['A=x']);
  });

  it('leaves out what the entry does not reach, and tests', async () => {
    expect(
      await variables('', {
        'src/other.ts': 'process.env.A!',
        'src/a.test.ts': 'process.env.B!',
        'drizzle.config.ts': 'process.env.C!',
      }),
    ).toEqual([]);
    expect(
      await variables(`import type { T } from './types'`, { 'src/types.ts': 'process.env.A; export type T = 1' }),
    ).toEqual([]);
    expect(
      await variables(`import '@/a'; import '#b'`, {
        'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } } // aliases',
        'package.json': manifest({ imports: { '#b': './src/b.ts' } }),
        'src/a.ts': 'process.env.A',
        'src/b.ts': 'process.env.B',
      }),
    ).toEqual(['A', 'B']);
  });

  it('takes purposes and examples from .env.example, never a value of .env', async () => {
    const facts = await factsOfSource('process.env.API_TOKEN!; process.env.REGION; process.env.PLAIN', {
      '.env': 'REGION=real-secret\nPLAIN=real-secret\n',
      '.env.example': '# ---- cloud ----\n\n# where it runs\nREGION=eu-1 # or us-1\nAPI_TOKEN="change-me"\nUNUSED=1\n',
    });
    expect(facts.variables).toMatchObject([
      { name: 'API_TOKEN', secret: true },
      { name: 'PLAIN' },
      {
        name: 'REGION',
        purpose: 'where it runs',
        example: 'eu-1',
        from: [{ file: 'src/index.ts' }, { file: '.env.example', line: 4 }],
      },
    ]);
    expect(JSON.stringify(facts)).not.toContain('real-secret');
    expect(JSON.stringify(facts)).not.toContain('change-me');
  });

  it('is told by configuration what was misread', async () => {
    const facts = await factsOf(
      { 'package.json': manifest(), 'src/index.ts': 'process.env.THING' },
      { variables: { THING: { required: true, secret: true, purpose: 'p' } } },
    );
    expect(facts.variables).toMatchObject([{ required: true, secret: true, purpose: 'p' }]);
  });
});

describe('secrets', () => {
  it.each([
    'JWT_SECRET',
    'API_KEY',
    'STRIPE_SECRET_KEY',
    'DB_PASSWORD',
    'GITHUB_TOKEN',
    'SMTP_PASS',
    'ENCRYPTION_KEY',
    'RESEND_API_KEY',
    'sessionSecret',
    'AWS_SECRET_ACCESS_KEY',
    'OPENAI_KEY',
  ])('%s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });
  it.each([
    'PUBLIC_KEY',
    'STRIPE_PUBLISHABLE_KEY',
    'JWT_SECRET_FILE',
    'TOKEN_TTL',
    'ACCESS_TOKEN_EXPIRES_IN',
    'PASSWORD_MIN_LENGTH',
    'KEYBOARD',
    'CACHE_KEY',
    'PRIVATE_KEY_PATH',
    'TOKEN_URL',
    'BYPASS',
    'COMPASS_URL',
    'MONKEY',
    'PASSENGERS',
  ])('%s is none', (name) => {
    expect(isSecretName(name)).toBe(false);
  });
  it('knows a URL with a password by its default', async () => {
    expect(await variables(`process.env.BROKER ?? 'amqp://user:pw@host'`)).toEqual(['(BROKER=amqp://********@host)']);
    expect(await variables(`process.env.BROKER ?? 'amqp://host:5672'`)).toEqual(['BROKER=amqp://host:5672']);
  });
});

describe('variables of a table that is handed on whole, and names in lists', () => {
  const service = `class Config {
  constructor(private env: { [name: string]: string | undefined }) {}
  private getValue(key: string, throwOnMissing = true): string {
    const value = this.env[key];
    if (!value && throwOnMissing) throw new Error(key);
    return value as string;
  }
  public ensureValues(keys: string[]) {
    keys.forEach((k) => this.getValue(k, true));
    return this;
  }
  isProduction() { return this.getValue('MODE', false) !== 'DEV'; }
  getPort() { return this.getValue('PORT', true); }
}
`;

  it('reads the list that a class checks, at the line of each name', async () => {
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts': "import { config } from './config';\nconsole.log(config.isProduction(), config.getValue('C'));\n",
      'src/config.ts': `${service}const config = new Config(process.env).ensureValues([\n  'A',\n  'B',\n]);\nexport { config };\n`,
    });
    // nothing calls getPort
    expect(short(facts)).toEqual(['A!', 'B!', 'C!', 'MODE', 'PORT']);
    const line = service.split('\n').length + 1;
    expect(facts.variables[0]?.from).toMatchObject([{ file: 'src/config.ts', line }]);
    expect(facts.variables[1]?.from).toMatchObject([{ file: 'src/config.ts', line: line + 1 }]);
  });

  it.each([
    [
      'a class with a field',
      'class C { #e; constructor(e) { this.#e = e } get(n) { if (!this.#e[n]) throw n; return this.#e[n] } } new C(process.env).get("A")',
    ],
    [
      'an object that is typed',
      `${service}function f(config: Config) { config.getValue("A") } f(new Config(process.env))`,
    ],
    [
      'an object that is injected',
      `${service}class D { constructor(private config: Config) {} run() { return this.config.getValue("A") } } new D(new Config(process.env)).run()`,
    ],
    [
      'a function that gets the table',
      'const all = (env, names) => { for (const n of names) if (!env[n]) throw n }; all(process.env, ["A"])',
    ],
    [
      'arguments that follow',
      'function all(...names) { const gone = names.filter((n) => !process.env[n]); if (gone.length) throw gone } all("A")',
    ],
    ['a loop', 'for (const n of ["A"]) { if (!process.env[n]) { throw new Error(n) } }'],
    [
      'a list with a name',
      'const NAMES = ["A"] as const; NAMES.forEach((n) => { if (process.env[n] === undefined) process.exit(1) })',
    ],
    ['what is missing', 'const gone = ["A"].filter((n) => !(n in process.env)); if (gone.length > 0) { throw gone }'],
    [
      'what is missing, in a function',
      'function check() { const gone = []; for (const n of ["A"]) if (!process.env[n]) gone.push(n); if (gone.length) process.exit(1) } check()',
    ],
    [
      'a function for each',
      'const need = (n) => { if (!process.env[n]) throw n; return process.env[n] }; ["A"].map((n) => need(n))',
    ],
    [
      'a package that gets the table',
      'import { Settings } from "settings"; const s = new Settings(process.env).ensure(["A"])',
    ],
    ['a package that is asked for one', 'import { settings } from "settings"; settings(process.env).required("A")'],
    ['a parameter', 'const read = (env: Env) => ({ a: env.A! }); read(process.env)'],
    ['a parameter with a default', 'const read = (env = process.env) => ({ a: env.A! }); read()'],
    [
      'a schema',
      'import { z } from "zod"; class C { constructor(env) { this.env = z.object({ A: z.string() }).parse(env) } } new C(process.env)',
    ],
  ])('required: %s', async (_name, text) => {
    expect((await variables(text)).filter((one) => !/^(MODE|PORT)$/.test(one))).toEqual(['A!']);
  });

  it.each([
    ['only told', 'for (const n of ["A"]) console.log(process.env[n])'],
    ['only warned of', 'for (const n of ["A"]) if (!process.env[n]) console.warn(n)'],
    ['one of them is enough', 'const on = ["A"].some((n) => process.env[n]); if (on) start()'],
    ['switched off', `${service}new Config(process.env).getValue("A", false)`],
    ['asked of a package', 'import { Settings } from "settings"; new Settings(process.env).get("A")'],
  ])('not required: %s', async (_name, text) => {
    expect((await variables(text)).filter((one) => !/^(MODE|PORT)$/.test(one))).toEqual(['A']);
  });

  it('reads through a class that wraps the service of Nest', async () => {
    const wrapper = `import { Injectable } from '@nestjs/common';
import { ConfigService as Inner } from '@nestjs/config';
@Injectable()
export class Settings {
  constructor(private inner: Inner) {}
  private get(key: string): string {
    const value = this.inner.get<string>(key);
    if (value === null || value === undefined) throw new Error(key);
    return value;
  }
  private number(key: string): number { return Number(this.get(key)); }
  private optional(key: string) { return this.inner.get(key); }
  get mail() { return { host: this.get('MAIL_HOST'), port: this.number('MAIL_PORT'), from: this.optional('MAIL_FROM') }; }
}
`;
    expect(await variables(wrapper)).toEqual(['MAIL_FROM', 'MAIL_HOST!', 'MAIL_PORT!']);
    const strict = wrapper.replace('return this.inner.get(key)', 'return this.inner.getOrThrow(key)');
    expect(await variables(strict)).toEqual(['MAIL_FROM!', 'MAIL_HOST!', 'MAIL_PORT!']);
    expect(await variables(wrapper.replace('@nestjs/config', './inner'))).toEqual([]);
  });

  it.each([
    [
      'a field',
      'class ConfigService { private all = { LOG: { level: process.env.LEVEL } }; get(key: string) { return this.all[key] } } const configService = new ConfigService(); configService.get("LOG");',
    ],
    [
      'a parameter',
      'class ConfigService { constructor() { this.all = read() } get(key) { return this.all[key] } } function start(configService: ConfigService) { configService.get("LOG") } const read = () => ({ LOG: { level: process.env.LEVEL } }); start(new ConfigService());',
    ],
    [
      'an object',
      'const configServiceOf = { LOG: process.env.LEVEL }; const config = { get: (key) => configServiceOf[key] }; config.get("LOG");',
    ],
  ])('takes no part of own settings for a variable: %s', async (_, text) => {
    expect(await variables(text)).toEqual(['LEVEL']);
  });

  it('takes a flag for a default, unless the program ends by it', async () => {
    const flag =
      'const on = (n, preset = true) => { const v = process.env[n]; return v === undefined ? preset : v === "yes" };';
    expect(await variables(`${flag} on("A", false); on("B", true)`)).toEqual(['A=false', 'B=true']);
  });

  it.each([
    [
      'another table',
      'class C { constructor(private env) {} get(n) { return this.env[n] } } new C({ A: "x" }).get("A")',
    ],
    ['another list', 'const all = (env, names) => names.map((n) => labels[n]); all(process.env, ["A"])'],
    ['another method', 'import { app } from "app"; app(process.env).on("A"); app(process.env).use(["a b"])'],
    ['another parameter', 'const read = (log, env) => log.A; read(console, process.env)'],
  ])('none: %s', async (_name, text) => {
    expect(await variables(text)).toEqual([]);
  });

  it('go by their own names where a schema calls them otherwise', async () => {
    const schema =
      "import { z } from 'zod'; const schema = z.object({ port: z.number(), key: z.string(), name: z.string() });";
    const given = "{ port: Number(process.env.ServerPort ?? 80), key: process.env.ApiKey, name: 'fixed' }";
    expect(await variables(`${schema} schema.parse(${given})`)).toEqual(['(ApiKey!)', 'ServerPort=80']);
    const server = `${schema} const settings = schema.parse(${given}); Bun.serve({ port: settings.port, fetch })`;
    expect(said((await factsOfSource(server)).port)).toMatchObject({ variable: 'ServerPort' });
  });

  it('are those of a schema that a package reads them by', async () => {
    const fields = '{ PORT: z.number().default(3000), TOKEN: z.string() }';
    const by = (text: string, more = {}) =>
      variables(
        `import { z } from 'zod'; import read from '${'reader' in more ? './reader' : 'zennv'}'; ${text}`,
        more,
      );
    expect(await by(`read({ schema: z.object(${fields}) })`)).toEqual(['PORT=3000', '(TOKEN!)']);
    expect(await by(`read(process.env, ${fields})`)).toEqual(['PORT=3000', '(TOKEN!)']);
    expect(await by('read({ schema: z.object({ id: z.string() }) })')).toEqual([]);
    expect(await by(`read(${fields})`)).toEqual([]);
  });

  it('are read as soon where a package makes each thing of the ones before', async () => {
    const links = Array.from({ length: 22 }, (_, at) => {
      const before = `x${at}`;
      return `const x${at + 1} = router({ a: ${before}.p, b: ${before}.q, c: ${before}.r }, { d: ${before}.s });`;
    });
    const text = `import { router } from 'routes'; const x0 = router(process.env.A, 2); ${links.join('\n')} serve(x22);`;
    // followed along every way there are 4^22 of them
    expect(await variables(text)).toEqual(['A']);
  });
});
