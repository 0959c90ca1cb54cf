import type { Project } from '../../project/project.ts';

/** More files than that say nothing new. */
const MOST = 100;

/** Files in which whoever builds says what a build is given: workflows, Dockerfiles, what runs commands, examples of settings. */
export const buildTexts = (project: Project): readonly string[] =>
  project
    .files()
    .filter((path) =>
      /^\.github\/workflows\/|^\.gitlab-ci\.yml$|(^|\/)(Dockerfile[^/]*|Makefile|justfile|Taskfile\.ya?ml|\.env\.example)$/.test(
        path,
      ),
    )
    .slice(0, MOST);
