import type { Project } from './project.ts';

/**
 * The project as a clone of it has it: without the files and folders that `.gitignore` in its root names. What a build left on this
 * machine is no fact about the project. Only plain names and paths count; patterns with wildcards name no folder of sources.
 */
export function committed(project: Project): Project {
  const rules = (project.read('.gitignore') ?? '').split('\n').flatMap(ruleOf);
  if (rules.length === 0) return project;
  const hidden = (path: string) =>
    rules.some(
      ({ name, anywhere }) =>
        path === name || path.startsWith(`${name}/`) || (anywhere && `/${path}/`.includes(`/${name}/`)),
    );
  const files = project.files().filter((path) => !hidden(path));
  return {
    label: project.label,
    files: () => files,
    has: (path) => !hidden(path) && project.has(path),
    read: (path) => (hidden(path) ? undefined : project.read(path)),
    bytes: (path) => (hidden(path) ? undefined : project.bytes(path)),
    obstacle: (path) => (hidden(path) ? undefined : project.obstacle(path)),
  };
}

/** A line that names one thing: without a slash in it, wherever it lies (gitignore(5)). */
function ruleOf(raw: string): { name: string; anywhere: boolean }[] {
  const line = raw.trim().replace(/^\*\*\//, '');
  if (line === '' || /[*?[\]!#\\]/.test(line)) return [];
  const name = line.replace(/^\//, '').replace(/\/$/, '');
  return name === '' ? [] : [{ name, anywhere: !line.replace(/\/$/, '').includes('/') }];
}
