import { posix } from 'node:path';
import { composeNames, isComposeName } from '../../catalog/docker-files.ts';
import { packageManifest } from '../../catalog/manifests.ts';
import { type ReadScript, scriptReader } from '../../formats/shell/script.ts';
import { type YamlScalar, yamlScalars } from '../../formats/yaml/scalars.ts';
import type { UserError } from '../../model/errors.ts';
import type { NotUnderstood } from '../../model/finding.ts';
import { type ComposeSet, composeSet, type ServiceFacts } from './compose.ts';
import { type BuildFacts, type DockerfileFacts, dockerfileFacts } from './dockerfile.ts';

/** What is judged. */
export type LintInput = {
  /** the Dockerfiles and compose files to judge, by path in the project */
  readonly files: readonly string[];
  /** what is used together with them and judged by nobody: what was generated */
  readonly beside?: readonly string[];
  /** the folder that a Dockerfile is built from, by its path, where that is known */
  readonly contexts?: Readonly<Record<string, string>>;
  /** every file of the project */
  readonly all: readonly string[];
  /** the text of a file of the project; undefined where there is none */
  readonly read: (path: string) => string | undefined;
};

/** What the rules look at, worked out once. */
export type LintFacts = {
  readonly dockerfiles: readonly DockerfileFacts[];
  readonly sets: readonly ComposeSet[];
  /** compose files that compose refuses, with the reason */
  readonly refused: readonly { readonly file: string; readonly problem: UserError }[];
  readonly has: (path: string) => boolean;
  readonly all: readonly string[];
  readonly read: (path: string) => string | undefined;
  /** the scalars of a YAML file with their spans, by line */
  readonly scalarsOf: (path: string) => ReadonlyMap<number, readonly YamlScalar[]>;
  /** a line of a file, 1-based */
  readonly lineOf: (path: string, line: number) => string;
  /** the services of all sets */
  readonly services: readonly ServiceFacts[];
  /** the services that run a Dockerfile */
  readonly servicesOf: (dockerfile: DockerfileFacts) => readonly ServiceFacts[];
  /** the Dockerfile of a service */
  readonly dockerfileOf: (service: ServiceFacts) => DockerfileFacts | undefined;
  readonly script: ReadScript;
  /** what was not understood, so that no rule judged it */
  readonly notUnderstood: readonly NotUnderstood[];
};

/** No Dockerfile or compose file that people write is larger. Characters. */
const MAX_SIZE = 256 * 1024;

const isBlank = (text: string): boolean =>
  text.split('\n').every((line) => line.trim() === '' || line.trim() === '---' || line.trimStart().startsWith('#'));

/** The facts of these files. Never throws for what they hold. */
export async function lintFacts(input: LintInput): Promise<LintFacts> {
  const script = await scriptReader();
  const known = new Set(input.all);
  const notUnderstood: NotUnderstood[] = [];
  const judged = [...new Set([...input.files, ...(input.beside ?? [])])].filter((file) => {
    const text = input.read(file);
    if (text === undefined) notUnderstood.push({ file, message: 'It could not be read.' });
    else if (text.length > MAX_SIZE)
      notUnderstood.push({ file, message: 'It is larger than 256 KiB, so it was not read.' });
    // a file in which everything is commented out says nothing
    return text !== undefined && text.length <= MAX_SIZE && !isBlank(text);
  });
  const { sets, refused } = setsOf(judged.filter(isComposeName), input);
  const services = sets.flatMap((set) => set.services);
  const builds = buildsOf(services);
  const dockerfiles = judged
    .filter((file) => !isComposeName(file))
    .map((path) => {
      const build = builds.get(path) ?? {
        context: input.contexts?.[path] ?? contextOf(path, known),
        args: {},
        targets: [],
        isDeployed: false,
      };
      return dockerfileFacts(path, input.read(path) ?? '', build, script);
    });
  for (const { path, stages } of dockerfiles)
    for (const run of stages.flatMap((stage) => (stage.isWindows ? [] : stage.runs)))
      if (run.text !== '' && run.commands.length === 0 && script(run.text) === undefined)
        notUnderstood.push({
          file: path,
          line: run.from.startLine,
          message: 'Its commands could not be read as shell.',
        });
  const byPath = new Map(dockerfiles.map((facts) => [facts.path, facts]));
  return {
    dockerfiles,
    sets,
    refused,
    has: (path) => known.has(path),
    all: input.all,
    read: input.read,
    scalarsOf: once((path) => byLine(yamlScalars(input.read(path) ?? ''))),
    lineOf: lineReader(input.read),
    services,
    servicesOf: ({ path }) => services.filter((service) => service.build?.dockerfile === path),
    dockerfileOf: (service) => byPath.get(service.build?.dockerfile ?? ''),
    script,
    notUnderstood,
  };
}

