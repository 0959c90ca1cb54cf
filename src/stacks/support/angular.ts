import { posix } from 'node:path';
import { type Data, readData } from '../../project/data.ts';
import type { SiteSource } from '../contract.ts';
import { flagOf, inside, textFlag } from './site.ts';

/** A project of an `angular.json`, as a command builds it (https://angular.dev/reference/configs/workspace-config). */
export type AngularProject = {
  readonly name: string;
  /** the last part of the builder's name: `application`, `browser` */
  readonly builder: string;
  /** an option of its build, with what the configuration of the command says instead */
  readonly option: (path: readonly string[]) => unknown;
  /** what it says of its languages */
  readonly translated: (path: readonly string[]) => unknown;
  /** the languages into which it is translated */
  readonly locales: () => readonly string[];
  /** an option of its development server */
  readonly served: (key: string) => unknown;
};

const files = ['angular.json', '.angular.json'];

const keysOf = (value: unknown): readonly string[] =>
  typeof value === 'object' && value !== null ? Object.keys(value) : [];

/** The project that a command names, else the one that the workspace is about. */
function nameOf(data: Data, argv: readonly string[]): string | undefined {
  const names = keysOf(data.at(['projects']));
  const named = argv.slice(2).find((word) => names.includes(word));
  const isApplication = (name: string) => data.text(['projects', name, 'projectType']) !== 'library';
  return named ?? data.text(['defaultProject']) ?? names.find(isApplication);
}

/** The configurations that a command builds with: those that it names, else the usual one of the project. */
function configurationsOf(data: Data, argv: readonly string[], target: readonly string[]): readonly string[] {
  const flag = textFlag(argv, '--configuration') ?? textFlag(argv, '-c');
  const named = flag ?? (argv.includes('--prod') ? 'production' : data.text([...target, 'defaultConfiguration']));
  return named === undefined ? [] : named.split(',').reverse();
}

/** The project that a command builds; undefined: there is no `angular.json`, or none of its projects has a build. */
export function angularProject({ project, root, argv }: SiteSource): AngularProject | undefined {
  const data = files.map((file) => readData(project, posix.join(root, file))).find((data) => data !== undefined);
  const name = data && nameOf(data, argv);
  if (!data || name === undefined) return undefined;
  const key = ['architect', 'targets'].find((value) => data.at(['projects', name, value, 'build']) !== undefined);
  if (key === undefined) return undefined;
  const targets = ['projects', name, key];
  const target = [...targets, 'build'];
  const places = [
    ...configurationsOf(data, argv, target).map((configuration) => [...target, 'configurations', configuration]),
    [...target, 'options'],
  ];
  return {
    name,
    builder:
      data
        .text([...target, 'builder'])
        ?.split(':')
        .at(-1) ?? '',
    option: (path) => places.map((place) => data.at([...place, ...path])).find((value) => value !== undefined),
    translated: (path) => data.at(['projects', name, 'i18n', ...path]),
    locales: () => keysOf(data.at(['projects', name, 'i18n', 'locales'])),
    served: (option) => data.at([...targets, 'serve', 'options', option]),
  };
}

/** Hosts whose fonts a build for production writes into the page (https://angular.dev/reference/configs/workspace-config#fonts-optimization-options). */
const fontHosts = ['fonts.googleapis.com', 'use.typekit.net'];

/** The fonts that a build takes from their hosts, as the page names them and nothing switches that off. */
export function angularDownloads(source: SiteSource): { what: string; instead: string } | undefined {
  const found = angularProject(source);
  if (!found || !source.argv.includes('build')) return undefined;
  const off = (path: readonly string[]) => found.option(['optimization', ...path]) === false;
  // a build for development names no configuration, and optimizes nothing
  if (off([]) || off(['fonts']) || off(['fonts', 'inline'])) return undefined;
  const index = found.option(['index']);
  const page = textOf(index) ?? (typeof index === 'object' ? textOf(found.option(['index', 'input'])) : undefined);
  const text = source.project.read(posix.join(source.root, page ?? 'src/index.html')) ?? '';
  const host = fontHosts.find((fontHost) => text.includes(`https://${fontHost}/`));
  if (host === undefined) return undefined;
  return {
    what: `fonts from ${host}`,
    instead: 'set `"optimization": { "fonts": false }` in angular.json to let the browser load them, as in development',
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The folders of a build: all of it, what browsers get, and the server. Undefined: it leads out of the app. */
export function angularFolders(
  { option, name, builder }: AngularProject,
  { argv }: Pick<SiteSource, 'argv'>,
): { readonly all: string; readonly browser: string; readonly server: string } | undefined {
  const declared = flagOf(argv, '--output-path') ?? option(['outputPath']);
  const all = inside(textOf(declared) ?? textOf(option(['outputPath', 'base'])) ?? `dist/${name}`);
  if (all === undefined) return undefined;
  const below = (key: string) => posix.join(all, textOf(option(['outputPath', key])) ?? key).replace(/\/$/, '');
  // the builder of before makes one folder alone
  return builder === 'application'
    ? { all, browser: below('browser'), server: below('server') }
    : { all, browser: all, server: all };
}

/**
 * Whether a build makes a server (https://angular.dev/guide/ssr): `outputMode` says so, and before there was one each build with `ssr` made a server.
 */
export function isServed({ option, builder }: AngularProject): boolean {
  if (builder !== 'application') return false;
  const mode = option(['outputMode']);
  if (mode !== undefined) return mode === 'server';
  const ssr = option(['ssr']);
  return option(['server']) !== undefined && ssr !== undefined && ssr !== false;
}

/** Its development server, reachable from outside of a container. */
export const angularServe = (port: number, { argv }: Pick<SiteSource, 'argv'>): readonly string[] => {
  const named = argv.slice(2).filter((word, at) => !word.startsWith('-') && !argv[at + 1]?.startsWith('-'));
  return ['ng', 'serve', ...named.slice(0, 1), '--host', '0.0.0.0', '--port', String(port)];
};
