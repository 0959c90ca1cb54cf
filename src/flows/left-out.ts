/** What of a project is in no image and in no command of its deployment: files, scripts, processes, each with the reason. */
import { posix } from 'node:path';
import { matcher } from '../formats/dockerignore/index.ts';
import { loadLanguage } from '../languages/registry.gen.ts';
import type { LeftOut } from '../model/facts.ts';
import { withFoldersAbove } from '../model/folders.ts';
import type { Image } from '../model/plan.ts';
import type { Context } from './context.ts';

/** A row of the list. `files` are the files of the project that it is about, relative to the repository. */
export type LeftOutRow = LeftOut & { readonly files?: readonly string[] };

type Input = Pick<Context, 'plan' | 'chosen' | 'project'>;

/** So many names stand in a sentence. */
const NAMED = 4;

/**
 * Every file that the project view has and every script of a manifest is in the plan or in this list: a file where production or a stage of the build copies
 * it, a script where a command of the deployment comes from it.
 */
export async function leftOutRows({ plan, chosen, project }: Input): Promise<readonly LeftOutRow[]> {
  const scripts: LeftOut[] = [];
  for (const facts of chosen)
    scripts.push(...((await loadLanguage(facts.details.language))?.leftScripts?.(project, facts) ?? []));
  return [...(plan.leftOut ?? []), ...scripts, ...leftFiles({ plan, project })];
}

/** The files that no image has: those of images that are the author's own are theirs to say. */
function leftFiles({ plan, project }: Pick<Input, 'plan' | 'project'>): readonly LeftOutRow[] {
  const images = Object.values(plan.images);
  if (images.length === 0 || images.some(({ kept }) => kept)) return [];
  const readers = images.map((image) => whyLeft(image, plan));
  const groups = new Map<string, string[]>();
  for (const file of project.files()) {
    const reasons = readers.map((why) => why(file));
    const [first] = reasons;
    if (first === undefined || reasons.some((reason) => reason === undefined)) continue;
    const files = groups.get(first);
    if (files) files.push(file);
    else groups.set(first, [file]);
  }
  return [...groups].map(([why, files]) => ({ what: named(files), why, from: [], files }));
}

/** Says why an image has nothing of a file; undefined: a stage of the build or production copies it. */
function whyLeft(image: Image, plan: Input['plan']): (file: string) => string | undefined {
  const { root, leavesOut } = image.context;
  const needs = new Set(image.context.needs);
  const ignored = matcher(leavesOut.flatMap(({ patterns }) => patterns));
  const groups = leavesOut.map((group) => ({ ...group, matches: matcher(group.patterns) }));
  const ofDevelopers = new Set([image.targets.development, image.targets.test]);
  const copies = new Set(
    image.stages
      .filter(({ name }) => !ofDevelopers.has(name))
      .flatMap(({ steps }) => steps)
      .flatMap((step) => (step.do === 'copy' && step.from === undefined ? step.sources : [])),
  );
  const isCopied = covering([...copies]);
  return (file) => {
    const path = posix.relative(root, file);
    if (path.startsWith('../')) return 'outside the build context';
    // a file that is needed by its own name is put back
    if (ignored(path) && !(needs.has(path) && copies.has(path))) {
      const group = groups.findLast(({ matches }) => matches(path));
      const reason = group && plan.decisions[group.decision]?.why;
      return [group?.note, reason].filter(Boolean).join(': ') || 'excluded by .dockerignore';
    }
    return isCopied(path)
      ? undefined
      : 'for development and tests only: neither the build nor the running application reads it';
  };
}

/** Whether one of the sources of COPY instructions holds a file. */
function covering(sources: readonly string[]): (path: string) => boolean {
  const paths = new Set(sources.map((source) => posix.normalize(source).replace(/\/$/, '')));
  const matches = [...paths].filter((path) => path.includes('*')).map((pattern) => matcher([pattern]));
  return (path) =>
    paths.has('.') || withFoldersAbove(path).some((one) => paths.has(one)) || matches.some((isMatch) => isMatch(path));
}

const named = (files: readonly string[]): string =>
  files.length <= NAMED
    ? files.join(', ')
    : `${files.slice(0, NAMED).join(', ')} and ${files.length - NAMED} more ${files.length - NAMED === 1 ? 'file' : 'files'}`;
