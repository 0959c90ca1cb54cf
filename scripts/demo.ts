/**
 * The main job on the orders API: `npm run demo`. Works in a copy below the temporary folder, so that the checkout stays as it is. With a
 * Docker Engine the deployment is built and proved too; without one the last lines say what was not proved.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const cli = join(root, 'dist/cli.mjs');
const example = join(root, 'examples/orders-api');
const notTheProject = ['case.json', 'expected', 'node_modules', '.env', 'dist'];

/** Runs a program in the copy, with its output on this terminal; its exit code. */
function run(program: string, args: readonly string[], cwd: string): number {
  return spawnSync(program, args, { cwd, stdio: 'inherit' }).status ?? 1;
}

const answers = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

function main(): number {
  if (!existsSync(cli)) {
    console.error('dist/cli.mjs is missing: run `npm ci`, which builds it, or `npm run build`');
    return 1;
  }
  const app = join(realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-demo-'))), 'orders-api');
  cpSync(example, app, { recursive: true, filter: (source) => !notTheProject.includes(relative(example, source)) });
  const dockwright = (...args: string[]) => {
    console.log(`\n$ dockwright ${args.join(' ')}\n`);
    return run(process.execPath, [cli, ...args], app);
  };
  const place = () => console.log(`\nThe orders API with its deployment is in ${app}`);

  const generated = dockwright('--yes');
  if (generated !== 0) return generated;
  if (
    !answers('docker', 'info') ||
    !answers('docker', 'buildx', 'version') ||
    !answers('docker', 'compose', 'version')
  ) {
    place();
    console.log(
      'Not proved: that the image builds, how large it is, and the runtime contract (health, signals, user, caches …).',
    );
    console.log(
      'There is no Docker Engine with buildx and compose here. With one, in that folder: dockwright build, dockwright verify',
    );
    return 0;
  }
  const built = dockwright('build');
  const proved = built === 0 ? dockwright('verify') : built;
  place();
  if (built === 0)
    console.log(
      'Left on the engine: the image orders-api:local, and build caches. `docker image rm orders-api:local` removes it.',
    );
  return proved;
}

process.exitCode = main();
