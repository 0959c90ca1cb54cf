import { posix } from 'node:path';
import { ignoreFilesOf } from '../catalog/docker-files.ts';
import { matcher } from '../formats/dockerignore/index.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { IgnoredCopy } from '../plan/input.ts';
import type { Project } from '../project/project.ts';

/**
 * What an ignore file of the author keeps from a Dockerfile of the author that copies it: such a build stops, or lacks a file. Only sources that are
 * written out count, and only where nothing of them is left.
 */
export function ignoredCopies(project: Project, { docker }: Facts): readonly IgnoredCopy[] {
  return (docker?.dockerfiles ?? []).flatMap(({ path, context, stages }) => {
    const ignore = ignoreFilesOf(path, context).find((file) => docker?.dockerignores.includes(file));
    if (ignore === undefined) return [];
    const drops = matcher((project.read(ignore) ?? '').split(/\r?\n/));
    const files = project
      .files()
      .flatMap((file) => (context === '.' || file.startsWith(`${context}/`) ? [posix.relative(context, file)] : []));
    const sources = new Map(
      stages.flatMap(({ copies }) =>
        copies.flatMap(({ stage, sources: all, from }) =>
          stage === undefined ? all.map((value) => [posix.normalize(value), from[0]?.line] as const) : [],
        ),
      ),
    );
    return [...sources].flatMap(([source, line]): IgnoredCopy[] => {
      const copied = source.replace(/\/$/, '');
      const own = files.filter((file) => file === copied || file.startsWith(`${copied}/`));
      if (own.length === 0 || !own.every(drops)) return [];
      return [{ dockerfile: path, ...(line === undefined ? {} : { line }), file: ignore, path: copied }];
    });
  });
}

/** The same in sentences, for the Dockerfiles that a plan keeps. */
export const ignoredNotes = (ignored: readonly IgnoredCopy[], { images, kept }: Plan): readonly string[] => {
  const built = new Set(Object.values(images).flatMap((image) => (image.kept?.ignore ? [image.dockerfile] : [])));
  return ignored
    .filter(({ dockerfile }) => kept && built.has(dockerfile))
    .map(
      ({ dockerfile, line, file, path }) =>
        `${dockerfile}${line === undefined ? '' : `:${line}`} copies ${path}, but ${file} excludes it, so the build cannot find it. Add \`!${path}\` to ${file}.`,
    );
};
