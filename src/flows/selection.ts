import { UserError } from '../model/errors.ts';
import type { Facts, Repository } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import { nearest } from '../model/nearest.ts';
import { applicationNames } from '../plan/applications/names.ts';
import type { LastApplication } from '../reconcile/state.ts';
import { manifestNames } from './language.ts';
import type { FlowOptions } from './options.ts';

/** The applications that a command is about. */
export type Selection = {
  /** in the order of their folders */
  readonly chosen: readonly Facts[];
  /** every application that was read */
  readonly apps: readonly Facts[];
  /** the names of all applications by their folders; undefined: the repository holds one, which needs none */
  readonly names: ReadonlyMap<string, string> | undefined;
  /** all of them are asked for: one that no deployment can be made of does not keep the others from it */
  readonly every: boolean;
  /** those that no deployment can be made of, and why */
  readonly leftOut: readonly SkippedApplication[];
};

/** An application of several that no deployment is made of, and why. */
export type SkippedApplication = { readonly name: string; readonly error: UserError };

/** One of all applications of a repository; the sources of some are not read. */
type ListedApplication = Pick<Facts, 'root' | 'scope'> & { readonly name: Pick<Facts['name'], 'value'> };

const listed = ({ apps, others = [] }: Repository): readonly ListedApplication[] =>
  [
    ...apps,
    ...others.flatMap(({ root, name, scope, application }): ListedApplication[] =>
      application ? [{ root, name: { value: name }, ...(scope === undefined ? {} : { scope }) }] : [],
    ),
  ].sort((a, b) => (a.root < b.root ? -1 : 1));

/**
 * The applications whose sources are read, as `inspect` takes them: those that the options name, else those that were generated earlier, and those
 * whose kept plan was lost. Undefined: all.
 */
export function wantedApplications(
  { app, all }: Pick<FlowOptions, 'app' | 'all'>,
  last: ReadonlyMap<string, LastApplication>,
): string | undefined {
  if (all) return undefined;
  const before = [...last.values()].filter(({ plan }) => app === undefined || plan === undefined);
  const names = [...(app === undefined ? [] : [app]), ...before.map(({ root }) => root)];
  return names.length > 0 ? names.join(',') : undefined;
}

/**
 * Which applications of a repository a command is about: those that the options name, else those that were generated earlier (`last`), else the only
 * one. Throws a UserError that lists them where that is not clear.
 */
export function selectApplications(
  repository: Repository,
  { app, all }: Pick<FlowOptions, 'app' | 'all'>,
  last: ReadonlyMap<string, LastApplication>,
): Selection {
  const { apps } = repository;
  const every = listed(repository);
  if (every.length === 0) {
    throw new UserError({
      code: 'no-app',
      message: `No application was found here: there is no ${manifestNames()} and no source file that starts one`,
      next: ['Change to the application folder, or name it: `--cwd DIR`.'],
    });
  }
  const roots = new Set(every.map(({ root }) => root));
  const before = [...last].filter(([, { root }]) => roots.has(root));
  const given = new Map(before.map(([name, { root }]) => [root, name]));
  const names = every.length > 1 ? applicationNames(every, given) : undefined;
  const chosen = (facts: readonly Facts[]): Selection => ({
    apps,
    names,
    chosen: facts.map((item) => feasible(item, facts.length > 1)),
    every: false,
    leftOut: [],
  });
  if (!all && app !== undefined) return chosen(named(repository, app, names));
  const [only] = apps;
  if (only && every.length === 1) return chosen([only]);
  if (all) return selectEvery(chosen, apps, given, names);
  const again = apps.filter(({ root }) => given.has(root));
  if (again.length > 0) return chosen(again);
  throw ambiguous(repository, names);
}

/** A library is published, and nothing of it runs: it is deployed with others only where somebody names it. */
function deployable(apps: readonly Facts[]): readonly Facts[] {
  const running = apps.filter(({ archetype }) => knownValue(archetype) !== 'library');
  return running.length > 0 ? running : apps;
}

/** All applications, without those that are blocked and that were not deployed before; where each is blocked, the first is refused. */
function selectEvery(
  chosen: (facts: readonly Facts[]) => Selection,
  apps: readonly Facts[],
  before: ReadonlyMap<string, string>,
  names: Selection['names'],
): Selection {
  const all = deployable(apps);
  const isOut = ({ root, blocker }: Facts) => blocker !== undefined && !before.has(root);
  const others = all.filter((item) => !isOut(item));
  if (others.length === 0) return chosen(all);
  const leftOut = all.filter(isOut).flatMap((item): SkippedApplication[] => {
    const error = blockedBy(item, false);
    return error ? [{ name: titleOf(item, names), error }] : [];
  });
  return { ...chosen(others), every: true, leftOut };
}

