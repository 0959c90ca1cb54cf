import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../../support/facts.ts';

const node = (more: object = {}) =>
  JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' }, engines: { node: '26' }, ...more });
const listens = "require('node:http').createServer().listen(process.env.PORT ?? 3000);\n";

describe('several lockfiles', () => {
  const npm = (version: string) =>
    JSON.stringify({
      lockfileVersion: 3,
      packages: { '': { dependencies: { ms: '^2.1.0' } }, 'node_modules/ms': { version } },
    });
  const yarn = (version: string) => `# yarn lockfile v1\n\n\nms@^2.1.0:\n  version "${version}"\n`;
  const pnpm = (range: string) =>
    `lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      ms:\n        specifier: ${range}\n        version: 2.1.3\n`;
  const manager = async (files: Record<string, string>, more: object = {}) => {
    const facts = await factsOf({
      'package.json': node({ dependencies: { ms: '^2.1.0' }, ...more }),
      'server.js': listens,
      ...files,
    });
    return {
      name: 'value' in facts.manager ? facts.manager.value.name : undefined,
      notes: facts.notes.map(({ code }) => code),
    };
  };

  it.each<[string, Record<string, string>, string]>([
    ['npm and an old one of pnpm', { 'package-lock.json': npm('2.1.3'), 'pnpm-lock.yaml': pnpm('^1.0.0') }, 'npm'],
    [
      'pnpm and one of npm that lacks a package',
      { 'package-lock.json': '{"lockfileVersion":3,"packages":{"":{}}}', 'pnpm-lock.yaml': pnpm('^2.1.0') },
      'pnpm',
    ],
    [
      'Yarn and an old one of npm',
      { 'package-lock.json': npm('1.0.0').replace('^2.1.0', '^1.0.0'), 'yarn.lock': yarn('2.1.3') },
      'yarn',
    ],
  ])('are no question: the one that fits is taken, as a guess: %s', async (_, files, expected) => {
    const found = await manager(files);
    expect(found.name).toBe(expected);
    expect(found.notes).toContain('two-managers');
  });

  it('are a question where they fit equally badly', async () => {
    const files = { 'package-lock.json': npm('1.0.0').replace('^2.1.0', '^1.0.0'), 'pnpm-lock.yaml': pnpm('^1.0.0') };
    expect((await manager(files)).name).toBeUndefined();
  });

  it('give way to what the scripts start, and to packageManager', async () => {
    const files = { 'package-lock.json': npm('2.1.3'), 'yarn.lock': yarn('2.1.3') };
    expect((await manager(files, { packageManager: 'yarn@1.22.22' })).name).toBe('yarn');
    expect((await manager(files, { packageManager: 'yarn@1.22.22' })).notes).not.toContain('two-managers');
  });
});
