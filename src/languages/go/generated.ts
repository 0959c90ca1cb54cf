import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { Project } from '../../project/project.ts';
import { type GoGenerator, goGenerators } from '../../stacks/go.ts';
import { folderOfPackage, isBelow, isSource, type Module } from './modules.ts';
import type { GoProgram } from './program.ts';

/** A program that writes sources before anything is compiled, at the release that go.mod names. */
export type Generator = { readonly argv: readonly string[]; readonly from: Facts['notes'][number]['from'][number] };

/** What writes the sources that the repository does not have, and remarks on packages that nothing known writes. */
export function readGenerators(
  project: Project,
  program: GoProgram,
  modules: readonly Module[],
): { readonly generators: readonly Generator[]; readonly notes: Facts['notes'] } {
  const [module] = modules;
  const lacking = lackingPackages(project, program, modules);
  const found = goGenerators.flatMap((goGenerator): (Generator & { readonly made: GoGenerator })[] => {
    const release = module?.mod.requires.find(({ path }) => path === goGenerator.module)?.version;
    const argv = module && release ? argvOf(project, program, goGenerator, { module, release, lacking }) : undefined;
    return module && argv
      ? [
          {
            argv,
            made: goGenerator,
            from: { file: module.file, why: `${goGenerator.title} generates files that are not in the repository` },
          },
        ]
      : [];
  });
  const written = found.some(({ made }) => made.folder !== undefined);
  return {
    generators: found.map(({ argv, from }) => ({ argv, from })),
    notes: (written
      ? lacking.filter(
          ({ folder }) => !goGenerators.some((goGenerator) => goGenerator.folder === posix.basename(folder)),
        )
      : lacking
    ).map(({ path, from }) => ({
      code: 'package-missing',
      message: `${path} is imported, but the repository has no source of it: commit the generated files, or generate them before the image is built`,
      from: [from],
    })),
  };
}

type MissingFile = { readonly path: string; readonly folder: string; readonly from: Generator['from'] };

/** Packages of these modules that are imported and have no source. */
function lackingPackages(project: Project, program: GoProgram, modules: readonly Module[]): readonly MissingFile[] {
  const folders = new Set(
    project
      .files()
      .filter(isSource)
      .map((file) => posix.dirname(file)),
  );
  const found = program.files.flatMap(({ file, imports }) =>
    imports.flatMap(({ path, line }): MissingFile[] => {
      const folder = folderOfPackage(path, modules);
      return folder === undefined || folders.has(folder)
        ? []
        : [{ path, folder, from: { file, line, why: `it imports ${path}` } }];
    }),
  );
  return found.filter(({ path }, at) => found.findIndex((missingFile) => missingFile.path === path) === at);
}

/** The command of a generator, where something that it writes is not there. */
function argvOf(
  project: Project,
  program: GoProgram,
  goGenerator: GoGenerator,
  {
    module,
    release,
    lacking,
  }: { readonly module: Module; readonly release: string; readonly lacking: readonly MissingFile[] },
): readonly string[] | undefined {
  const run = ['go', 'run', `${goGenerator.program}@${release}`, ...goGenerator.arguments];
  if (goGenerator.source) {
    const { ending, written } = goGenerator.source;
    const sources = project.files().filter((file) => file.endsWith(ending) && isBelow(file, module.folder));
    const isLacking = sources.some((file) => !project.has(`${file.slice(0, -ending.length)}${written}`));
    return isLacking ? run : undefined;
  }
  const wanted = lacking.find(({ folder }) => posix.basename(folder) === goGenerator.folder);
  const described = program.files.find(({ comments }) => comments.some(({ text }) => text.trim().startsWith('@title')));
  const begin = described ?? program.files[0];
  return wanted && begin
    ? [...run, '-g', posix.relative(module.folder, begin.file), '-o', posix.relative(module.folder, wanted.folder)]
    : undefined;
}
