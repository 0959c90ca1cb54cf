import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { repository } from './projects.ts';

const folder = join(repository, 'fixtures/broken');

const Broken = z.strictObject({
  about: z.string(),
  fails: z.string().describe('id of the one item that has to fail'),
  says: z.array(z.string()).min(1).describe('texts of its evidence and of what to do'),
  also: z
    .record(z.string(), z.enum(['fail', 'not-proved']))
    .optional()
    .describe('other items that cannot pass, and how they end'),
  may: z.array(z.string()).default([]).describe('items whose end depends on the moment at which they look'),
  secret: z.string().optional().describe('a value that must stand nowhere in the report'),
});

/** fixtures/broken/NAME: what differs from `base`, a deployment that keeps the whole contract, and what has to come of it. */
export const brokenFixtures: readonly ({ readonly name: string } & z.infer<typeof Broken>)[] = readdirSync(folder)
  .filter((name) => name !== 'base')
  .sort()
  .map((name) => ({ name, ...Broken.parse(JSON.parse(readFileSync(join(folder, name, 'broken.json'), 'utf8'))) }));

/** The base with a fixture over it, in a folder of its own. (A file of settings has no dot here: git would leave it out.) */
export function brokenProject(name: string | undefined): { readonly root: string; readonly remove: () => void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-broken-')));
  cpSync(join(folder, 'base'), root, { recursive: true });
  if (name) cpSync(join(folder, name), root, { recursive: true, filter: (source) => !source.endsWith('broken.json') });
  if (existsSync(join(root, 'env'))) renameSync(join(root, 'env'), join(root, '.env'));
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
