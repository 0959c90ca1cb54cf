import { posix } from 'node:path';
import type { ExistingDeployment } from '../../model/existing.ts';
import { type Data, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import { at } from './text.ts';

export type Devcontainer = NonNullable<ExistingDeployment['devcontainer']>;

/** The container that an editor works in, where the project says one. Paths are relative to the repository. */
export function readDevcontainer(project: Project): Devcontainer | undefined {
  const usual = ['.devcontainer/devcontainer.json', '.devcontainer.json'];
  const path =
    usual.find((name) => project.has(name)) ??
    project.files().find((file) => /^\.devcontainer\/[^/]+\/devcontainer\.json$/.test(file));
  const data = path === undefined ? undefined : readData(project, path);
  if (!data || path === undefined) return undefined;
  const inProject = (written: string) => posix.normalize(posix.join(posix.dirname(path), written));
  const image = data.text(['image']);
  const dockerfile =
    data.text(['build', 'dockerfile']) ?? data.text(['dockerFile']) ?? data.text(['build', 'dockerFile']);
  return {
    path,
    ...(image === undefined ? {} : { image }),
    ...(dockerfile === undefined ? {} : { dockerfile: inProject(dockerfile) }),
    compose: composeFiles(data).map(inProject),
    from: [at(path, undefined, 'it is a dev container for editors')],
  };
}

function composeFiles(data: Data): readonly string[] {
  const value = data.at(['dockerComposeFile']);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === 'string');
}
