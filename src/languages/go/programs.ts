import { posix } from 'node:path';
import { dottedName, nodesIn } from '../../formats/go/index.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Facts, Process } from '../../model/facts.ts';
import { plainName } from '../../model/plain-name.ts';
import type { Project } from '../../project/project.ts';
import { type GoDetails, goCommandLines, isOfModule } from '../../stacks/go.ts';
import { readArchetype, readSignals } from './behavior.ts';
import { evaluationOf } from './evaluate.ts';
import type { Module } from './modules.ts';
import { type GoProgram, readProgram } from './program.ts';

/** Programs that bring a database up to date, by the folders that they lie in. */
const ofDatabase = new Set('migrate migrator migration migrations dbmigrate'.split(' '));

/** Names that containers of the deployment have. */
const taken = new Set(['app', 'schedule']);

type ModuleContext = { readonly project: Project; readonly module: Module; readonly modules: readonly Module[] };

/** The further programs of a module beside its server. */
export type FurtherPrograms = {
  /** folders of those that are built into its images */
  readonly built: readonly string[];
  readonly processes: readonly Process[];
  readonly programs: NonNullable<GoDetails['programs']>;
  /** the one that brings the database up to date */
  readonly migrates?: { readonly binary: string; readonly takesArguments: boolean; readonly from: Evidence };
  readonly notes: Facts['notes'];
};

/** What becomes of each further program: what goes on by itself works beside the server, and what ends is a job or is left out. */
export function readBeside(
  { project, module, modules }: ModuleContext,
  folders: readonly string[],
  binary: string,
): FurtherPrograms {
  const built: string[] = [];
  const processes: Process[] = [];
  const programs: { name: string; main: string }[] = [];
  const notes: Facts['notes'][number][] = [];
  let migrates: FurtherPrograms['migrates'];
  for (const folder of folders) {
    const program = readProgram(project, folder, modules);
    const file = program.files[0]?.file ?? folder;
    const name = nameOf(folder, binary);
    const isOfDatabase = migrates === undefined && ofDatabase.has(posix.basename(folder));
    const works = isOfDatabase ? undefined : whyItWorks(program);
    if (isOfDatabase) {
      const from = { file, why: 'the folder of the program says what it is for' };
      migrates = { binary: name, takesArguments: readsArguments(program), from };
    } else if (works) {
      processes.push({ name, command: { argv: [binaryPath(name)] }, entry: file, from: [...works] });
    } else {
      const message = `${folder} is a program that exits, or a command-line tool, so it is not in any image. To run it beside the server, make it wait for a signal (signal.NotifyContext), without a command-line library`;
      notes.push({ code: 'program-left-out', message, from: [{ file, why: 'nothing in it waits or listens' }] });
      continue;
    }
    built.push(folder);
    programs.push({ name, main: posix.relative(module.folder, folder) || '.' });
  }
  return { built, processes, programs, ...(migrates ? { migrates } : {}), notes };
}

/** What its binary and its container are called: as its folder, where nothing else has that name. */
function nameOf(folder: string, binary: string): string {
  const name = plainName(posix.basename(folder)) || 'worker';
  return name === binary || taken.has(name) ? `${name}-worker` : name;
}

/** Packages of flags alone: what goes on by itself has flags as well. */
const ofFlags: ReadonlySet<string> = new Set(['flag', 'github.com/spf13/pflag']);

/** Whether a program has commands that people call, which often wait for an interrupt too. */
const hasCommands = ({ packages, main }: GoProgram): boolean =>
  ['cli', 'ctl'].some((ending) => posix.basename(main).endsWith(ending)) ||
  packages.some(({ path }) => goCommandLines.some((module) => !ofFlags.has(module) && isOfModule(path, module)));

/** Why a program goes on by itself; undefined: it ends. */
function whyItWorks(program: GoProgram): readonly Evidence[] | undefined {
  if (hasCommands(program)) return undefined;
  const evaluation = evaluationOf(program);
  const archetype = readArchetype(evaluation, [], readSignals(evaluation));
  return 'value' in archetype && archetype.value === 'worker' ? archetype.from : undefined;
}

/** Where a binary lies in an image: on the PATH, and outside of the folder that relative paths start from. */
export const binaryPath = (binary: string): string => `/usr/local/bin/${binary}`;

/** Whether a program reads what it is called with. */
const readsArguments = ({ files, packages }: GoProgram): boolean =>
  packages.some(({ path }) => goCommandLines.some((module) => isOfModule(path, module))) ||
  files.some((file) => nodesIn(file.root, 'SelectorExpr').some((node) => dottedName(node) === 'os.Args'));
