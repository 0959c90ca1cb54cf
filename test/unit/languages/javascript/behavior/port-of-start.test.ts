import { describe, expect, it } from 'vitest';
import type { Config } from '../../../../../src/model/config.ts';
import { factsOf, said } from '../../../../support/facts.ts';

const port = async (start: string, more: Readonly<Record<string, string>> = {}, config: Config = {}) => {
  const facts = await factsOf(
    {
      'package.json': JSON.stringify({ name: 'shop', scripts: { start }, engines: { node: '24' } }),
      'web.js': "require('http').createServer((q, r) => r.end()).listen(process.env.PORT || 3999);\n",
      ...more,
    },
    config,
  );
  return said(facts.port);
};

describe('the port that the start command sets', () => {
  const told = "module.exports = { apps: [{ name: 'web', script: 'web.js', env_production: { PORT: 6400 } }] };";
  it.each<[string, Readonly<Record<string, string>>]>([
    ['PORT=6400 node web.js', {}],
    ['cross-env PORT=6400 node web.js', {}],
    ['pm2-runtime ecosystem.config.js --env production', { 'ecosystem.config.js': told }],
  ])('counts, and no default of the source: %s', async (start, more) => {
    expect(await port(start, more)).toEqual({ number: 6400, variable: 'PORT' });
  });

  it.each([
    ['node web.js', {}, 3999],
    ['APP_PORT=6400 node web.js', {}, 3999],
    ['PORT=6400 node web.js', { port: 5000 }, 5000],
  ])('is that of the source or the configuration elsewhere: %s', async (start, config, number) => {
    expect(await port(start, {}, config)).toMatchObject({ number });
  });
});
