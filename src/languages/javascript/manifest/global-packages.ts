/** Programs that the author's images install for everything in them, and no dependency of the project brings: scripts of the project run them. */
import { packagePrograms } from '../../../catalog/package-programs.ts';
import { parseDockerfile } from '../../../formats/dockerfile/index.ts';
import { shellCommands } from '../../../formats/shell/commands.ts';
import type { Known } from '../../../model/evidence.ts';
import type { Dependency } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { programRun } from '../../../stacks/javascript.ts';
import { managers } from '../../../stacks/managers/registry.gen.ts';
import type { App } from '../app.ts';
import { scriptsOf } from '../scripts/follow.ts';

/** A longer line is none that installs. Characters. */
const MAX_LINE = 5000;

/** A package of the registry, with or without a version. */
const plainSpec = /^((?:@[\w.-]+\/)?[\w.-]+)(?:@[\w.^~-]+)?$/;

const programsOf = (name: string): readonly string[] =>
  (Object.hasOwn(packagePrograms, name) ? packagePrograms[name] : undefined) ?? [name];

/** The packages of such programs, as they are installed. */
export function readGlobalPackages(
  app: App,
  dependencies: readonly Dependency[],
): readonly Known<string>[] | undefined {
  const run = programsOfScripts(app);
  const found = new Map<string, Known<string>>();
  for (const { spec, name, from } of installedGlobally(app)) {
    const isKnown =
      dependencies.some((dependency) => dependency.name === name) || managers.some((manager) => manager.name === name);
    if (!isKnown && !found.has(name) && programsOf(name).some((program) => run.has(program)))
      found.set(name, detected(spec, [from]));
  }
  return found.size === 0 ? undefined : [...found.values()];
}

/** Every program that a script of the project starts. */
const programsOfScripts = (app: App): ReadonlySet<string> =>
  new Set(
    Object.values(scriptsOf(app)).flatMap((text) =>
      shellCommands(text).commands.flatMap(({ argv }) => (programRun(argv) ?? argv).slice(0, 1)),
    ),
  );

/** What the author's Dockerfiles of the application install for the whole image: `npm install --global`, `yarn global add`. */
function installedGlobally({ docker, project }: App) {
  const files = (docker?.dockerfiles ?? []).filter(({ builds }) => builds === 'application');
  return files.flatMap(({ path: file }) =>
    parseDockerfile(project.read(file) ?? '').instructions.flatMap(({ keyword, rest, startLine: line }) =>
      keyword !== 'RUN' || rest.text.length > MAX_LINE
        ? []
        : shellCommands(rest.text).commands.flatMap(({ argv }) =>
            specsOf(argv).flatMap((spec) => {
              const name = plainSpec.exec(spec)?.[1];
              const from = { file, line, why: `\`${argv.join(' ')}\` installs it for the whole image` };
              return name === undefined ? [] : [{ spec, name, from }];
            }),
          ),
    ),
  );
}

function specsOf([program = '', ...rest]: readonly string[]): readonly string[] {
  if (!managers.some(({ name }) => name === program)) return [];
  const isGlobal = rest.some((word) => ['-g', '--global', 'global', '--location=global'].includes(word));
  const words = rest.filter((word) => !word.startsWith('-') && word !== 'global');
  const [verb = '', ...specs] = words;
  return isGlobal && ['install', 'i', 'add'].includes(verb) ? specs : [];
}
