import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const worker = (scripts: object, more: Readonly<Record<string, string>> = {}) => ({
  'package.json': JSON.stringify({
    name: 'edge',
    private: true,
    scripts,
    engines: { node: '24' },
    dependencies: { hono: '4' },
    devDependencies: { wrangler: '4' },
  }),
  'src/index.ts': "import { Hono } from 'hono';\nexport default new Hono();",
  ...more,
});
const codeOf = async (files: Readonly<Record<string, string>>) => (await factsOf(files)).blocker?.code;

describe('what is made for the runtime of a platform', () => {
  it('is refused by its name, whatever its settings are written in', async () => {
    for (const file of ['wrangler.toml', 'wrangler.json', 'wrangler.jsonc'])
      expect(await codeOf(worker({ dev: 'wrangler dev', deploy: 'wrangler deploy' }, { [file]: '' }))).toBe(
        'runtime-foreign',
      );
    expect(await codeOf(worker({ start: 'npx wrangler dev --port 8787' }, { 'wrangler.toml': '' }))).toBe(
      'runtime-foreign',
    );
    const { blocker } = await factsOf(worker({ dev: 'wrangler dev' }, { 'wrangler.toml': '' }));
    expect(blocker?.message).toContain('Cloudflare Workers');
  });

  it('is deployed where it starts in a container, too', async () => {
    const settings = { 'wrangler.toml': '' };
    expect(await codeOf(worker({ dev: 'wrangler dev', start: 'node --import tsx src/index.ts' }, settings))).toBe(
      undefined,
    );
    expect(await codeOf(worker({ dev: 'tsx src/index.ts', deploy: 'wrangler deploy' }, settings))).toBe(undefined);
    expect(await codeOf(worker({ dev: 'wrangler dev' }))).toBe(undefined);
  });
});
