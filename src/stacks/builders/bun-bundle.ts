/** `bun build`: the app and its dependencies become one file, so no node_modules are needed at run time. */
import { posix } from 'node:path';
import type { Evidence } from '../../model/evidence.ts';
import type { Command, Facts } from '../../model/facts.ts';
import type { Builder, Detection } from '../contract.ts';
import { keptFlags, ownPreloads, startLineOf } from '../support/start-line.ts';

export const detection: Detection = {
  name: 'bun-bundle',
  title: 'bun build',
  role: 'builder',
  files: ['bun.lock', 'bun.lockb', 'bunfig.toml', '.bun-version'],
  fields: ['engines.bun', 'packageManager=bun@'],
  programs: ['bun'],
};

/**
 * Packages that stop working in one file, and why: they read files of their own folder, start workers from it, load drivers by a name
 * that is made at run time, or patch other modules while those load.
 */
const breaking: Readonly<Record<string, string>> = {
  '@fastify/autoload': 'it loads its plugins from files at run time',
  'elysia-autoload': 'it loads its routes from files at run time',
  '@fastify/swagger-ui': 'it serves files from its own folder',
  '@nestjs/core': 'it loads optional packages by name',
  '@opentelemetry/auto-instrumentations-node': 'it patches modules as they load',
  '@opentelemetry/instrumentation': 'it patches modules as they load',
  'dd-trace': 'it patches modules as they load',
  'elastic-apm-node': 'it patches modules as they load',
  newrelic: 'it patches modules as they load',
  knex: 'it loads its driver by name',
  sequelize: 'it loads its driver by name',
  typeorm: 'it loads drivers and entities by name',
  '@mikro-orm/core': 'it loads drivers and entities by name',
  jsdom: 'it reads files from its own folder',
  mjml: 'it reads files from its own folder',
  'geoip-lite': 'it reads files from its own folder',
  'swagger-ui-express': 'it serves files from its own folder',
  'swagger-ui-dist': 'it serves files from its own folder',
  piscina: 'it starts workers from files',
  tinypool: 'it starts workers from files',
  playwright: 'it starts its own programs',
  puppeteer: 'it starts its own programs',
};

function fits(facts: Facts): ReturnType<Builder['fits']> {
  const tool = 'value' in facts.archetype && facts.archetype.value === 'cli-tool';
  return tool
    ? { ok: false, why: 'a command-line tool is compiled to a single program instead', from: [] }
    : fitsInOneFile(facts);
}

/** Whether an app on Bun can become one file, or one program. */
export function fitsInOneFile(facts: Facts): ReturnType<Builder['fits']> {
  if (!('value' in facts.runtime) || facts.runtime.value.name !== 'bun')
    return { ok: false, why: 'the app does not run on Bun', from: [] };
  const no = (why: string, from: readonly Evidence[]) => ({ ok: false, why, from });
  const blocker = facts.notes.find(({ code }) => code === 'bundle-blocker' || code === 'packages-apart');
  if (blocker) return no(blocker.message, blocker.from);
  const native = facts.native[0];
  if (native) return no(`${native.value} has native code, which cannot be bundled`, native.from);
  for (const dependency of facts.dependencies) {
    const why = dependency.dev || !Object.hasOwn(breaking, dependency.name) ? undefined : breaking[dependency.name];
    if (why) return no(`${dependency.name} does not work in one file: ${why}`, [dependency.from]);
  }
  if (!('value' in facts.entry)) return no('the entry point is not known', facts.entry.from);
  const own = facts.commands.build;
  if (own && !isBundle(own.value)) return no('the project has its own build', own.from);
  if (own && ownPreloads(facts).length > 0)
    return no('the start command preloads modules, which that build would leave out', own.from);
  if (own && ownFlags(own.value).compile) return no('the project compiles its own program', own.from);
  return {
    ok: true,
    why: own
      ? "the project's own build, with its flags"
      : 'the app is bundled into one file, so the image needs no node_modules',
    from: own?.from ?? facts.entry.from,
  };
}

