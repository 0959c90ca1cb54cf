import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputs } from './cases.ts';

/** The small server of the inputs with the deployment that the command line generates for it: what a case is laid over. */
export function makeBase(cli: string): { readonly folder: string; readonly remove: () => void } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-base-')));
  cpSync(join(inputs, 'base'), folder, { recursive: true });
  writeFileSync(join(folder, '.gitignore'), '.env\nnode_modules\n');
  execFileSync(process.execPath, [cli, 'generate', '--yes'], { cwd: folder, stdio: 'pipe' });
  for (const name of ['.env', '.dockwright/lock']) rmSync(join(folder, name), { force: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
