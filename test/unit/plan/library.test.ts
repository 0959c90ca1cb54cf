import { describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { inspect } from '../../../src/inspect/inspect.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const locks = {
  npm: { 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' },
  pnpm: { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" },
  bun: { 'bun.lock': '{"lockfileVersion":1,"workspaces":{}}' },
};

async function planned(
  manifest: Readonly<Record<string, unknown>>,
  more: Readonly<Record<string, string>> = locks.npm,
) {
  const main = { name: '@example/words', version: '1.0.0', main: 'dist/index.js', ...manifest };
  const project = memoryProject({
    'package.json': JSON.stringify(main, null, 2),
    'src/index.ts': 'export const words = (text: string): string[] => text.split(" ");\n',
    ...more,
  });
  const config = { archetype: 'library' } as const;
  const [facts] = (await inspect(project, { config })).apps;
  if (!facts) throw new Error('no app');
  return makePlan({ facts, specification: undefined, config, read: project.read });
}

const steps = async (...args: Parameters<typeof planned>) => (await planned(...args)).publish?.steps ?? [];
const at = (all: readonly string[], word: string) => all.findIndex((step) => step.startsWith(word));

describe('a library', () => {
  it('has no Docker at all', async () => {
    const plan = await planned({});
    expect([plan.images, plan.workloads, plan.services, plan.settings]).toEqual([{}, {}, {}, {}]);
    expect(artifactsOf(plan, ['package.json'])).toEqual([]);
  });

  it('is tested and built before it is looked at, and looked at before it is sent', async () => {
    const all = await steps({ scripts: { test: 'node --test', build: 'tsc' } });
    const order = ['node --test', 'npm run build', 'npm pack --dry-run', 'npm version', 'npm login', 'npm publish'];
    const found = order.map((word) => at(all, word));
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
  });

  it('is made public only where its name has a scope, and no registry of its own', async () => {
    expect((await steps({})).join('\n')).toContain('npm publish --access=public');
    expect((await steps({ name: 'words' })).join('\n')).not.toContain('--access');
    const own = { publishConfig: { registry: 'https://packages.example.com/' } };
    const all = (await steps(own)).join('\n');
    expect(all).not.toContain('--access');
    expect(all).not.toContain('--provenance');
    expect(all).toContain('npm publish --registry=https://packages.example.com/');
    expect(all).toContain('npm login --registry=https://packages.example.com/');
    expect(all).toContain('NODE_AUTH_TOKEN');
  });

  it('goes to the registry that .npmrc names for its scope, and for no other', async () => {
    const npmrc = (scope: string) => ({ ...locks.npm, '.npmrc': `${scope}:registry=https://packages.example.com/\n` });
    expect((await planned({}, npmrc('@example'))).publish?.registry).toBe('https://packages.example.com/');
    expect((await planned({}, npmrc('@other'))).publish?.registry).toBeUndefined();
  });

  it("is published with the project's own package manager", async () => {
    expect(at(await steps({}, locks.pnpm), 'pnpm publish')).toBeGreaterThan(0);
    expect(at(await steps({}, locks.bun), 'bun publish')).toBeGreaterThan(0);
  });

  it('cannot be published while it is private, and says so first', async () => {
    expect((await steps({ private: true }))[0]).toContain('"private": true');
  });
});
