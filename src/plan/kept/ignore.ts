import { posix } from 'node:path';
import { ignoreFilesOf } from '../../catalog/docker-files.ts';
import type { ExistingDockerfile } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { Image } from '../../model/plan.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { Decide } from '../decide.ts';
import { planIgnore } from '../ignore.ts';

/** What the author's Dockerfile takes from its context, in any stage: files, folders and patterns. `.` stands for all of it. */
const needsOf = ({ stages }: ExistingDockerfile): string[] =>
  [
    ...new Set(
      stages
        .flatMap(({ copies }) => copies)
        .flatMap(({ stage, sources }) => (stage === undefined ? sources : []))
        .map((source) => posix.normalize(source.replace(/^\/+/, '') || '.').replace(/(?<=.)\/$/, ''))
        .filter((source) => !/^[a-z]+:\/\//i.test(source) && !source.includes('$') && !source.startsWith('..')),
    ),
  ].sort();

/** The ignore file that applies to a Dockerfile, where the author has one. */
export const ignoreOf = ({ path, context }: ExistingDockerfile, all: readonly string[]): string | undefined =>
  ignoreFilesOf(path, context).find((file) => all.includes(file));

/**
 * What the context of an author's Dockerfile leaves out where no ignore file is there. Where the whole context is copied, only what is never wanted in
 * an image: what else of it the application reads is not known.
 */
export function planKeptIgnore(
  dockerfile: ExistingDockerfile,
  facts: Facts,
  recipe: Pick<Recipe, 'ignore' | 'readsDocuments'> | undefined,
  hasSpecification: boolean,
  decide: Decide,
  image: string,
): Image['context'] {
  const needs = needsOf(dockerfile);
  const root = dockerfile.context;
  const ignore = recipe?.ignore ?? [];
  if (!needs.includes('.')) {
    const given = { ignore, ...(recipe?.readsDocuments ? { readsDocuments: recipe.readsDocuments } : {}) };
    return { root, needs, leavesOut: planIgnore(facts, hasSpecification, [], given, decide, image) };
  }
  // packages are installed again; a folder such as `dist` may be all that there is to copy
  const packages = ignore.filter((pattern) => pattern.startsWith('**/'));
  const rules: [id: string, note: string, patterns: string[]][] = [
    ['unneeded', 'created inside the build, or not needed there', ['.git', ...packages, '**/*.log', '**/.DS_Store']],
    ['secrets', 'secrets and local settings', ['**/.env', '**/.env.local', '**/.env.*.local']],
    ['deployment', 'the deployment itself', ['.dockwright', 'dockwright.json']],
  ];
  return {
    root,
    needs: [],
    leavesOut: rules.map(([id, note, patterns]) => ({
      patterns,
      note,
      decision: decide(`images.${image}.context.${id}`, {
        choice: patterns.join(', '),
        why: `${dockerfile.path} copies the whole folder: only files that do not belong in an image are excluded`,
      }),
    })),
  };
}
