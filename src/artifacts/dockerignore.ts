import { posix } from 'node:path';
import { matcher } from '../formats/dockerignore/index.ts';
import type { Artifact } from '../model/artifact.ts';
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
  const own = posix.relative(root, posix.dirname(image.dockerfile));
  // beside a Dockerfile that is one of several for this context
  const path = own === '' || image.kept ? posix.join(root, '.dockerignore') : `${image.dockerfile}.dockerignore`;
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
  const dropped = needs.filter(
    (need) =>
      need !== own &&
      covers(need, inContext).some((file) => drops(file) && (!secret(file) || (file === need && isKey(file)))),
  );
  if (dropped.length > 0) {
    out.blank();
    out.add('# needed by the build all the same', image.decision);
    for (const need of dropped) out.add(`!${writable(need)}`, image.decision);
  }
  return out.artifact(path, 'dockerignore');
}

/** A key or a certificate that is tracked, and that the application reads by its name: without it nothing is built. It is said where that is found. */
const isKey = (file: string): boolean => /\.(pem|key)$/.test(file);

/** The files that a needed path stands for: itself, everything in the folder, or what matches a pattern of COPY. */
const covers = (need: string, files: readonly string[]) =>
  files.filter(/[*?[]/.test(need) ? matcher([need]) : (file) => file === need || file.startsWith(`${need}/`));

export const artifact: ArtifactPrinter = {
  name: 'dockerignore',
  title: 'Ignore file of a build context',
  order: 20,
  print: (plan, files) =>
    Object.values(plan.images).flatMap((image) =>
      image.context.leavesOut.length === 0 || image.kept?.ignore ? [] : [dockerignore(plan, image, files)],
    ),
};
