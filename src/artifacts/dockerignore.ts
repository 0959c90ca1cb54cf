import { posix } from 'node:path';
import { matcher } from '../formats/dockerignore/index.ts';
import type { Artifact } from '../model/artifact.ts';
import { withFoldersAbove } from '../model/folders.ts';
import type { Image, Plan } from '../model/plan.ts';
import { replaceHidden } from '../model/visible.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines, remark } from './lines.ts';

/** A pattern in one line, and nothing hidden in it: the sign for any one character stands for what cannot be written. */
const writable = (pattern: string): string => replaceHidden(pattern, () => '?');

/**
 * What the build context leaves out. `files` are the project's: whatever the build needs and a pattern would drop is put back by
 * name, so that the file can never break the build that it belongs to.
 */
export function dockerignore(plan: Plan, image: Image, files: readonly string[]): Artifact {
  const out = lines();
  const { root } = image.context;
  const own = ownFolder(image);
  const path = pathOf(image);
  for (const line of header(plan, path)) out.add(remark(line), headerDecision);
  const { leavesOut, needs } = image.context;
  for (const group of leavesOut) {
    out.blank();
    if (group.note) out.add(remark(group.note), group.decision);
    for (const pattern of group.patterns) out.add(writable(pattern), group.decision);
  }
  const drops = matcher(leavesOut.flatMap((group) => group.patterns));
  const secret = matcher(leavesOut.flatMap((group) => (group.decision.endsWith('.secrets') ? group.patterns : [])));
  const inContext = files.flatMap((file) =>
    root === '.' || file.startsWith(`${root}/`) ? [posix.relative(root, file)] : [],
  );
  const isLost = (need: string, file: string) => drops(file) && (!secret(file) || (file === need && isKey(file)));
  const dropped = lostNeeds(
    needs.filter((need) => need !== own),
    inContext,
    isLost,
  );
  if (dropped.length > 0) {
    out.blank();
    out.add('# needed by the build', image.decision);
    for (const need of dropped) out.add(`!${writable(need)}`, image.decision);
  }
  return out.artifact(path, 'dockerignore');
}

const ownFolder = ({ context, dockerfile }: Image): string => posix.relative(context.root, posix.dirname(dockerfile));

/** Where the ignore file lies: beside a Dockerfile that is one of several for its context. */
const pathOf = (image: Image): string =>
  ownFolder(image) === '' || image.kept
    ? posix.join(image.context.root, '.dockerignore')
    : `${image.dockerfile}.dockerignore`;

/** Several images that have one ignore file: it leaves out what none of them needs. */
function together(first: Image, others: readonly Image[]): Image {
  const isLeftOut = (pattern: string) =>
    others.every(({ context }) => context.leavesOut.some(({ patterns }) => patterns.includes(pattern)));
  const groups = first.context.leavesOut.map((group) => ({ ...group, patterns: group.patterns.filter(isLeftOut) }));
  const needs = [first, ...others].flatMap(({ context }) => context.needs);
  return {
    ...first,
    context: {
      ...first.context,
      needs: [...new Set(needs)].sort(),
      leavesOut: groups.filter(({ patterns }) => patterns.length > 0),
    },
  };
}

/** A key or a certificate that is tracked, and that the application reads by its name: without it nothing is built. It is said where that is found. */
const isKey = (file: string): boolean => /\.(pem|key)$/.test(file);

/** The needed paths of which a file would be lost: a path stands for itself, for everything in its folder, or for what matches a pattern of COPY. */
function lostNeeds(
  needs: readonly string[],
  files: readonly string[],
  isLost: (need: string, file: string) => boolean,
): readonly string[] {
  const [patterns, paths] = [needs.filter(isPattern), new Set(needs.filter((need) => !isPattern(need)))];
  const lost = new Set(
    patterns.filter((need) => {
      const matches = matcher([need]);
      return files.some((file) => matches(file) && isLost(need, file));
    }),
  );
  for (const file of files)
    for (const need of withFoldersAbove(file))
      if (paths.has(need) && !lost.has(need) && isLost(need, file)) lost.add(need);
  return needs.filter((need) => lost.has(need));
}

const isPattern = (need: string): boolean => /[*?[]/.test(need);

export const artifact: ArtifactPrinter = {
  name: 'dockerignore',
  title: 'Ignore file of a build context',
  order: 20,
  print: (plan, files) => {
    const images = Object.values(plan.images).filter(
      (image) => image.context.leavesOut.length > 0 && !image.kept?.ignore,
    );
    return [...new Set(images.map(pathOf))].flatMap((path) => {
      const [first, ...others] = images.filter((image) => pathOf(image) === path);
      return first ? [dockerignore(plan, others.length > 0 ? together(first, others) : first, files)] : [];
    });
  },
};
