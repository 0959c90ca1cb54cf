import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const app = (text: string, example = '') => ({
  'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '24' } }),
  'server.js': `const http = require('node:http');\n${text}\nhttp.createServer((q, r) => r.end('x')).listen(process.env.PORT || 3000);\n`,
  ...(example === '' ? {} : { '.env.example': example }),
});

describe('a variable that a platform sets by itself', () => {
  it.each([
    ['RAILWAY_ENVIRONMENT', 'Railway', 'const live = process.env.RAILWAY_ENVIRONMENT !== undefined;'],
    [
      'VERCEL_URL',
      'Vercel',
      "const address = process.env.APP_URL ?? `https://${process.env.VERCEL_URL ?? 'localhost'}`;",
    ],
    ['DYNO', 'Heroku', 'if (process.env.DYNO) console.log(process.env.DYNO);'],
    ['K_SERVICE', 'Cloud Run', "const json = Boolean(process.env['K_SERVICE']);"],
    ['ComSpec', 'Windows', "const shell = process.env.ComSpec || 'cmd.exe';"],
    ['Path', 'Windows', 'const folders = (process.env.Path ?? process.env.PATH ?? "").split(":");'],
    ['XDG_CONFIG_HOME', 'A desktop', "const folder = process.env.XDG_CONFIG_HOME ?? '/etc/shop';"],
  ])('is left out, with the platform: %s', async (name, platform, text) => {
    const { variables, leftOut = [] } = await factsOf(app(text));
    expect(variables.map((one) => one.name)).not.toContain(name);
    expect(leftOut.find(({ what }) => what === `the variable ${name}`)?.why).toContain(platform);
  });

  it.each([
    ['an app stops without it', 'FLY_REGION', "if (!process.env.FLY_REGION) throw new Error('FLY_REGION');", ''],
    [
      'its author lists it',
      'RENDER_EXTERNAL_URL',
      'console.log(process.env.RENDER_EXTERNAL_URL);',
      'RENDER_EXTERNAL_URL=\n',
    ],
    ['it is a token of the platform', 'VERCEL_TOKEN', 'console.log(process.env.VERCEL_TOKEN);', ''],
    ['it only begins with a word of one', 'RENDER_TIMEOUT', 'console.log(process.env.RENDER_TIMEOUT);', ''],
  ])('is asked for where %s', async (_, name, text, example) => {
    const { variables } = await factsOf(app(text, example));
    expect(variables.map((one) => one.name)).toContain(name);
  });
});
