import { posix } from 'node:path';
import { ignoreFilesOf } from '../catalog/docker-files.ts';
import { matcher } from '../formats/dockerignore/index.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Project } from '../project/project.ts';

/**
 * What an ignore file of the author keeps from a Dockerfile of the author that copies it, a sentence each: such a build stops, or lacks a file. Only
 * sources that are written out count, and only where nothing of them is left.
 */
export function ignoredCopies(project: Project, { docker }: Facts, { images, kept }: Plan): readonly string[] {
  if (!docker || !kept) return [];
  const built = new Set(Object.values(images).flatMap((image) => (image.kept?.ignore ? [image.dockerfile] : [])));
  return docker.dockerfiles
    .filter(({ path }) => built.has(path))
    .flatMap(({ path, context, stages }) => {
      const ignore = ignoreFilesOf(path, context).find((file) => project.has(file));
      const drops = matcher((project.read(ignore ?? '') ?? '').split(/\r?\n/));
      const files = project
        .files()
        .flatMap((file) => (context === '.' || file.startsWith(`${context}/`) ? [posix.relative(context, file)] : []));
      const sources = new Map(
        stages.flatMap(({ copies }) =>
          copies.flatMap(({ stage, sources: all, from }) =>
            stage === undefined ? all.map((one) => [posix.normalize(one), from[0]?.line] as const) : [],
          ),
        ),
      );
      return [...sources].flatMap(([source, line]) => {
        const own = files.filter((file) => file === source || file.startsWith(`${source.replace(/\/$/, '')}/`));
        if (own.length === 0 || !own.every(drops)) return [];
        return [
          `${path}${line === undefined ? '' : `:${line}`} copies ${source}, which ${ignore} leaves out: the build does not find it. Add \`!${source.replace(/\/$/, '')}\` to ${ignore}.`,
        ];
      });
    });
}