/** Refuses an application that no deployment can be made of, before anything of it is decided or written. */
function feasible(facts: Facts, hasOthers: boolean): Facts {
  const error = blockedBy(facts, hasOthers);
  if (error) throw error;
  return facts;
}

function blockedBy({ blocker }: Facts, hasOthers: boolean): UserError | undefined {
  if (!blocker) return undefined;
  const [place] = blocker.from;
  return new UserError({
    code: blocker.code,
    message: blocker.message,
    ...(place?.file === undefined
      ? {}
      : { where: { file: place.file, ...(place.line === undefined ? {} : { line: place.line }) } }),
    next: [...blocker.next, ...(hasOthers ? [leaveOut] : [])],
  });
}

/** What else can be done about one of several applications. */
export const leaveOut = 'Or exclude it by naming the others: `--app NAME,NAME`.';

const titleOf = ({ root, name }: ListedApplication, names: Selection['names']): string =>
  names?.get(root) ?? name.value;

function named(repository: Repository, asked: string, names: Selection['names']): readonly Facts[] {
  const { apps } = repository;
  const every = listed(repository);
  const words = asked
    .split(',')
    .map((word) =>
      word
        .trim()
        .replace(/^\.\//, '')
        .replace(/(.)\/$/, '$1'),
    )
    .filter((word) => word !== '');
  const found = words.map((word) => {
    const matching = [
      every.find((app) => titleOf(app, names) === word),
      every.find(({ root }) => root === word),
      every.find(({ name }) => name.value === word),
    ].find((listedApplication) => listedApplication !== undefined);
    if (!matching) throw unknown(repository, word, names);
    return matching.root;
  });
  if (found.length === 0) throw ambiguous(repository, names);
  return apps.filter(({ root }) => found.includes(root));
}

function unknown(repository: Repository, word: string, names: Selection['names']): UserError {
  const library = (repository.others ?? []).find(
    (other) => !other.application && (other.name === word || other.root === word),
  );
  if (library) {
    return new UserError({
      code: 'app-library',
      message: `${library.root} is not an application: no script starts it, so it can only be imported by other packages.`,
      next: ['Add a script "start" to it, or name an application: `dockwright inspect` lists them.'],
    });
  }
  const titles = listed(repository).map((app) => titleOf(app, names));
  const near = nearest(word, titles);
  return new UserError({
    code: 'app-unknown',
    message: `No application is named "${word}"; available: ${titles.join(', ')}`,
    next: [...(near ? [`Did you mean ${near}?`] : []), ...wayOut(titles)],
  });
}

const wayOut = (titles: readonly string[]): readonly string[] =>
  titles.length > 1
    ? [`Choose one with \`--app ${titles[0]}\`; separate several with commas.`, 'Or deploy all of them with `--all`.']
    : ['Remove `--app`: this is the only application.'];

function ambiguous(repository: Repository, names: Selection['names']): UserError {
  const every = listed(repository);
  const titles = every.map((app) => titleOf(app, names));
  const kindOf = (root: string) => repository.apps.find((app) => app.root === root)?.archetype;
  return new UserError({
    code: 'app-ambiguous',
    message: `This repository contains several applications: ${titles.join(', ')}`,
    next: wayOut(titles),
    details: {
      applications: every.map((app) => {
        const kind = kindOf(app.root);
        return {
          name: titleOf(app, names),
          root: app.root,
          ...(kind && 'value' in kind ? { archetype: kind.value } : {}),
        };
      }),
    },
  });
}

/** What is not known of an application, and what only its owner can say. */
export const isUndecided = (error: unknown): error is UserError =>
  error instanceof UserError && ['archetype-missing', 'question-open', 'manager-unclear'].includes(error.code);

/** What whoever deploys all of a repository should know of those that are left out. */
export const leftOutNotes = (leftOut: readonly SkippedApplication[]): readonly string[] =>
  leftOut.map(({ name, error: { message, next } }) => {
    const why = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
    const steps = next.filter((step) => step !== leaveOut).join('; ');
    return `${name} is left out. ${why}${steps === '' ? '' : ` ${steps}`}`;
  });
