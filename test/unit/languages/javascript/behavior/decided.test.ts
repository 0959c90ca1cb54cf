import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

describe('secrets by the name of their file', () => {
  it.each([
    ["import { readFileSync } from 'node:fs';\nreadFileSync('/run/secrets/api-token', 'utf8');", ['api-token']],
    [
      "const fs = require('fs');\nconst secret = (name) => fs.readFileSync(`/run/secrets/${name}`, 'utf8');\nsecret('one');\nsecret('two');",
      ['one', 'two'],
    ],
    ["const key = await Bun.file('/run/secrets/SIGNING_KEY').text();\nexport { key };", ['SIGNING_KEY']],
    [
      "import { join } from 'node:path';\nimport { readFile } from 'node:fs/promises';\nawait readFile(join('/run/secrets', 'pepper'));",
      ['pepper'],
    ],
  ])('are mounted where the code reads them: %s', async (source, names) => {
    expect((await factsOfSource(source)).secretFiles?.map(({ name }) => name)).toEqual(names);
  });

  it.each([
    "import fs from 'node:fs';\nif (fs.existsSync('/run/secrets/banner')) fs.readFileSync('/run/secrets/banner');",
    "import fs from 'node:fs';\ntry { fs.readFileSync('/run/secrets/banner'); } catch { /* goes on */ }",
    "import fs from 'node:fs';\nfs.readFileSync(process.env.DB_PASSWORD_FILE ?? '/run/secrets/db_password', 'utf8');",
  ])('are left out where the app does without, or a variable says where: %s', async (source) => {
    expect((await factsOfSource(source)).secretFiles).toBeUndefined();
  });
});

describe('an application that redirects to https', () => {
  it.each([
    'app.use((req, res, next) => req.secure ? next() : res.redirect(308, `https://${req.hostname}${req.url}`));',
    "server.on('request', (req, res) => { if (req.headers['x-forwarded-proto'] !== 'https') res.writeHead(301, { Location: 'https://' + req.headers.host }); });",
    "import enforce from 'express-sslify';\napp.use(enforce.HTTPS({ trustProtoHeader: true }));",
  ])('is known: %s', async (source) => {
    expect((await factsOfSource(source)).secureOnly?.value).toBe(true);
  });

  it.each([
    'app.get("/login", (req, res) => res.redirect(`https://auth.example.com/?from=${req.hostname}`));',
    'app.get("/", (req, res) => { req.protocol; res.redirect("/home"); });',
  ])('is none that sends to another place: %s', async (source) => {
    expect((await factsOfSource(source)).secureOnly).toBeUndefined();
  });
});

describe('a variable that chooses a database', () => {
  const services = async (source: string) => (await factsOfSource(source)).services.map(({ service }) => service);

  it.each([
    [
      "const kind = process.env.DB ?? 'pg';\nif (kind === 'mysql') await import('mysql2');\nelse await import('pg');",
      ['postgres'],
    ],
    [
      "const open = (kind) => kind === 'pg' ? require('pg') : require('mysql2');\nopen(process.env.DB || 'mysql');",
      ['mariadb'],
    ],
    [
      "const kind = process.env.DB ?? 'pg';\nif (kind !== 'pg') { const m = await import('mongodb'); m.x; }\nawait import('pg');",
      ['postgres'],
    ],
    [
      "const store = process.env.STORE || 'file';\nconst redis = store === 'redis' ? require('ioredis') : null;\nif (redis) redis.get('x');",
      [],
    ],
  ])('leaves out what its default does not take: %s', async (source, expected) => {
    expect(await services(source)).toEqual(expected);
  });

  it('says what it left out', async () => {
    const { notes } = await factsOfSource(
      "const kind = process.env.DB ?? 'pg';\nif (kind === 'mysql') await import('mysql2');\nelse await import('pg');",
    );
    expect(notes.find(({ code }) => code === 'service-not-chosen')?.message).toMatch(/DB selects it, and is "pg"/);
  });

  it('keeps both where nothing says which, and where both are used', async () => {
    expect(
      await services(
        "const kind = process.env.DB;\nif (kind === 'mysql') await import('mysql2');\nelse await import('pg');",
      ),
    ).toHaveLength(2);
    expect(await services("import 'pg';\nimport 'mysql2';\n")).toHaveLength(2);
  });
});

