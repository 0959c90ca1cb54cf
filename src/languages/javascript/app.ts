import { posix } from 'node:path';
import type { Source } from '../../formats/source/index.ts';
import type { Config } from '../../model/config.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { ExistingDeployment } from '../../model/existing.ts';
import type { Hint } from '../../model/hint.ts';
import type { Fact } from '../../model/known.ts';
import { type Data, readData } from '../../project/data.ts';
import { pathsBelow } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ApplicationInput, Example } from '../contract.ts';
import { type ContainerEvidence, containerEvidence } from '../support/container/evidence.ts';
import { type Members, membersAround } from './workspace/members.ts';

/** One app of a repository, as the readers of facts see it. */
export type App = {
  readonly project: Project;
  /** folder of the app in the repository; `.` for its root */
  readonly root: string;
  readonly config: Config;
  /** by name of the variable, from `.env.example` */
  readonly examples: ReadonlyMap<string, Example>;
  /** what the Docker files of the author say of its container; undefined: none of them runs it */
  readonly container: ContainerEvidence | undefined;
  /** the Docker files of the author; undefined: there are none */
  readonly docker: ExistingDeployment | undefined;
  /** what files of other platforms say */
  readonly hints: readonly Hint[];
  /** the workspace that its folder belongs to; undefined: none */
  readonly members: Members | undefined;
  /** package.json of the app */
  readonly manifest: Data | undefined;
  /** the path in the repository of a path of the app */
  readonly path: (own: string) => string;
  /** the path in the app of a path of the repository; paths outside start with `../` */
  readonly own: (path: string) => string;
};

/** Whether a file of the repository lies in the folder of an app. */
export const isInside = ({ root }: Pick<App, 'root'>, file: string): boolean =>
  root === '.' || file.startsWith(`${root}/`);

/** An app in a folder of the project. */
export function appAt({ project, root, config, examples, docker, hints }: ApplicationInput): App {
  const path = (own: string) => posix.normalize(posix.join(root, own));
  return {
    project,
    root,
    config,
    examples,
    container: containerEvidence(docker),
    docker,
    hints,
    members: membersAround(project, root),
    manifest: readData(project, path('package.json')),
    path,
    own: pathsBelow(root),
  };
}

/** Evidence in a settings file. */
export function inData(data: Data, path: readonly (string | number)[], why: string): Evidence {
  const line = data.line(path);
  return { file: data.file, ...(line === undefined ? {} : { line }), why };
}

/** Evidence at an offset of a source. */
export const inSource = (source: Source, offset: number, why: string): Evidence => ({
  file: source.file,
  line: source.line(offset),
  why,
});

/** What configuration decides: the evidence names the key. */
export const byConfig = <T>(value: T, key: string): Fact<T> => ({
  value,
  by: 'config',
  from: [{ why: `the configuration says ${key}` }],
});

/** A property of a fact that is there only where it has a value. */
export const present = <K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [key in K]?: V });

/** What a .js file of an application is: `type` of its manifest. */
export const moduleTypeOf = (app: App): 'module' | 'commonjs' =>
  app.manifest?.text(['type']) === 'module' ? 'module' : 'commonjs';
