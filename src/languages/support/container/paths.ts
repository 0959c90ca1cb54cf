/** Which paths of a container are paths of the application. */
import { posix } from 'node:path';
import type { ExistingStage } from '../../../model/existing.ts';
import type { ContainerEvidence, ReadValue } from './evidence.ts';

/**
 * The path in the application (relative to its folder) of a path of the production image, by what its stages copy; undefined where it comes from
 * elsewhere, or is the whole application.
 */
export function ownPath(
  evidence: ContainerEvidence,
  stage: ExistingStage,
  path: string,
  root: string,
): string | undefined {
  const { context, stages } = evidence;
  const matches = stage.copies
    .filter(({ mounted }) => !mounted)
    .flatMap((copy) =>
      copy.sources.flatMap((source) => {
        // who names that path itself means the file: `COPY start.sh /usr/local/bin/start`
        const isFile = copy.to === path && copy.sources.length === 1;
        const target = isFile ? path : copiedTo(source, copy.to, copy.sources.length);
        const inside = posix.relative(target, path);
        return inside.startsWith('..') ? [] : [{ length: target.length, copy, source, inside }];
      }),
    );
  const [best] = matches.sort((a, b) => b.length - a.length);
  if (best?.copy.stage !== undefined) {
    const other = stageOf(stages, best.copy.stage);
    const isEarlier = other !== undefined && other.index < stage.index;
    return isEarlier ? ownPath(evidence, other, posix.resolve('/', best.source, best.inside), root) : undefined;
  }
  const place = best
    ? posix.join(context, best.source, best.inside)
    : posix.join(root, posix.relative(stage.workdir, path));
  const own = posix.relative(root, posix.normalize(place));
  return own === '' || own.startsWith('..') ? undefined : own;
}

const stageOf = (stages: readonly ExistingStage[], name: string): ExistingStage | undefined =>
  stages.find((stage) => stage.name === name.toLowerCase() || String(stage.index) === name);

/** Where COPY puts a source: a file goes into a folder that is named with a slash, or that several sources go to; what a folder holds goes into it. */
const copiedTo = (source: string, to: string, count: number): string =>
  posix.extname(source) !== '' && (count > 1 || posix.extname(to) === '') ? posix.join(to, posix.basename(source)) : to;

/** What production copies of the application: paths relative to its folder, each with its place. */
export function copiedPaths(evidence: ContainerEvidence, root: string): readonly ReadValue[] {
  const { stage, stages, context } = evidence;
  return (stage?.copies ?? []).flatMap((copy): ReadValue[] => {
    if (copy.mounted) return [];
    const { from } = copy;
    if (copy.stage === undefined)
      return copy.sources.flatMap((source) => {
        const own = posix.relative(root, posix.normalize(posix.join(context, source)));
        return own === '' || own.startsWith('..') ? [] : [{ value: own, from }];
      });
    const other = stageOf(stages, copy.stage);
    return copy.sources.flatMap((source) => {
      const own = other && ownPath(evidence, other, posix.resolve('/', source), root);
      return own === undefined ? [] : [{ value: own, from }];
    });
  });
}

export const workdirOf = ({ stage, service }: ContainerEvidence): string =>
  service?.workdir?.value ?? stage?.workdir ?? '/';

/** A path of the container, relative to the application where it lies in its folder. */
export function inApplication(evidence: ContainerEvidence, path: string): string {
  const workdir = workdirOf(evidence);
  const inside = posix.relative(workdir, path);
  return workdir === '/' || inside === '' || inside.startsWith('..') ? path : inside;
}
