import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { fill } from '../support/folder.ts';
import { shardOf, turnOf } from '../support/share.ts';
import {
  loadedFiles,
  marketFiles,
  marketManagers,
  type WorkspaceManager,
  workspaceManagers,
  workspaceOf,
} from '../support/workspaces.ts';
import { docker, withEngine } from './engine.ts';

// WORKSPACES=npm,pnpm … runs these alone
const asked = process.env['WORKSPACES']?.split(',');
const share = turnOf(shardOf(workspaceManagers.filter((name) => asked?.includes(name) ?? true)), 6);

type Copy = { readonly root: string; readonly tag: string };

/** A workspace under version control. */
function committed(name: string, files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), `dockwright-workspace-${name}-`)));
  fill(root, files);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'the project');
  return root;
}

/** The same with the deployment of one member. */
async function generated(manager: WorkspaceManager, app: string): Promise<Copy> {
  const root = committed(manager, workspaceOf(manager));
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

withEngine('a member whose siblings give TypeScript', () => {
  it.each([
    ['npm', /^CMD \["node", "dist\/index\.js"\]$/m],
    ['pnpm', /^CMD \["node", "--import", "tsx", "src\/index\.ts"\]$/m],
  ] as const)('starts with no network, and answers with what they compute: %s', async (manager, start) => {
    const root = committed(`loaded-${manager}`, loadedFiles(manager));
    const tag = `e2e-loaded-${manager}-${process.pid}:local`;
    const name = `e2e-loaded-${manager}-${process.pid}`;
    try {
      await writeGeneration(await generate({ cwd: root, app: 'api' }), { edits: true, env: true });
      expect(readFileSync(join(root, 'apps/api/Dockerfile'), 'utf8')).toMatch(start);
      await build({ cwd: root, app: 'api', tag, baseline: false });
      docker(['run', '--detach', '--name', name, '--read-only', '--tmpfs', '/tmp', '--network', 'none', tag]);
      const program =
        "const ask=(n)=>fetch('http://127.0.0.1:4191/').then((r)=>r.text()).then(console.log,(e)=>n?setTimeout(ask,500,n-1):Promise.reject(e));ask(40)";
      expect(docker(['exec', name, 'node', '-e', program])).toBe('172800000\n\n');
    } finally {
      docker(['rm', '--force', name]);
      docker(['image', 'rm', '--force', tag]);
      rmSync(root, { recursive: true, force: true });
    }
  });
});

/** So many ports that are free. */
const freePorts = (count: number): Promise<readonly number[]> =>
  Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<number>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => {
            const address = server.address();
            // all are open at once, so that none is given twice
            setTimeout(
              () => server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0)),
              200,
            );
          });
        }),
    ),
  );

/** Each time over a connection of its own: the server of the other form closed the one before. */
const textAt = async (port: number, path: string): Promise<string> =>
  (
    await fetch(`http://127.0.0.1:${port}${path}`, {
      headers: { connection: 'close' },
      signal: AbortSignal.timeout(10_000),
    })
  ).text();

/** The development server of the site asks the api at the port that it has on the machine of a developer. */
const handingOn = `export default {
  server: { proxy: { '/prices': { target: 'http://localhost:4180', rewrite: (path) => path.replace(/^\\/prices/, '') } } },
};
`;

withEngine('all applications of a workspace', () => {
  describe.each(turnOf(shardOf(marketManagers), 5))('of %s', (manager) => {
    const project = `e2e-market-${manager}-${process.pid}`;
    let root = '';
    let api = 0;
    let site = 0;
    const compose = (...args: string[]): string =>
      docker(['compose', '--project-name', project, '-f', 'docker-compose.yml', ...args], root);
    beforeAll(async () => {
      root = committed(`market-${manager}`, { ...marketFiles(manager), 'apps/site/vite.config.js': handingOn });
      // one after the other, as they are with `--all`
      for (const app of ['api', 'site,report', 'worker'])
        await writeGeneration(await generate({ cwd: root, app }), { edits: true, env: true });
      const [first = 0, second = 0, third = 0] = await freePorts(3);
      [api, site] = [first, second];
      appendFileSync(join(root, '.env'), `\nAPI_PORT=${api}\nSITE_PORT=${site}\nDB_PORT=${third}\nTAG=${project}\n`);
    });
    afterAll(() => {
      compose('-f', 'docker-compose.dev.yml', '--profile', '*', 'down', '--volumes', '--timeout', '5');
      const images = docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']).split('\n');
      docker(['image', 'rm', '--force', ...images.filter((one) => one.startsWith('market-'))]);
      rmSync(root, { recursive: true, force: true });
    });

    it('start together, and find each other', { timeout: 900_000 }, async () => {
      compose('up', '--build', '--detach', '--wait');
      expect(JSON.parse(await textAt(api, '/'))).toMatchObject({ price: '4.50 EUR' });
      expect(JSON.parse(await textAt(site, '/prices'))).toMatchObject({ price: '4.50 EUR' });
      const script = /src="(\/assets\/[^"]+)"/.exec(await textAt(site, '/'))?.[1] ?? '';
      expect(await textAt(site, script)).toContain(`http://localhost:${api}`);
      expect(compose('run', '--rm', '--build', 'report')).toContain('tea costs 4.50 EUR');
      compose('down', '--timeout', '5');
    });

    it('are developed together: an edit shows where it is used', { timeout: 900_000 }, async () => {
      compose('-f', 'docker-compose.dev.yml', 'up', '--build', '--detach', '--wait');
      const shows = (port: number, path: string) =>
        expect.poll(() => textAt(port, path).catch(() => ''), { timeout: 90_000, interval: 1000 });
      // a development server has no health check, so nothing waited for it
      await shows(site, '/src/main.js').toContain(`http://localhost:${api}`);
      const file = join(root, 'apps/api/src/server.ts');
      writeFileSync(file, readFileSync(file, 'utf8').replace("priceOf('tea')", "`${priceOf('tea')} now`"));
      await shows(api, '/').toContain('4.50 EUR now');
      await shows(site, '/prices').toContain('4.50 EUR now');
    });
  });
});
