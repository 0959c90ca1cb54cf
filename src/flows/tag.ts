import { join, resolve } from 'node:path';
import { findEngine } from '../engine/docker.ts';
import { tagsAt } from '../engine/git.ts';
import { findImage, tagImage } from '../engine/images.ts';
import type { Revision } from '../model/contract.ts';
import { UserError } from '../model/errors.ts';
import type { PerApp, TagReport } from '../model/shipping.ts';
import { branchOf, findRepository, tagsOf as gitTagsOf } from '../project/git/index.ts';
import { type Tagged, tagsOf } from '../ship/tags.ts';
import { type Context, loadContext } from './context.ts';
import type { FlowOptions } from './options.ts';
import { countsFor, countsForBuild, readRevision } from './revision.ts';
import { type Shipped, shippedOf } from './shipped.ts';

export type TagOptions = FlowOptions & {
  /** moves `latest` as well, where this version may */
  readonly latest?: boolean;
};

/** What git says of the commit, for the tags of every application. */
export type HeadCommit = {
  readonly revision: Revision | undefined;
  /** the same for an image: a difference in what no build reads says nothing of it */
  readonly built: Revision | undefined;
  readonly branch: string | undefined;
  readonly gitTags: readonly string[];
  readonly allTags: readonly string[];
};

/** Reads what the tags come from. Nothing that the repository configures is run. */
export async function readHeadOf(context: Context, options: Pick<FlowOptions, 'cwd' | 'signal'>): Promise<HeadCommit> {
  const root = resolve(options.cwd);
  const repository = findRepository(root);
  const revision = await readRevision(root, { counts: countsFor(context), signal: options.signal });
  if (!repository || !revision) return { revision, built: revision, branch: undefined, gitTags: [], allTags: [] };
  const tags = gitTagsOf(repository);
  const { hash, common } = repository;
  const objects = join(common, 'objects');
  const built =
    revision.state === 'clean'
      ? revision
      : await readRevision(root, { counts: countsForBuild(context), signal: options.signal });
  return {
    revision,
    built,
    branch: branchOf(repository),
    gitTags: await tagsAt({ commit: revision.commit, hash, objects, tags, signal: options.signal }),
    allTags: tags.map((line) => line.slice(line.indexOf(' refs/tags/') + ' refs/tags/'.length)),
  };
}

/** The tags of an application by the table, without its name. Throws a UserError where git and the manifest contradict each other, and where nothing is known. */
export function tagTable({ app, facts }: Pick<Shipped, 'app' | 'facts'>, head: HeadCommit, latest: boolean) {
  const { revision, built: _, ...git } = head;
  const dirty = revision !== undefined && revision.state !== 'clean';
  const known: Tagged = { ...git, commit: revision?.commit, dirty, version: facts.version?.value, app, latest };
  const table = tagsOf(known);
  if ('conflict' in table) {
    const { gitTag, manifest } = table.conflict;
    throw new UserError({
      code: 'version-differs',
      message: `${app === undefined ? '' : `${app}: `}The Git tag ${gitTag} of this commit and the version ${manifest} of the manifest differ.`,
      next: ['Change the version in the manifest and commit it, or tag the commit that has this version.'],
      exit: 1,
      details: { gitTag, manifest },
    });
  }
  if (table.tags.length === 0) {
    throw new UserError({
      code: 'nothing-to-tag',
      message: 'There is nothing to tag the image with: the project has no commit, and the manifest has no version.',
      next: ['Commit the project: `git init && git add --all && git commit`.'],
      exit: 1,
    });
  }
  return { ...table, dirty };
}

/** Names the image of each application by its commit, version and branch, and gives the image of this machine these names where it is of this very commit. */
export async function tag(options: TagOptions): Promise<PerApp<TagReport>> {
  const context = await loadContext(options);
  const head = await readHeadOf(context, options);
  const reports: { app: string | undefined; report: TagReport }[] = [];
  const all = shippedOf(context).map((shipped) => ({
    shipped,
    table: tagTable(shipped, head, options.latest === true),
  }));
  const engine = await findEngine(options.signal);
  for (const { shipped, table } of all) {
    const { repository, local, app } = shipped;
    const tags = table.tags.map((value) => `${repository}:${value}`);
    const image = engine && (await findImage(local, options.signal));
    const another = image && builtFrom(image.labels, head.built);
    const applied = image !== undefined && another === undefined;
    if (applied) for (const name of tags) await tagImage(local, name, options.signal);
    const notTagged = [...table.leftOut, ...(another === undefined ? [] : [`${local} keeps its tags: ${another}.`])];
    const report: TagReport = {
      tags,
      dirty: table.dirty,
      ...(table.dirty && head.revision?.why ? { why: head.revision.why } : {}),
      ...(notTagged.length > 0 ? { leftOut: notTagged } : {}),
      applied,
    };
    reports.push({ app, report });
  }
  return perApp(reports);
}

/** Why an image is not of this commit; undefined: it is, or it does not say. */
export function builtFrom(
  labels: Readonly<Record<string, string>>,
  revision: Revision | undefined,
): string | undefined {
  const label = labels['org.opencontainers.image.revision'];
  if (label === undefined || label === '' || !revision) return undefined;
  const wanted = revision.state === 'clean' ? revision.commit : `${revision.commit}-${revision.state}`;
  return label === wanted ? undefined : `it was built from ${label}, but this is ${wanted}; run \`dockwright build\``;
}

/** The reports as one, or by application where the repository holds several. */
export function perApp<T>(reports: readonly { readonly app: string | undefined; readonly report: T }[]): PerApp<T> {
  const [first] = reports;
  if (!first) throw new Error('no application was chosen');
  if (first.app === undefined) return { several: false, report: first.report };
  return { several: true, apps: reports.map(({ app = '', report }) => ({ app, ...report })) };
}
