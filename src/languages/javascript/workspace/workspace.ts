import { isTable, readData } from '../../../project/data.ts';
import { pathIn, pathsBelow } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import type { Sibling, Workspace } from '../../../stacks/javascript.ts';
import type { App } from '../app.ts';
import { scriptsOfInstall } from '../manifest/dependencies.ts';
import { buildScripts } from '../scripts/follow.ts';
import { memberAt, memberClosure } from './member-closure.ts';
import type { Members } from './members.ts';
import { servedMembers } from './served.ts';
import { readOutside } from './shared-files.ts';
import { givesSource } from './source-siblings.ts';

/**
 * The workspace of an application, as far as it needs it. `reached` are files that it imports, `bundled` says that its build brings them into what
 * it makes: then none of them has to be there when it runs but what its manifest names.
 */
export function readWorkspace(app: App, reached: readonly string[], bundled: boolean): Workspace | undefined {
  const { members, project, root } = app;
  if (!members || members.folders.size === 0) return undefined;
  const imported = [...new Set(reached.flatMap((file) => memberAt(members, file) ?? []))].filter((one) => one !== root);
  const served = servedMembers(project, members, root, reached);
  const first = [...imported, ...served, root];
  const needed = memberClosure(project, members, first, { runs: false }).filter((one) => one !== root);
  const runs = new Set(memberClosure(project, members, [...(bundled ? served : first), root], { runs: true }));
  const below = pathsBelow(members.root);
  const own = (path: string) => below(path) || '.';
  const siblings = needed.map((folder): Sibling => {
    const scripts = scriptsToRun(project, members, folder);
    return {
      name: members.folders.get(folder)?.text(['name']) ?? own(folder),
      folder: own(folder),
      ...(scripts.length > 0 ? { scripts } : {}),
      runs: runs.has(folder),
      ...(givesSource(project, folder) ? { source: true as const } : {}),
    };
  });
  const others = [...members.folders.keys()].filter((folder) => folder !== root && !needed.includes(folder));
  return {
    name: app.manifest?.text(['name']) ?? own(root),
    folder: own(root),
    siblings,
    others: others.map(own),
    outside: readOutside(app, members, [root, ...needed]).map(own),
    ...(project.has(pathIn(members.root, 'package.json')) ? {} : { withoutManifest: true }),
  };
}

/** Scripts of a member that make what others use of it, in their order: those that installing would run, those that the runner runs first, its build. */
function scriptsToRun(project: Project, members: Members, folder: string): readonly string[] {
  const scripts = members.folders.get(folder)?.texts(['scripts']) ?? {};
  const build = buildScripts.find((name) => Object.hasOwn(scripts, name) && !checksOnly(scripts[name] ?? ''));
  const manifest = members.folders.get(folder);
  const installing = manifest
    ? scriptsOfInstall(manifest).flatMap(({ does, name }) => (does === 'generates' ? [name] : []))
    : [];
  const first = runnersFirst(project, members).filter((name) => Object.hasOwn(scripts, name));
  return [...new Set([...installing, ...first, ...(build === undefined ? [] : [build])])];
}

/** Whether a script looks at sources and makes nothing of them: others use them as they are. */
const checksOnly = (script: string): boolean =>
  script
    .split('&&')
    .every((part) =>
      /^\s*((npx|bunx|pnpm exec|yarn) )?((vue-)?tsc\b.*\s--noEmit\b|(eslint|biome|prettier|echo)\b)/.test(part),
    );

/** Tasks of Turborepo that come before `build`, in the member itself or in what it needs: such as `db:generate`. */
function runnersFirst(project: Project, members: Members): readonly string[] {
  const data = readData(project, pathIn(members.root, 'turbo.json'));
  const tasks = data?.at(['tasks']) ?? data?.at(['pipeline']);
  const build = isTable(tasks) ? tasks['build'] : undefined;
  const before: unknown = isTable(build) ? build['dependsOn'] : undefined;
  const names: readonly unknown[] = Array.isArray(before) ? before : [];
  return names.flatMap((name) => {
    const task =
      typeof name === 'string' && !name.includes('#') && !name.startsWith('$') ? name.replace('^', '') : 'build';
    return task === 'build' || /lint|test|typecheck|type-check|check-types/.test(task) ? [] : [task];
  });
}
