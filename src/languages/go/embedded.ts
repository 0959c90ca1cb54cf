import { posix } from 'node:path';
import { managersRuntime } from '../../catalog/bases.ts';
import type { Facts } from '../../model/facts.ts';
import { isTable, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { GoDetails } from '../../stacks/go.ts';
import { loadManager, managers } from '../../stacks/managers/registry.gen.ts';
import type { GoProgram } from './program.ts';

const directive = 'go:embed ';

/** A folder that is compiled into the program, with the line that says so. */
type Embedded = { readonly path: string; readonly from: Facts['notes'][number]['from'][number] };

/** What `//go:embed` names and the repository does not have: something makes it before the program is compiled. */
function lackingEmbeds(project: Project, { files }: GoProgram): readonly Embedded[] {
  const all = project.files();
  const found = files.flatMap((file) =>
    file.comments
      .filter(({ text }) => text.startsWith(directive))
      .flatMap(({ text, start }) =>
        patternsOf(text.slice(directive.length)).map((pattern) => ({
          path: posix.join(posix.dirname(file.file), pattern),
          from: { file: file.file, line: file.lineAt(start), why: `it is compiled into the program` },
        })),
      ),
  );
  return found.filter(
    ({ path }, at) =>
      found.findIndex((item) => item.path === path) === at &&
      !all.some((file) => (file === path || file.startsWith(`${path}/`)) && !posix.basename(file).startsWith('.')),
  );
}

/** The patterns behind the directive, each without what stands for several names: `all:dist web/dist/*`. */
const patternsOf = (text: string): readonly string[] =>
  text
    .split(' ')
    .map((word) => word.trim().replaceAll('"', '').replaceAll('`', ''))
    .filter((word) => word !== '')
    .map((word) => (word.startsWith('all:') ? word.slice('all:'.length) : word))
    .flatMap((word) => {
      const parts = word.split('/');
      const star = parts.findIndex((part) => part.includes('*') || part.includes('?') || part.includes('['));
      const plain = parts.slice(0, star === -1 ? undefined : star).join('/');
      // a pattern of names in the folder of the source itself is that of files that are written by hand
      return plain === '' ? [] : [plain];
    });

/** The package around a folder that has a script `build`; undefined: there is none. */
function packageAround(project: Project, folder: string): string | undefined {
  for (let value = posix.dirname(folder); ; value = posix.dirname(value)) {
    const scripts = readData(project, pathIn(value, 'package.json'))?.at(['scripts']);
    if (isTable(scripts) && typeof scripts['build'] === 'string') return value;
    if (value === '.' || value === '/') return undefined;
  }
}

type Assets = NonNullable<GoDetails['assets']>[number];

/** The stages that make what is compiled into the program; paths are relative to the build context. */
export async function readAssets(
  project: Project,
  program: GoProgram,
  context: string,
): Promise<{ readonly assets: readonly Assets[]; readonly notes: Facts['notes'] }> {
  const assets: Assets[] = [];
  const notes: Facts['notes'][number][] = [];
  const inContext = (path: string) => posix.relative(context, path) || '.';
  for (const { path, from } of lackingEmbeds(project, program)) {
    const folder = packageAround(project, path);
    const built = folder === undefined ? undefined : await buildOf(project, folder);
    if (folder === undefined || !built || inContext(folder).startsWith('..')) {
      notes.push({
        code: 'embed-missing',
        message: `${path} is compiled into the program, but no known command generates it: commit it, or generate it before the image is built`,
        from: [from],
      });
      continue;
    }
    const before = assets.find((asset) => asset.folder === inContext(folder));
    if (before) assets[assets.indexOf(before)] = { ...before, outputs: [...before.outputs, inContext(path)] };
    else assets.push({ folder: inContext(folder), outputs: [inContext(path)], ...built, from });
  }
  return { assets, notes };
}

/** How the package of a folder is installed and built: by the manager whose lockfile lies there. */
async function buildOf(
  project: Project,
  folder: string,
): Promise<Pick<Assets, 'manifests' | 'steps' | 'build'> | undefined> {
  const has = (file: string) => project.has(pathIn(folder, file));
  const detection =
    managers.find(({ files = [] }) => files.some(has)) ?? managers.find(({ isDefault }) => isDefault === true);
  const manager = detection ? await loadManager(detection.name) : undefined;
  if (!detection || !manager) return undefined;
  const lockfile = detection.files?.find(has);
  const nodeVersion = manager.version?.(project, folder);
  const version = nodeVersion && 'value' in nodeVersion ? nodeVersion.value : undefined;
  const into = manager.installInto?.({ ...managersRuntime, version });
  const install = manager.install({ lockfile, production: false, tokens: [], version });
  const manifests = ['package.json', ...(lockfile ? [lockfile] : []), ...manager.reads(project, folder)];
  const brought = into
    ? 'argv' in into
      ? [{ do: 'run' as const, argv: [...into.argv] }]
      : [{ do: 'copy' as const, from: into.image, sources: [into.source], to: into.to }]
    : [];
  return {
    manifests: [...new Set(manifests)].filter(has),
    steps: [
      ...brought,
      {
        do: 'run' as const,
        argv: [...install.argv],
        mounts: [...install.mounts],
        ...(install.env ? { env: { ...install.env } } : {}),
      },
    ],
    build: [detection.name, 'run', 'build'],
  };
}
