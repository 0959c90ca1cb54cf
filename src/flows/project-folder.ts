import { join, posix, relative, resolve, sep } from 'node:path';
import type { Language } from '../languages/contract.ts';
import { languages, loadLanguage } from '../languages/registry.gen.ts';
import { UserError } from '../model/errors.ts';
import { haveOneOwner } from '../project/owner.ts';
import { openFolderAsProject } from './context.ts';

/** A workspace lies at most so many folders above its members. */
const MAX_LEVELS = 8;

/**
 * The folder that a command works on, and the application in it. A folder that is a member of a workspace stands for the workspace with this member
 * chosen, so that both say the same; any other folder is a project of its own, and stays as it is.
 */
export async function placeOf(
  cwd: string,
  app: string | undefined,
): Promise<{ readonly cwd: string; readonly app?: string }> {
  const given = { cwd, ...(app === undefined ? {} : { app }) };
  const folder = resolve(cwd);
  const own = openFolderAsProject(folder);
  for (const { name, manifests } of languages) {
    const language = manifests.some((manifest) => own.has(manifest)) ? await loadLanguage(name) : undefined;
    if (!language?.isMember) continue;
    for (let above = folder, level = 0; level < MAX_LEVELS; level += 1) {
      const next = resolve(above, '..');
      // what lies above a repository is none of its business, and neither is a folder of somebody else
      if (next === above || isRepository(above) || !haveOneOwner(folder, next)) break;
      above = next;
      const member = relative(above, folder).split(sep).join(posix.sep);
      if (isMember(language.isMember, above, member))
        return { cwd: join(cwd, relative(folder, above)), app: app ?? member };
    }
  }
  return given;
}

/** A folder above that cannot be read, or whose settings are broken, is not what was asked for: it is passed by. */
function isMember(asked: NonNullable<Language['isMember']>, folder: string, member: string): boolean {
  try {
    return asked(openFolderAsProject(folder), member);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** In a worktree of git it is a file. */
function isRepository(folder: string): boolean {
  try {
    const project = openFolderAsProject(folder);
    return project.has('.git') || project.has('.git/HEAD');
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
