import { describe, expect, it } from 'vitest';
import { artifact } from '../../../src/artifacts/compose.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

/** The places in memory of a project's container. */
async function tmpfs(files: Files): Promise<string | undefined> {
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const [compose] = artifact.print(plan, Object.keys(files));
  return /^ +tmpfs: (.*)$/m.exec(compose?.content ?? '')?.[1];
}

const node = (source: string): Files => ({
  'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '24' } }),
  'server.js': `const fs = require('node:fs');\n${source}\nrequire('node:http').createServer().listen(3000);\n`,
});

describe('places in memory', () => {
  it('belong to whom the container runs as: at a restart only their owner may write there', async () => {
    expect(await tmpfs(node("fs.appendFileSync('logs/all.txt', '');"))).toBe('[/tmp, "/app/logs:uid=1000,gid=1000"]');
    expect(await tmpfs(node("fs.mkdirSync('cache', { recursive: true });"))).toBe(
      '[/tmp, "/app/cache:uid=1000,gid=1000"]',
    );
    const bun: Files = {
      'package.json': JSON.stringify({ name: 'shop', type: 'module', scripts: { start: 'bun server.ts' } }),
      'bun.lock': '{ "lockfileVersion": 1, "workspaces": { "": { "name": "shop" } }, "packages": {} }',
      'server.ts':
        "import { appendFileSync } from 'node:fs';\nappendFileSync('logs/all.txt', '');\nBun.serve({ fetch: () => new Response('') });\n",
    };
    expect(await tmpfs(bun)).toMatch(/^\[\/tmp, "\/app\/logs:uid=65532,gid=65532"\]$/);
  });

  it('need no word where every image has them', async () => {
    expect(await tmpfs(node(''))).toBe('[/tmp]');
  });
});
