import { posix } from 'node:path';
import type { Config } from '../../model/config.ts';
import type { ExistingCommand } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import { knownValue } from '../../model/known.ts';
import type { ApplicationRecipes, ForeignRuntime } from '../../model/recipe.ts';
import type { Decide } from '../decide.ts';
import { type Health, isForeignHost, planHealth, readyOf } from '../health.ts';
import type { ChosenService } from '../services.ts';
import { originOf, placeOf } from './copies.ts';
import type { KeptApp } from './set.ts';

type Input = {
  readonly app: KeptApp;
  /** with the port that the container listens on */
  readonly facts: Facts;
  readonly config: Config;
  readonly recipes: ApplicationRecipes;
  readonly runtime: ForeignRuntime | undefined;
  readonly chosen: readonly ChosenService[];
  readonly read: (file: string) => string | undefined;
  readonly withoutHealth: boolean;
  /** a form that is added can say how the container is asked */
  readonly isAsked: boolean;
  readonly decide: Decide;
};

export const noHealth: Health = { probes: {}, routes: {}, sources: [], edits: [], manual: [] };

/** Whether the author says how the container is asked, in the image or in a compose file. */
export const hasOwnCheck = (app: KeptApp): boolean => ownCheck(app) !== undefined;

const ownCheck = ({ service, built }: KeptApp) => service?.healthcheck ?? built?.stage.healthcheck?.command;

/** The path of the container that a command asks, where it says one. */
const askedPath = ({ argv }: ExistingCommand): string | undefined =>
  /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::[^/\s'"`]{1,40})?(\/[\w./-]{1,200})/i.exec(
    argv.join(' '),
  )?.[1];

/** `notCarried`: what is missing for a module that would answer, where one would be added. */
export type KeptHealth = Health & { readonly notCarried?: NotCarried };

/**
 * How the container of an author's image is asked whether it can serve: by its own check where it has one, else by a route or the port, with
 * what its runtime brings. A module that would answer is offered only where the image carries it.
 */
export function planKeptHealth(input: Input): Health & { readonly notCarried?: NotCarried } {
  const { app, facts, runtime, recipes, decide } = input;
  if (knownValue(facts.port) === undefined) return noHealth;
  const own = ownCheck(app);
  if (own) {
    const path = askedPath(own) ?? readyOf(facts.routes)?.path;
    const why = 'your own health check uses it';
    const decision = decide('workloads.app.probes.ready', { choice: 'kept', why, from: own.from });
    return { ...noHealth, probes: { ready: { ...(path === undefined ? {} : { path }), decision } } };
  }
  if (!runtime || !input.isAsked) return noHealth;
  const notCarried = carriedNot(input);
  const health = planHealth({
    facts,
    config: input.config,
    recipes,
    probes: withTime(runtime),
    chosen: input.chosen,
    read: input.read,
    withoutHealth: input.withoutHealth,
    ...(notCarried === undefined
      ? {}
      : { notCarried: { why: notCarried.why, ...(notCarried.copy ? {} : { byHand: byHand(input) }) } }),
    decide,
  });
  const isMissed = notCarried !== undefined && input.config.health?.generate !== false && !input.withoutHealth;
  return isMissed && readyOf(facts.routes) === undefined && !input.config.health?.ready
    ? { ...health, notCarried }
    : health;
}

/** Seconds that a container gets whose command is not the program alone: what it does before, such as bringing a database up to date, takes its time. */
const longStart = 60;

const withTime = ({ probes, isDirect }: ForeignRuntime): ForeignRuntime['probes'] =>
  isDirect ? probes : { ...probes, startPeriod: Math.max(longStart, probes.startPeriod ?? 0) };

/** A health module that the image would lack. */
export type NotCarried = {
  readonly why: string;
  /** the COPY that could take it along; absent: nobody knows which one would */
  readonly copy?: { readonly line: number; readonly beside: string; readonly path: string; readonly to: string };
};

/** Why the image would lack a health module; undefined: it carries it, as it carries the file that would import it. */
function carriedNot({ app: { built }, facts, recipes, read }: Input): NotCarried | undefined {
  const module = recipes.health(facts, (path) => isForeignHost(read(posix.join(facts.root, path))));
  if (!built || !module) return undefined;
  const { stage, dockerfile } = built;
  const own = (file: string) => posix.relative(dockerfile.context, posix.join(facts.root, file));
  const beginning = module.wired?.file ?? module.path;
  const [file, path] = [own(beginning), own(module.path)];
  const stages = [stage, ...dockerfile.stages.filter(({ index }) => index < stage.index)];
  const copying = stages.find((item) => placeOf(item, file) !== undefined);
  const place = copying && placeOf(copying, file);
  const pair = place?.pair;
  const has = (name: string) => read(posix.join(dockerfile.context, name)) !== undefined;
  // a build that takes single files together compiles what it is told, and nobody knows what that is
  const runs = copying === stage || originOf(dockerfile, stage, stage.workdir, has) !== undefined || pair?.isFolder;
  const beside = place && posix.join(posix.dirname(place.path), posix.relative(posix.dirname(file), path));
  if (copying && placeOf(copying, path)?.path === beside && beside !== undefined && runs) return undefined;
  const line = pair?.copy.from[0]?.line;
  const why = `${dockerfile.path} copies only ${beginning}, so a health module beside it would not be in the image`;
  if (!pair || !runs || line === undefined || posix.dirname(file) !== posix.dirname(path)) return { why };
  return { why, copy: { line, beside: pair.source, path, to: posix.dirname(place.path) } };
}

/** The lines for whoever has to add them. */
const byHand = ({ app: { built }, facts, recipes, read }: Input): { file: string; lines: string[] } => {
  const path = recipes.health(facts, (file) => isForeignHost(read(posix.join(facts.root, file))))?.path ?? '';
  return { file: built?.dockerfile.path ?? '', lines: [`COPY ${path} ./`] };
};
