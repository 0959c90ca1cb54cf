import { resolve } from 'node:path';
import { imageName, startedName } from '../model/applications.ts';
import { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import type { Image, Plan } from '../model/plan.ts';
import { type RepositoryName, registryOf, repositoryText } from '../model/repository-name.ts';
import { imagesOf } from '../ship/workloads.ts';
import { readNote, writeNote } from '../write/notes.ts';
import { localTag, nothingBuilt } from './build.ts';
import type { Context } from './context.ts';

/** An application whose image goes to a registry. */
export type Shipped = {
  /** undefined: the repository holds one */
  readonly app: string | undefined;
  readonly facts: Facts;
  readonly plan: Plan;
  readonly image: Image;
  /** the image that `build` makes */
  readonly local: string;
  /** further stages of it that production starts, such as a job that brings the database up to date */
  readonly stages: readonly ShippedStage[];
  /** undefined: no registry is named */
  readonly registry: RepositoryName | undefined;
  /** what stands before the tags */
  readonly repository: string;
};

/** A stage that production starts beside the one that runs the application. */
export type ShippedStage = {
  readonly target: string;
  /** the image that it is built as */
  readonly local: string;
  /** the variable that names the image in the production form */
  readonly variable: string;
};

/** The stages that production starts by an image of their own. */
function stagesOf(plan: Plan, name: string): readonly ShippedStage[] {
  const found = Object.values(plan.workloads).flatMap((workload): readonly ShippedStage[] => {
    const { image, target, published } = workload;
    return target !== undefined && published && imageName(plan, plan.images[image]) === name
      ? [{ target, local: `${startedName(plan, workload)}:local`, variable: published.variable }]
      : [];
  });
  return found.filter(({ target }, at) => found.findIndex((shippedStage) => shippedStage.target === target) === at);
}

/** The applications that a command is about, each with its main image and its place in the registry. */
export function shippedOf({ plan, deployed, facts, chosen, config }: Context): readonly Shipped[] {
  const members = deployed?.members ?? [{ name: undefined, root: facts.root, plan }];
  return members.map(({ name, root, plan: own }): Shipped => {
    const [image] = Object.values(imagesOf(own));
    if (!image) throw nothingBuilt();
    const registry = config.registry === undefined ? undefined : registryOf(config.registry, name);
    return {
      app: name,
      facts: chosen.find((item) => item.root === root) ?? facts,
      plan: own,
      image,
      local: localTag(own, image),
      stages: stagesOf(plan, imageName(own, image)),
      registry,
      repository: registry ? repositoryText(registry) : imageName(own, image),
    };
  });
}

/** Every application needs its place in a registry. Throws a UserError that names the key. */
export function needRegistry(shipped: readonly Shipped[]): void {
  if (shipped.every(({ registry }) => registry)) return;
  const [first] = shipped;
  throw new UserError({
    code: 'registry-missing',
    message: 'No registry is set: the key "registry" says where to push the image.',
    next: [
      `Set it: \`--registry HOST/NAME\`, or "registry" in dockwright.json, such as ghcr.io/acme${first?.app === undefined ? '/orders' : ''}.`,
    ],
  });
}

/** The registry that this user named last for a project where nothing says one. */
export function rememberedRegistry(cwd: string): string | undefined {
  const note = readNote(resolve(cwd), 'registry', resolve(cwd));
  return typeof note === 'string' && note !== '' ? note : undefined;
}

/** Keeps an answer for the next time, outside of the project: a file of it would make the tree differ from its commit. Answers why it could not. */
export const rememberRegistry = (cwd: string, registry: string): string | undefined =>
  writeNote(resolve(cwd), 'registry', resolve(cwd), registry);
