import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { fill } from '../support/folder.ts';
import { shardOf, turnOf } from '../support/share.ts';
import { type WorkspaceManager, workspaceManagers, workspaceOf } from '../support/workspaces.ts';
import { docker, withEngine } from './engine.ts';

// WORKSPACES=npm,pnpm … runs these alone
const asked = process.env['WORKSPACES']?.split(',');
const share = turnOf(shardOf(workspaceManagers.filter((name) => asked?.includes(name) ?? true)), 6);

type Copy = { readonly root: string; readonly tag: string };

/** The workspace under version control, with the deployment of one member. */
async function generated(manager: WorkspaceManager, app: string): Promise<Copy> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `dockwright-workspace-${manager}-`)));
  fill(root, workspaceOf(manager));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'the project');
  await writeGeneration(await generate({ cwd: root, app }), { edits: true, env: true });
  return { root, tag: `e2e-workspace-${manager}-${app}-${process.pid}:local` };
}

const inImage = (tag: string, ...command: string[]) =>
  docker([
    'run',
    '--rm',
    '--network',
    'none',
    '--read-only',
    '--entrypoint',
    command[0] ?? '',
    tag,
    ...command.slice(1),
  ]);

withEngine('a member of a workspace', () => {
  describe.each(share)('of %s', (manager) => {
    let copy: Copy;
    beforeAll(async () => {
      copy = await generated(manager, 'api');
      await build({ cwd: copy.root, app: 'api', tag: copy.tag, baseline: false });
    });
    afterAll(() => {
      docker(['image', 'rm', '--force', copy.tag]);
      rmSync(copy.root, { recursive: true, force: true });
    });

    it('answers with what its siblings, over two steps, compute and read', () => {
      const name = `e2e-workspace-${manager}-${process.pid}`;
      docker(['run', '--detach', '--name', name, '--read-only', '--network', 'none', copy.tag]);
      try {
        const program =
          "const ask=(n)=>fetch('http://127.0.0.1:4170/').then((r)=>r.text()).then(console.log,(e)=>n?setTimeout(ask,500,n-1):Promise.reject(e));ask(40)";
        expect(docker(['exec', name, 'node', '-e', program])).toBe('4.50 EUR\n');
      } finally {
        docker(['rm', '--force', name]);
      }
    });

    it('has nothing of siblings that it does not need, no tool, and no link to nowhere', () => {
      const files = inImage(copy.tag, 'find', '/app').split('\n');
      expect(files).toContain('/app/packages/prices/data/prices.json');
      const foreign =
        /\/(unused|isarray|admin|site|report|typescript|vite)(\/|$)|^\/app\/(package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock)$/;
      expect(files.filter((file) => foreign.test(file) && !file.includes('/node_modules/ms/'))).toEqual([]);
      expect(inImage(copy.tag, 'find', '/app', '-xtype', 'l')).toBe('');
    });

    it('is built again after an edit of a sibling that it uses, and of no other', async () => {
      const digest = async () => (await build({ cwd: copy.root, app: 'api', tag: copy.tag, baseline: false })).digest;
      const first = await digest();
      writeFileSync(join(copy.root, 'packages/unused/index.js'), 'module.exports = 1;\n');
      writeFileSync(join(copy.root, 'apps/admin/server.js'), '\n');
      expect(await digest()).toBe(first);
      const used = join(copy.root, 'packages/money/src/index.ts');
      writeFileSync(used, readFileSync(used, 'utf8').replace('EUR', 'Euro'));
      expect(await digest()).not.toBe(first);
    });
  });
});
