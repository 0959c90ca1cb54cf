/** Which folder modules are imported from, by what they import: the application is that folder, wherever its requirements lie. */
import { posix } from 'node:path';
import { pathIn, pathsBelow } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readPython } from '../../project/source.ts';
import { isSideFile, MAX_MODULES } from './app.ts';
import { importsOf, isBelow, isPackageOf } from './import-roots.ts';

/** Manifests by which a folder is an application, or a part of one. */
export const manifests = ['pyproject.toml', 'requirements.txt', 'Pipfile', 'setup.py', 'manage.py', 'environment.yml'];

/** Names of the one manifest that may lie in the folder of a package: it says what is installed, and nothing of where modules are. */
const requirements = 'requirements.txt';

/** What a module of the project imports. */
const importsIn = (project: Project, file: string) => importsOf(readPython(project, file)?.body ?? []);

/** The modules in a folder, by their paths in the repository. */
const sourcesIn = (project: Project, folder: string): readonly string[] =>
  project
    .files()
    .filter((file) => file.endsWith('.py') && !isSideFile(file) && (folder === '.' || file.startsWith(`${folder}/`)))
    .slice(0, MAX_MODULES);

/** The folders above a folder, the nearest first. */
function above(folder: string): readonly string[] {
  const parent = posix.dirname(folder);
  return folder === '.' ? [] : [parent, ...above(parent)];
}

/**
 * The folder that the modules of a folder are imported from, where that is one above: a module of it or beside it imports them by the name of
 * the folder, or one that lies directly in it goes up by dots, which only a module of a package can. Undefined: it is the folder itself.
 */
function importedFrom(project: Project, folder: string): string | undefined {
  const own = sourcesIn(project, folder);
  const isPackage = own.some((file) => goesUp(project, folder, file));
  return above(folder).find((upper) => {
    if (isPackage && upper === posix.dirname(folder)) return true;
    const name = pathsBelow(upper)(folder).replaceAll('/', '.');
    // a package of the same name inside of it is the one that its modules mean
    const inner = pathIn(folder, name.split('.')[0] ?? '');
    const isHidden = own.some((file) => file === `${inner}.py` || file.startsWith(`${inner}/`));
    return sourcesIn(project, upper).some(
      (file) =>
        !(isHidden && own.includes(file)) &&
        importsIn(project, file).some(({ level, path }) => level === 0 && isBelow(path, name)),
    );
  });
}

const goesUp = (project: Project, folder: string, file: string): boolean =>
  isPackageOf(importsIn(project, file), pathsBelow(folder)(file));

/** The folder of the application that a folder with a manifest belongs to: where that is of requirements alone, one that its modules are imported from. */
export function applicationOf(project: Project, folder: string): string {
  const has = manifests.filter((name) => project.has(pathIn(folder, name)));
  if (folder === '.' || has.some((name) => name !== requirements)) return folder;
  const upper = importedFrom(project, folder);
  // a folder is an application of one language
  return upper === undefined || project.has(pathIn(upper, 'package.json')) || project.has(pathIn(upper, 'go.mod'))
    ? folder
    : upper;
}

/** The folder of a package whose requirements are those of the application in `root`; undefined: none, or several. */
export function requirementsFolder(project: Project, root: string): string | undefined {
  const below = project
    .files()
    .filter((file) => posix.basename(file) === requirements && (root === '.' || file.startsWith(`${root}/`)))
    .map((file) => posix.dirname(file))
    .filter((folder) => folder !== root && !isSideFile(pathIn(folder, 'x')) && applicationOf(project, folder) === root);
  const [only] = below;
  return below.length === 1 && only !== undefined ? pathsBelow(root)(only) : undefined;
}
