import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest, said } from '../../../../support/facts.ts';

const port = async (text: string, more: Record<string, string> = {}) => said((await factsOfSource(text, more)).port);

describe('port', () => {
  it.each([
    `import config from 'config'; const SERVER_PORT = config.get('port'); createServer().listen(SERVER_PORT)`,
    `import config from 'config'; createServer().listen(config.get('port'), '0.0.0.0')`,
    `createServer().listen(settings.httpPort)`,
  ])('is asked for where words say that it is one, and nothing says which: %s', async (text) => {
    expect(await port(text)).toBe('ask port');
  });

  it('is none in a word that only sounds like it', async () => {
    expect(await port('bus.listen(importantThings)')).toBeUndefined();
  });

  it('is asked for where a service is known and nothing of it listens', async () => {
    const facts = await factsOf({
      'package.json': manifest({
        scripts: { start: 'node src/index.js' },
        engines: { node: '26' },
        dependencies: { express: '5.0.0' },
      }),
      'src/index.js': "const express = require('express');\nrequire('some-launcher')(express());\n",
    });
    expect(said(facts.archetype)).toBe('web-service');
    expect(said(facts.port)).toBe('ask port');
  });

  it.each([
    ['Bun.serve({ port: 8080, fetch })', { number: 8080 }],
    ['Bun.serve({ port: process.env.PORT ?? 3001, fetch })', { number: 3001, variable: 'PORT' }],
    ['Bun.serve({ port: Number(Bun.env.PORT || 3002), fetch })', { number: 3002, variable: 'PORT' }],
    [
      'Bun.serve({ port: process.env.HTTP_PORT ? parseInt(process.env.HTTP_PORT, 10) : 3003, fetch })',
      { number: 3003, variable: 'HTTP_PORT' },
    ],
    ['const { PORT = "3004" } = process.env; Bun.serve({ port: PORT, fetch })', { number: 3004, variable: 'PORT' }],
    ['const port = +(process.env["PORT"] ?? "3005"); Bun.serve({ port, fetch })', { number: 3005, variable: 'PORT' }],
    ['const options = { port: 3006, fetch }; Bun.serve(options)', { number: 3006 }],
    ['import { serve, env } from "bun"; serve({ port: env.PORT || 3007, fetch })', { number: 3007, variable: 'PORT' }],
    ['export default { port: process.env.PORT || 3008, fetch: app.fetch }', { number: 3008, variable: 'PORT' }],
    ['import { App } from "x"; new App().listen(process.env.PORT || 3009)', { number: 3009, variable: 'PORT' }],
    ['import { App } from "x"; new App().listen({ port: 3010, hostname: "::" })', { number: 3010 }],
    ['import { serve } from "@x/server"; serve({ fetch, port: 3011 })', { number: 3011 }],
    ['const n = process.env.PORT; Bun.serve({ port: n, fetch })', { number: 3000, variable: 'PORT' }],
    ['Bun.serve({ fetch })', { number: 3000, variable: 'PORT' }],
    ['export default { fetch: app.fetch }', { number: 3000, variable: 'PORT' }],
  ])('%s', async (text, expected) => {
    expect(await port(text)).toEqual(expected);
  });

  it('is followed into other modules, schemas and functions', async () => {
    const schema = `import { z } from 'zod'; const s = z.object({ PORT: z.coerce.number().int().default(4000) }); export const env = s.parse(process.env)`;
    expect(
      await port(`import { env } from './env'; Bun.serve({ port: env.PORT, fetch })`, { 'src/env.ts': schema }),
    ).toEqual({ number: 4000, variable: 'PORT' });
    const config = `export const config = { http: { port: Number(process.env.PORT ?? '4001') } } as const`;
    expect(
      await port(`import { config } from './config/index.js'; Bun.serve({ port: config.http.port, fetch })`, {
        'src/config/index.ts': config,
      }),
    ).toEqual({ number: 4001, variable: 'PORT' });
    const helper = `export function load() { return { port: num('PORT', 4002) } }\nconst num = (name: string, fallback: number) => Number(process.env[name] ?? fallback)`;
    expect(
      await port(`import { load } from './load'; const c = load(); Bun.serve({ port: c.port, fetch })`, {
        'src/load.ts': helper,
      }),
    ).toEqual({ number: 4002, variable: 'PORT' });
    const again = {
      'src/a.ts': `export { default as settings } from './b'`,
      'src/b.ts': `export default Object.freeze({ port: 4003 })`,
    };
    expect(await port(`import { settings } from './a'; Bun.serve({ port: settings.port, fetch })`, again)).toEqual({
      number: 4003,
    });
  });

  const listens = (load: string, named: string) =>
    `${load}\nrequire('node:http').createServer().listen(${named}, () => console.log('up'));\n`;
  const inCommonJs = async (text: string, config: string) =>
    said(
      (
        await factsOf({
          'package.json': manifest({ scripts: { start: 'node index.js' }, engines: { node: '26' } }),
          'index.js': text,
          'config.js': config,
        })
      ).port,
    );

  it.each([
    [`const config = require('./config');`, 'config.port', 'module.exports = { port: 4100 };', { number: 4100 }],
    [
      `const { PORT } = require('./config');`,
      'PORT',
      'const PORT = process.env.PORT || 4101;\nmodule.exports = { PORT, other: 1 };',
      { number: 4101, variable: 'PORT' },
    ],
    [
      `const config = require('./config');`,
      'config.server.port',
      `const get = (key, usual) => process.env[key] ?? usual;\nconst config = { server: { port: get('SERVER_PORT', 4102) } };\nmodule.exports = Object.freeze(config);`,
      { number: 4102, variable: 'SERVER_PORT' },
    ],
    [
      `const port = require('./config').port;`,
      'port',
      'exports.port = Number(process.env.PORT ?? 4103);',
      { number: 4103, variable: 'PORT' },
    ],
    [
      `const config = require('./config');`,
      'config.port',
      'module.exports = exports = {};\nmodule.exports.port = 4104;',
      { number: 4104 },
    ],
  ])('is followed into modules of CommonJS: %s', async (load, named, config, expected) => {
    expect(await inCommonJs(listens(load, named), config)).toEqual(expected);
  });

  it('is none of another member, and none of what only looks like a module', async () => {
    const load = `const config = require('./config');`;
    expect(await inCommonJs(listens(load, 'config.port'), 'module.exports = { host: 4105 };')).toBe('ask port');
    const own = `const require = (name) => ({ port: name }); const config = require('./config');`;
    expect(await inCommonJs(`${own}\nserver.listen(config.port);`, 'module.exports = { port: 4106 };')).not.toEqual({
      number: 4106,
    });
  });

  it.each([
    [
      `function port() { const said = process.env.HEALTH_PORT; if (said === undefined) return usual; const n = Number.parseInt(said, 10); if (n > 0) return n; return usual } const usual = 4110;`,
      { number: 4110, variable: 'HEALTH_PORT' },
    ],
    [
      `const port = () => { if (process.env.PORT) { return +process.env.PORT } return 4111 };`,
      { number: 4111, variable: 'PORT' },
    ],
    [
      `class Settings { port() { try { return Number(process.env.WEB_PORT) } catch { return 4112 } } } const settings = new Settings(); const port = () => settings.port();`,
      { number: 4112, variable: 'WEB_PORT' },
    ],
    ['function port() { if (blue) return 4113; return 4114 }', 'ask port'],
  ])('is what a function of several ends gives: %s', async (text, expected) => {
    expect(await port(`${text}\nBun.serve({ port: port(), fetch })`)).toEqual(expected);
  });

  it('is asked where it is worked out, and missing where nothing listens', async () => {
    expect(await port('Bun.serve({ port: pick(), fetch })')).toBe('ask port');
    expect(await port('console.log(1)')).toBeUndefined();
  });

  it('is not what only looks like one', async () => {
    expect(await port('const Bun = fake(); Bun.serve({ port: 9 })')).toBeUndefined();
    expect(await port('emitter.listen("event", () => {})')).toBeUndefined();
    expect(await port('player.listen(() => 1)')).toBeUndefined();
    expect(await port('function test() { Bun.serve({ port: 0, fetch }) } Bun.serve({ port: 8081, fetch })')).toEqual({
      number: 8081,
    });
  });

  it('is overridden by configuration and keeps the variable', async () => {
    const facts = await factsOf(
      { 'package.json': manifest(), 'src/index.ts': 'Bun.serve({ port: process.env.PORT ?? 1, fetch })' },
      { port: 9000 },
    );
    expect(facts.port).toMatchObject({ by: 'config', value: { number: 9000, variable: 'PORT' } });
  });

  it('comes with the address', async () => {
    const facts = await factsOfSource('Bun.serve({ port: 1234, hostname: process.env.HOST ?? "127.0.0.1", fetch })');
    expect(said(facts.host)).toEqual({ address: '127.0.0.1', variable: 'HOST' });
  });

  it('says where', async () => {
    const facts = await factsOfSource('\nBun.serve({\n  port: 3000,\n  fetch })');
    expect(facts.port).toMatchObject({ from: [{ file: 'src/index.ts', line: 3 }] });
    expect(facts.archetype).toMatchObject({ value: 'web-service' });
  });
});

