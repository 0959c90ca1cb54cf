import { posix } from 'node:path';
import { composeNames } from '../../catalog/docker-files.ts';
import { isWorkflowFile } from '../../formats/actions.ts';
import type { Project } from '../../project/project.ts';

/** Names of deployment files; a compose file has four. */
const names = [
  '.dockerignore',
  '.env.example',
  ...composeNames,
  'docker-stack.yml',
  '.gitlab-ci.yml',
  'fly.toml',
  'Procfile',
  'render.yaml',
  'railway.json',
  'railway.toml',
  'nixpacks.toml',
  'Jenkinsfile',
];

/** Deployment files that are there already, relative to the application in the folder `root`. */
export function readExisting(project: Project, root: string): string[] {
  const own = root === '.' ? '' : `${root}/`;
  const found = names.filter((name) => project.has(own + name));
  const others = project.files().filter((file) => {
    if (!file.startsWith(own)) return false;
    const path = file.slice(own.length);
    const base = posix.basename(path);
    if (isWorkflowFile(path) || path === '.circleci/config.yml') return true;
    if (path.includes('/')) return false;
    return (
      /^(Dockerfile|Containerfile)(\..+)?$/.test(base) ||
      /\.(Dockerfile|dockerfile)$/.test(base) ||
      /^(docker-)?compose\..+\.ya?ml$/.test(base)
    );
  });
  return [...new Set([...found, ...others.map((file) => file.slice(own.length))])].sort();
}
