import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../fixtures/workspaces', import.meta.url));

/** The package managers that the workspace of the fixtures is there for: each with a lockfile and settings of its own. */
export const workspaceManagers = ['npm', 'pnpm', 'yarn1', 'yarn4', 'yarn4-pnp', 'bun'] as const;
export type WorkspaceManager = (typeof workspaceManagers)[number];

/** The files of the workspace as one of them keeps it. */
export const workspaceOf = (manager: WorkspaceManager): Record<string, string> => ({
  ...filesIn(join(root, 'shop')),
  ...filesIn(join(root, manager)),
});

/** The package managers that the workspace of several applications is there for. */
export const marketManagers = ['npm', 'pnpm', 'yarn1', 'yarn4', 'bun'] as const;
type MarketManager = (typeof marketManagers)[number];

/** A workspace whose applications work together: an api with a database, a worker beside it, a site and a job that ask the api. */
export function marketFiles(manager: MarketManager = 'npm'): Record<string, string> {
  const { 'package-lock.json': lockfile = '', ...files } = filesIn(join(root, 'market'));
  return manager === 'npm'
    ? { ...files, 'package-lock.json': lockfile }
    : { ...files, ...filesIn(join(root, `market-${manager}`)) };
}

/** A workspace whose packages give TypeScript as it is written, as one of two managers keeps it: what they need lies in the root, or beside each. */
export const loadedFiles = (manager: 'npm' | 'pnpm'): Record<string, string> => ({
  ...filesIn(join(root, 'loaded')),
  ...filesIn(join(root, `loaded-${manager}`)),
});

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')]),
  );
