import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

async function settings(script: Readonly<Record<string, string>>) {
  const facts = await factsOf({
    'package.json': JSON.stringify({
      name: 'shop',
      scripts: { start: 'node index.js', ...script },
      engines: { node: '24' },
      dependencies: { typeorm: '0.3.20', knex: '3.1.0', pg: '8.16.0' },
      devDependencies: { 'ts-node': '10.9.2', tsx: '4.20.0', typescript: '5.9.0' },
    }),
    'index.js': "require('node:http').createServer().listen(3000);",
    'knexfile.ts': 'export default {};',
  });
  return facts.migration?.value;
}

describe('migrations that ts-node checks the types of', () => {
  it.each<[string, Record<string, string>]>([
    ['by its program', { 'migration:run': 'typeorm-ts-node-commonjs migration:run -d src/data-source.ts' }],
    [
      'by a module that is loaded first',
      { 'migrate:up': 'node -r ts-node/register ./node_modules/typeorm/cli.js migration:run -d src/data-source.ts' },
    ],
    [
      'behind another script',
      { typeorm: 'ts-node ./node_modules/typeorm/cli.js -d data-source.ts', migrate: 'npm run typeorm migration:run' },
    ],
  ])('have room for them: %s', async (_, script) => {
    expect((await settings(script))?.env).toEqual({ NODE_OPTIONS: '--max-old-space-size=768' });
  });

  it.each<[string, Record<string, string>]>([
    ['it checks none', { migrate: 'ts-node --transpile-only ./node_modules/typeorm/cli.js migration:run -d a.ts' }],
    ['another loader runs them', { migrate: 'tsx ./node_modules/typeorm/cli.js migration:run -d a.ts' }],
    ['nothing compiles', { migrate: 'typeorm migration:run -d dist/data-source.js' }],
  ])('need none where %s', async (_, script) => {
    const found = await settings(script);
    expect(found).toBeDefined();
    expect(found?.env?.['NODE_OPTIONS']).toBeUndefined();
  });

  it('keep what their author sets', async () => {
    const line = 'NODE_OPTIONS=--max-old-space-size=2048 typeorm-ts-node-commonjs migration:run -d a.ts';
    expect((await settings({ migrate: line }))?.env).toEqual({ NODE_OPTIONS: '--max-old-space-size=2048' });
  });
});