describe('a flag that turns a service on', () => {
  const services = async (source: string, more: Readonly<Record<string, string>> = {}) =>
    (await factsOfSource(source, more)).services.map(({ service }) => service);
  const redis = "import Redis from 'ioredis';\nlet client;\n";
  const made = 'client = new Redis({ host: process.env.REDIS_HOST });';

  it.each([
    `${redis}if (process.env.CACHE_ENABLED === 'true') ${made}`,
    `${redis}import { cleanEnv, bool, str } from 'envalid';\nconst env = cleanEnv(process.env, { CACHE_ENABLED: bool({ default: false }), REDIS_HOST: str({ default: 'localhost' }) });\nif (env.CACHE_ENABLED) { client = new Redis({ host: env.REDIS_HOST }); }`,
    `const { createClient } = require('redis');\nmodule.exports = process.env.USE_REDIS === '1' ? createClient({ url: process.env.REDIS_URL }) : undefined;`,
  ])('leaves it out by default: %s', async (source) => {
    expect(await services(source)).toEqual([]);
    expect((await factsOfSource(source)).notes.filter(({ code }) => code === 'service-not-chosen')).toHaveLength(1);
  });

  it.each([
    // the address itself is asked for
    `${redis}if (process.env.REDIS_HOST) ${made}`,
    // off is what has to be said
    `${redis}if (process.env.CACHE !== 'off') ${made}`,
    `${redis}if (process.env.CACHE_ENABLED === 'true') console.log('cached');\n${made}`,
    `${redis}const isOn = (process.env.CACHE_ENABLED ?? 'true') === 'true';\nif (isOn) ${made}`,
  ])('keeps it where something else decides: %s', async (source) => {
    expect(await services(source)).toEqual(['redis']);
  });

  it('keeps it where the example of the project turns it on', async () => {
    const source = `${redis}if (process.env.CACHE_ENABLED === 'true') ${made}`;
    expect(await services(source, { '.env.example': 'CACHE_ENABLED=true\n' })).toEqual(['redis']);
  });
});

describe('a start script of the shell', () => {
  const files = (start: string, script: string) => ({
    'package.json': manifest({ scripts: { start }, engines: { node: '24' } }),
    'bin/start.sh': script,
    'server.js':
      "const http = require('http');\nhttp.createServer((q, r) => r.end(process.env.GREETING.trim())).listen(process.env.PORT || 3000);\n",
  });

  it.each([
    ['./bin/start.sh', '#!/bin/bash\nset -e\nexport GREETING="${GREETING:-hello}"\nexec node server.js "$@"\n'],
    ['sh bin/start.sh', '#!/bin/sh\n: "${GREETING:=hello}"\nexport GREETING\nnode server.js\n'],
    ['bash ./bin/start.sh', 'GREETING=hello\nexport GREETING\nexec node --enable-source-maps server.js\n'],
  ])('is started itself, and what it sets nobody has to set: %s', async (start, script) => {
    const { commands, entry, variables } = await factsOf(files(start, script));
    expect(commands.start).toMatchObject({ value: { argv: start.split(' ') } });
    expect(entry).toMatchObject({ value: 'server.js' });
    expect(variables.find(({ name }) => name === 'GREETING')?.required).toBe(false);
  });

  it('leaves required what it only reads', async () => {
    const { variables } = await factsOf(files('./bin/start.sh', '#!/bin/sh\necho "$GREETING"\nexec node server.js\n'));
    expect(variables.find(({ name }) => name === 'GREETING')?.required).toBe(true);
  });
});

describe('the path of a site', () => {
  const base = async (text: string) => {
    const site = {
      'package.json': JSON.stringify({
        name: 's',
        private: true,
        scripts: { build: 'vite build' },
        devDependencies: { vite: '8' },
      }),
      'index.html': '<script type="module" src="/main.js"></script>',
      'main.js': '',
      'vite.config.js': text,
    };
    return (await factsOf(site)).site?.value.base;
  };

  it.each([
    ["export default ({ mode }) => ({ base: loadEnv(mode, '.', '').APP_BASE ?? '/shop/' });", 'shop'],
    ["export default { base: process.env.NODE_ENV === 'production' ? '/shop/' : '/' };", 'shop'],
    ["export default ({ command }) => ({ base: command === 'serve' ? '/' : '/shop/' });", 'shop'],
    ["export default { base: process.env.PAGES ? '/repo/' : '/' };", undefined],
    ['export default { base: process.env.APP_BASE };', undefined],
  ])('is what the expression comes to in a build: %s', async (text, path) => {
    expect(await base(text)).toBe(path);
  });
});