describe('archetype', () => {
  const of = async (files: Record<string, string>) => said((await factsOf(files)).archetype);
  it('is what the project says, and asked where it says nothing', async () => {
    expect(await of({ 'package.json': manifest({ scripts: {}, bin: { x: 'cli.ts' } }), 'cli.ts': '' })).toBe(
      'cli-tool',
    );
    expect(
      await of({ 'package.json': manifest({ scripts: {}, exports: './index.ts' }), 'index.ts': 'export {}' }),
    ).toBe('library');
    expect(
      await of({
        'package.json': manifest({ scripts: {}, exports: './index.ts', private: true }),
        'index.ts': 'export {}',
      }),
    ).toBe('ask archetype');
    expect(await of({ 'package.json': manifest(), 'src/index.ts': 'await run(' })).toBe('ask archetype');
  });
});

describe('settings that are read once and kept', () => {
  it('are seen through the function that keeps them', async () => {
    const facts = await factsOfSource(
      "import { settings } from './settings';\nconst config = settings();\nBun.serve({ port: config.PORT, hostname: config.HOST, fetch });\n",
      {
        'src/settings.ts': `import { z } from 'zod';
const schema = z.object({ PORT: z.coerce.number().default(4100), HOST: z.string().default('localhost') });
type Settings = z.infer<typeof schema>;
let kept: Settings | null = null;
function read(): Settings {
  const parsed = schema.safeParse(process.env);
  if (!parsed.success) throw new Error('settings');
  return parsed.data;
}
export function settings() {
  if (kept) {
    return kept;
  }
  kept = read();
  return kept;
}
`,
      },
    );
    expect(facts.port).toMatchObject({ value: { number: 4100, variable: 'PORT' } });
    expect(facts.host).toMatchObject({ value: { address: 'localhost', variable: 'HOST' } });
  });
});

describe('a port that is kept in a global', () => {
  const files = {
    'package.json': manifest(),
    'src/index.ts':
      "import { createServer } from 'node:http';\nglobal.port = process.env.PORT || 4200;\ncreateServer().listen(port);\n",
  };
  it('is that of the variable that is named for it', async () => {
    expect((await factsOf(files)).port).toMatchObject({ value: { number: 4200, variable: 'PORT' } });
  });
  it('is told to the app where the configuration says another', async () => {
    expect((await factsOf(files, { port: 5000 })).port).toMatchObject({
      value: { number: 5000, variable: 'PORT' },
      by: 'config',
    });
  });
});