/** A function of a path that does its work once for each. */
function once<T>(work: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const done = work(path);
    known.set(path, done);
    return done;
  };
}

function byLine(scalars: readonly YamlScalar[]): ReadonlyMap<number, readonly YamlScalar[]> {
  const lines = new Map<number, YamlScalar[]>();
  for (const scalar of scalars) {
    const line = lines.get(scalar.line);
    if (line) line.push(scalar);
    else lines.set(scalar.line, [scalar]);
  }
  return lines;
}

function lineReader(read: LintInput['read']): LintFacts['lineOf'] {
  const linesOf = once((path) => (read(path) ?? '').split('\n'));
  return (path, line) => linesOf(path)[line - 1] ?? '';
}

/** Where a Dockerfile is built from where no compose file says it: its folder, or the one above where it lies in a folder of its own. */
function contextOf(path: string, known: ReadonlySet<string>): string {
  const folder = posix.dirname(path);
  const [base, above] = [posix.basename(folder), posix.dirname(folder)];
  const isApart = /^(\.?docker|deploy|deployment|build|ci|infra|containers?)$/i.test(base);
  const hasSources = known.has(`${folder}/${packageManifest}`) || known.has(`${folder}/.dockerignore`);
  return isApart && !hasSources ? above : folder;
}

/** How each Dockerfile is built, by its path: targets of what is for development do not count. */
function buildsOf(services: readonly ServiceFacts[]): ReadonlyMap<string, BuildFacts> {
  const builds = new Map<string, BuildFacts>();
  for (const { build, isDevelopment, isTask } of services) {
    if (build?.dockerfile === undefined) continue;
    const before = builds.get(build.dockerfile);
    const targets = [...(before?.targets ?? []), ...(build.target && !isDevelopment && !isTask ? [build.target] : [])];
    builds.set(build.dockerfile, {
      context: before?.context ?? build.context ?? '.',
      args: { ...build.args, ...before?.args },
      targets: [...new Set(targets)],
      isDeployed: before?.isDeployed || !isDevelopment,
    });
  }
  return builds;
}

const useOf = (path: string): ComposeSet['use'] => {
  const name = path.toLowerCase();
  if (/(^|[/._-])(dev|devel|development|develop|local|override|devcontainer|debug)([/._-]|$)/.test(name))
    return 'development';
  if (/(^|[/._-])(test|tests|testing|ci|e2e|integration)([/._-]|$)/.test(name)) return 'test';
  return /(^|[/._-])(prod|production|deploy|release|swarm|stack)([/._-]|$)/.test(name) ? 'production' : 'base';
};

/** Compose files as they are used together: each base by itself, and what only makes sense above it with it below. */
function setsOf(files: readonly string[], { read }: LintInput) {
  const sets: ComposeSet[] = [];
  const refused: { file: string; problem: UserError }[] = [];
  for (const file of files) {
    const alone = composeSet([file], useOf(file), read);
    if ('problem' in alone) {
      refused.push({ file, problem: alone.problem });
      continue;
    }
    const isFragment = alone.set.services.some(
      ({ image, build, has }) => (!image && !build && !has('provider')) || build?.isPart,
    );
    const base = isFragment ? baseOf(file, files) : undefined;
    const both = base === undefined ? undefined : composeSet([base, file], useOf(file), read);
    sets.push(both && 'set' in both ? both.set : alone.set);
  }
  return { sets, refused };
}

const baseOf = (file: string, files: readonly string[]): string | undefined => {
  const folder = posix.dirname(file);
  return composeNames
    .map((name) => (folder === '.' ? name : `${folder}/${name}`))
    .find((path) => path !== file && files.includes(path));
};
