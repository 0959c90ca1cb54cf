/** Which scripts of a package.json build the app, by their names and by what they run. */
import { builders } from '../../../stacks/builders/registry.gen.ts';
import { runtimes } from '../../../stacks/runtimes/registry.gen.ts';
import { sites } from '../../../stacks/sites/registry.gen.ts';
import type { App } from '../app.ts';
import { buildScripts, type FollowedScript, type ScriptCommand, scriptsOf } from './follow.ts';

/** Words of a name that say building; `tsc` and `babel` are the program itself. */
const building = /build|compile|bundle|transpile|^tsc$|^ts$|^babel$|^webpack$|^dist$/i;

/** Words of a name that say another purpose, also beside building: what is made there is not what production starts. */
const otherwise =
  /watch|dev|test|spec|docs?$|storybook|docker|image|check|types|analy[sz]e|debug|local|lambda|electron|android|ios/i;

/** Words of arguments with which a compiler goes on, or makes nothing. */
const lasting = new Set(['-w', '--watch', '--noEmit', '--serve', 'serve', 'dev', 'start', '--declaration']);

/**
 * The scripts that build the app for production, the most telling first: by their usual names, else those of another name (`api:build`, `compile`) that
 * run a compiler or a bundler once.
 */
export function buildScriptsOf(app: App, followed: (name: string) => FollowedScript | undefined): readonly string[] {
  const names = Object.keys(scriptsOf(app));
  const usual = buildScripts.filter((name) => names.includes(name));
  if (usual.length > 0) return usual;
  const named = names
    .filter((name) => building.test(name) && !otherwise.test(name))
    .sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1));
  const compiling = named.filter((name) => followed(name)?.commands.some(compilesOnce));
  if (compiling.length > 0 || names.includes('start')) return compiling;
  // pages that nothing of the app gives out: `docs:build`
  return named.filter((name) => followed(name)?.commands.some(makesPages));
}

/** What says production or the server comes before what says the pages of it. */
const rank = (name: string): number =>
  /prod/i.test(name)
    ? 0
    : /server|api|backend|app/i.test(name)
      ? 1
      : /client|front|web|css|assets|styles/i.test(name)
        ? 3
        : 2;

const makesPages = ({ argv, beside, dynamic }: ScriptCommand): boolean =>
  !beside &&
  !dynamic &&
  sites.some(({ programs }) => programs?.includes(argv[0] ?? '')) &&
  !argv.some((word) => lasting.has(word));

const compilesOnce = ({ argv, beside, dynamic }: ScriptCommand): boolean =>
  !beside &&
  !dynamic &&
  builders.some(({ programs }) => programs?.includes(argv[0] ?? '')) &&
  // of a program that runs, installs and builds, building is one verb
  (!runtimes.some(({ name }) => name === argv[0]) || argv[1] === 'build') &&
  !argv.some((word) => lasting.has(word));