/** Whether a command is one `bun build` and nothing else. */
export const isBundle = ({ argv }: Command): boolean =>
  argv[0] === 'bun' && argv[1] === 'build' && !argv.some((word) => ['&&', ';', '|', '||'].includes(word));

type Flags = {
  readonly entries: readonly string[];
  readonly outdir?: string;
  readonly outfile?: string;
  readonly external: boolean;
  readonly compile: boolean;
};

/**
 * Names stay as they are: code that reads its own functions, as Elysia's does to learn what a handler uses, breaks where they are
 * shortened, and traces say where an error was (https://bun.com/docs/bundler/minifier).
 */
export const minified = ['--minify-whitespace', '--minify-syntax'];

/** Flags of `bun build` that take a value in the next argument, where it is not joined by `=`. */
const valued = new Set(
  'target outdir outfile external format sourcemap entry-naming chunk-naming asset-naming public-path define loader drop root env banner footer conditions packages'
    .split(' ')
    .map((name) => `--${name}`),
);

/** Reads what a `bun build` line makes. */
export function ownFlags({ argv }: Command): Flags {
  const entries: string[] = [];
  const values: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    values[name] = [...(values[name] ?? []), value];
  };
  for (let at = 2; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    const [name = '', joined] = word.split(/=(.*)/s);
    if (!word.startsWith('-')) entries.push(word);
    else if (joined !== undefined || !valued.has(name)) add(name, joined ?? '');
    else if (name === '--sourcemap' && !/^(none|linked|inline|external)$/.test(argv[at + 1] ?? '')) values[name] = [''];
    else {
      at += 1;
      add(name, argv[at] ?? '');
    }
  }
  const outdir = values['--outdir']?.[0];
  const outfile = values['--outfile']?.[0];
  return {
    entries,
    ...(outdir === undefined ? {} : { outdir }),
    ...(outfile === undefined ? {} : { outfile }),
    external:
      values['--external'] !== undefined || values['-e'] !== undefined || values['--packages']?.[0] === 'external',
    compile: values['--compile'] !== undefined,
  };
}

/** What the runtime starts: `bun build a/b.ts --outdir=dist` writes dist/b.js. */
const built = (entry: string): string => posix.basename(entry).replace(ending, '.js');
const ending = /\.[cm]?[jt]sx?$/;

function build(facts: Facts): ReturnType<Builder['build']> {
  const entry = 'value' in facts.entry ? facts.entry.value : 'index.ts';
  const own = facts.commands.build?.value;
  const flags = own && isBundle(own) ? ownFlags(own) : undefined;
  if (own && flags?.entries.some((value) => posix.normalize(value) === entry)) {
    const output = posix
      .normalize(flags.outfile === undefined ? (flags.outdir ?? 'dist') : posix.dirname(flags.outfile))
      .replace(/\/$/, '');
    return {
      argv: withTarget(own.argv),
      output,
      entry: flags.outfile === undefined ? built(flags.entries[0] ?? entry) : posix.basename(flags.outfile),
      selfContained: !flags.external,
      needs: [],
      why: "the project's own build script",
    };
  }
  const preloads = ownPreloads(facts);
  const place = (file: string) => (preloads.length === 0 ? built(file) : posix.normalize(file).replace(ending, '.js'));
  // below one root each file has a place of its own, and what both need is in the bundle once
  const several = preloads.length === 0 ? [] : ['--splitting', '--root=.'];
  const kept = keptFlags(facts, ({ module }) => ['--preload', `./${place(module)}`]);
  return {
    argv: ['bun', 'build', entry, ...preloads, '--target=bun', ...minified, ...several, '--outdir=dist'],
    output: 'dist',
    entry: place(entry),
    start: ['bun', ...kept, place(entry), ...startLineOf(facts).args],
    makesPreloads: true,
    selfContained: true,
    needs: [],
    why: 'one bundled file: no node_modules in the image',
  };
}

/** Without a target, `bun build` builds for browsers, and what needs the runtime fails there. */
const withTarget = (argv: readonly string[]): readonly string[] =>
  argv.some((word) => word === '--target' || word.startsWith('--target=')) ? argv : [...argv, '--target=bun'];

export const builder: Builder = { fits, build };
