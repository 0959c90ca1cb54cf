/** Go: modules and their programs. Production runs a single binary on a minimal base. */
import { posix } from 'node:path';
import { parseGoMod } from '../../formats/go/index.ts';
import { item } from '../../model/check-item.ts';
import { plainName } from '../../model/plain-name.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Language, LanguageDetection } from '../contract.ts';
import { listUntransferred } from '../support/container/untransferred.ts';
import { applicationRoots } from './applications.ts';
import { inspectApplication } from './inspect.ts';
import { moduleAt, moduleName, modulesOf } from './modules.ts';
import { loadGoRecipes } from './recipe.ts';

export const detection: LanguageDetection = {
  name: 'go',
  title: 'Go',
  manifests: ['go.mod'],
  endings: ['.go'],
  testsHint: 'add a file whose name ends with _test.go',
};

export const language: Language = {
  applications: applicationRoots,
  packages: (project) =>
    applicationRoots(project).map((root) => ({
      root,
      name: plainName((root === '.' ? rootName(project) : posix.basename(root)) ?? '') || 'app',
    })),
  repositoryName: (project) => rootName(project) || undefined,
  inspect: async (input) => listUntransferred(input, await inspectApplication(input)),
  manifestItem: (project, { root }) => {
    const module = moduleAt(modulesOf(project), root);
    const title = 'go.mod names the module and its version of Go';
    if (!module)
      return item('manifest', title, {
        status: 'fail',
        detail: 'there is no go.mod',
        next: 'run `go mod init` and commit go.mod',
        file: root,
      });
    const whole = module.mod.module !== undefined && module.mod.go !== undefined;
    return item('manifest', title, {
      status: whole ? 'pass' : 'fail',
      detail: whole
        ? `${module.file} asks for Go ${module.mod.go?.version}`
        : `${module.file} lacks its module or its version of Go`,
      next: 'run `go mod tidy` and commit go.mod',
      file: module.file,
    });
  },
  lockfileItem: async (project, { root }) => {
    const module = moduleAt(modulesOf(project), root);
    const title = 'go.sum has what go.mod requires';
    const needs = module?.mod.requires ?? [];
    if (!module || needs.length === 0)
      return item('lockfile', title, { status: 'pass', detail: 'there are no dependencies, and nothing to lock' });
    const file = pathIn(module.folder, 'go.sum');
    const sums = new Set((project.read(file) ?? '').split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')));
    const local = new Set(module.mod.replaces.map(({ path }) => path));
    const lacking = needs.find(({ path, version }) => !local.has(path) && !sums.has(`${path} ${version}/go.mod`));
    const vendored = project.has(pathIn(module.folder, 'vendor/modules.txt'));
    return item('lockfile', title, {
      status: lacking && !vendored ? 'fail' : 'pass',
      detail:
        lacking && !vendored
          ? `${file} has nothing of ${lacking.path} ${lacking.version}`
          : `${file} is in step with ${module.file}`,
      next: 'run `go mod tidy` and commit go.sum',
      file: project.has(file) ? file : module.file,
    });
  },
  recipes: loadGoRecipes,
};

/** What the module in the root of a repository is called; undefined: there is none. */
const rootName = (project: Project): string | undefined => moduleName(parseGoMod(project.read('go.mod') ?? ''));
