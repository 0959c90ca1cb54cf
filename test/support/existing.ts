import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from '../e2e/whole-way.ts';
import { copyProject, repository } from './projects.ts';

/** A project with Docker files of an author: `project` names the one that they are laid over. */
export type ExistingCase = {
  readonly project: string;
  /** the service that answers, and its port in the container */
  readonly service: string;
  readonly port: number;
  readonly http?: Case['http'];
  /** asked again after the containers went and came back: data is kept */
  readonly again?: Case['http'];
  /** false: the author's base starts no application */
  readonly base?: boolean;
  readonly forms?: { readonly development: string; readonly production: string };
  /** items of the runtime contract that verify proves, by the service */
  readonly proved?: Readonly<Record<string, readonly string[]>>;
  /** files that must not be there afterwards */
  readonly absent?: readonly string[];
  /** files whose offered edits are made in a second round, and the forms that there are then */
  readonly edited?: {
    readonly files: readonly string[];
    readonly forms: { readonly development: string; readonly production: string };
    /** in place of those of the case, where nothing starts without the edits */
    readonly http?: Case['http'];
  };
  /** true: nothing can be started, and the image is built all the same */
  readonly builds?: boolean;
  /** what the reason has to name for which something is not written */
  readonly says?: string;
};

const folder = join(repository, 'fixtures/existing');

/** Every fixture of an author's Docker files. */
export const existingCases: readonly { readonly name: string; readonly expected: ExistingCase }[] = readdirSync(folder)
  .sort()
  .filter((name) => existsSync(join(folder, name, 'case.json')))
  .map((name) => ({
    name,
    expected: JSON.parse(readFileSync(join(folder, name, 'case.json'), 'utf8')) as ExistingCase,
  }));

/** The project of a fixture in a temporary folder, with the author's files in it. */
export function copyExisting(name: string, { project }: ExistingCase): ReturnType<typeof copyProject> {
  const copy = copyProject(join(repository, project));
  const own = join(folder, name);
  cpSync(own, copy.root, { recursive: true, filter: (source) => !source.endsWith('case.json') });
  return copy;
}

/** The author's files of a fixture. */
export const filesOf = (name: string): readonly string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[\w.]+$|ockerfile/.test(path) && !path.endsWith('case.json'))
    .filter((path) => readdirOf(join(folder, name, path)) === undefined);

const readdirOf = (path: string): readonly string[] | undefined => {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
};
