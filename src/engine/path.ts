import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, extname, isAbsolute, join, resolve } from 'node:path';
import { packageFolders } from '../catalog/folders.ts';
import { UserError } from '../model/errors.ts';
import { isWithin, realPath, repositoryAround } from './folders.ts';

/** Folders of repositories that this process works on. Nothing that lies in them is ever started on this machine. */
const projects = new Set<string>();

/** Says that a folder belongs to a project that nobody has vetted: no program of it, or of the repository around it, is started. */
export function dropFromPath(folder: string): void {
  projects.add(repositoryAround(realPath(folder)));
}

/** Whether a path lies in a project, once links are followed. */
export function isInProject(path: string): boolean {
  const real = realPath(path);
  return [...projects].some((project) => isWithin(real, project));
}

/**
 * Whether a folder of PATH is one to look for programs in. Relative and empty entries mean the working folder. `npx` and `npm run` put
 * `node_modules/.bin` of the project, and of every folder above it, first.
 */
const isTrusted = (folder: string): boolean =>
  isAbsolute(folder) && !folder.split(/[\\/]/).some((part) => packageFolders.includes(part)) && !isInProject(folder);

const pathOf = (env: Readonly<Record<string, string | undefined>>): string =>
  Object.entries(env).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? '';

/** The folders of PATH in which programs are looked for: absolute, and outside of every project. */
export const searchPath = (env: Readonly<Record<string, string | undefined>> = process.env): readonly string[] =>
  pathOf(env).split(delimiter).filter(isTrusted);

/** The file names of a program: Windows tells programs by their extension. */
const fileNames = (program: string): readonly string[] =>
  process.platform === 'win32' && extname(program) === '' ? [`${program}.exe`, `${program}.com`] : [program];

function isProgram(file: string): boolean {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The absolute path of a program. Throws `UserError`: `program-missing` where PATH has none, `program-in-project` where the only one
 * belongs to a project.
 */
export function findProgram(program: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const filesIn = (folders: readonly string[]) =>
    folders.flatMap((folder) => fileNames(program).map((name) => join(folder, name))).filter(isProgram);
  const found = filesIn(searchPath(env)).find((file) => !isInProject(file));
  if (found !== undefined) return found;
  const [untrusted] = filesIn(
    pathOf(env)
      .split(delimiter)
      .map((folder) => resolve(folder)),
  );
  throw untrusted === undefined ? missingProgram(program) : programInProject(program, untrusted);
}

/** The error for a program that is not installed. */
export const missingProgram = (program: string): UserError =>
  new UserError({
    code: 'program-missing',
    message: `The program ${program} was not found.`,
    next: [`Install ${program}, or put it on the PATH.`],
    exit: 4,
  });

const programInProject = (program: string, file: string): UserError =>
  new UserError({
    code: 'program-in-project',
    message: `The only ${basename(program)} on the PATH is ${file}. It belongs to a project, and Dockwright does not start programs of a project on this machine.`,
    next: [`Install ${program} outside the project, and add its absolute folder to the PATH.`],
    exit: 4,
  });
