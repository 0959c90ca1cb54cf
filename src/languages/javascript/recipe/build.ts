import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import type { Folders } from '../../../model/folders.ts';
import { evidenceOf } from '../../../model/known.ts';
import type { BuildStage, Layer, RecipeStep } from '../../../model/recipe.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { builtFrom, demandedByBuild, generateSteps, type Output, type RecipeContext } from './context.ts';
import { intoOwn, ownCopies } from './context-paths.ts';
import { pageVariables } from './served-pages.ts';

/** Turns sources into what runs; undefined where they run as they are. */
export function buildStage(context: RecipeContext, from: string): BuildStage | undefined {
  const { facts, output, generates, stacks } = context;
  if (output.kind !== 'built' && generates.length === 0) return undefined;
  const built = output.kind === 'built' ? output : undefined;
  const scripts = 'a script of the project generates files that the app needs at run time';
  return {
    name: 'build',
    from: { stage: from },
    note:
      built?.selfContained && !built.inPlace && !built.compiled && !built.traced
        ? 'one bundled file: no node_modules in the image'
        : (built?.why ?? scripts),
    reason: {
      choice: (built?.argv ?? generates[0]?.argv ?? []).join(' '),
      why: built ? output.why : scripts,
      ...(built && facts.builder
        ? evidenceOf(facts.builder)
        : { from: generates.flatMap((generator) => generator.from) }),
    },
    ...argsOf(context),
    layers: [
      ...productionLayers({ ...stacks.runtime.production, ...built?.settings }),
      ...hashLayers(context),
      ...gitLayers(facts),
      {
        steps: [
          ...intoOwn(context),
          ...ownCopies(context, builtFrom(context)),
          ...generateSteps(context, true),
          ...(built ? buildSteps(context.folders, withDemanded(facts, built)) : []),
          ...(built ? testSteps(facts, built) : []),
        ],
      },
    ],
  };
}

/**
 * A small program instead of git, which gives the commit that the image is built from: a build context has no history, and a partial copy of
 * it would be called dirty. What it is not asked for a commit is answered with nothing, and so is who wrote one and when.
 */
export function gitLayers({ asksGit, asksVersion }: Facts): readonly Layer[] {
  if (!asksGit) return [];
  const describe = asksVersion
    ? '*describe*--abbrev=0*) echo "${GIT_DESCRIBE%-*-g*}" ;; *describe*) echo "$GIT_DESCRIBE" ;; '
    : '';
  const answers = `case "$*" in ${describe}*status*|*branch*|*--abbrev-ref*|*%H*%a*) ;; *--short*|*%h*) echo "$REVISION" | cut -c1-7 ;; *rev-parse*|*describe*|*%H*) echo "$REVISION" ;; esac`;
  const file = '/usr/local/bin/git';
  return [
    {
      at: 'git',
      reason: {
        choice: `${asksVersion ? 'the newest tag and the commit' : 'the commit'}, instead of Git`,
        why: `${(asksVersion ?? asksGit).value}, and the image has no Git history: \`dockwright build\` passes it`,
        ...evidenceOf(asksVersion ?? asksGit),
      },
      steps: [
        {
          do: 'arg',
          name: 'REVISION',
          default: 'unknown',
          note: 'answers the build instead of Git: `dockwright build` sets it to the commit',
        },
        ...(asksVersion
          ? [
              {
                do: 'arg' as const,
                name: 'GIT_DESCRIBE',
                default: 'unknown',
                note: '`dockwright build` sets it to the output of `git describe --tags --always`',
              },
            ]
          : []),
        { do: 'shell', script: [`printf '%s\\n' '#!/bin/sh' '${answers}' > ${file}`, `chmod +x ${file}`] },
      ],
    },
  ];
}

/** Values that a full-stack framework writes into the code that browsers get: build arguments, behind the variables of production. */
function argsOf(context: RecipeContext): Pick<BuildStage, 'args'> {
  const { facts, stacks } = context;
  const prefixes = stacks.fullStack?.prefixes ?? [];
  const own = facts.variables.filter(({ name, built }) => built || prefixes.some((prefix) => name.startsWith(prefix)));
  const pages = pageVariables(context).filter(({ name }) => !own.some((item) => item.name === name));
  const variables = [...own, ...pages];
  return variables.length > 0 ? { args: { variables, after: 1 } } : {};
}

/** What is built is built for production: bundlers write the value into the code, and `bun build` writes "development" where none is set. */
function productionLayers(values: Readonly<Record<string, string>>): readonly Layer[] {
  if (Object.keys(values).length === 0) return [];
  const choice = Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  const why = 'bundlers write it into their output; without it they would build for development';
  return [
    {
      at: 'env',
      reason: { choice, why },
      steps: [{ do: 'env', values: { ...values }, note: 'bundlers write it into their output' }],
    },
  ];
}

/** The variables with which the runtime takes the hashes of an old bundler; empty: it needs none. */
export const hashVariables = ({ facts, stacks, version }: RecipeContext): Readonly<Record<string, string>> =>
  detailsOf(facts).oldHashes ? (stacks.runtime.oldHashes?.(version) ?? {}) : {};

/** What an old bundler needs to run at all, said where it is set. */
export function hashLayers(context: RecipeContext): readonly Layer[] {
  const values = hashVariables(context);
  const old = detailsOf(context.facts).oldHashes;
  if (!old || Object.keys(values).length === 0) return [];
  const why = `${old.value} uses MD4 hashes, which OpenSSL 3 rejects; newer releases do not need this flag`;
  const choice = Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
  return [{ at: 'hashes', reason: { choice, why, ...evidenceOf(old) }, steps: [{ do: 'env', values, note: why }] }];
}

/** What a build keeps for the next one, in the folders where it looks for it. */
export const cacheMounts = (folders: Folders, caches: readonly string[] = []) =>
  caches.length === 0
    ? {}
    : { mounts: caches.map((folder) => ({ type: 'cache' as const, target: posix.join(folders.image, folder) })) };

/** Takes compiled tests out of the output again: the settings of the compiler do not leave them out. */
function testSteps(facts: Facts, { folder, ofEach }: Extract<Output, { kind: 'built' }>): RecipeStep[] {
  const { names = [], folders = [] } = detailsOf(facts).compiledTests ?? {};
  if (names.length + folders.length === 0 || !ofEach) return [];
  const tests = [
    ...names.map((name) => ['-name', name]),
    ...folders.map((value) => ['-path', posix.join(folder, value)]),
  ];
  const any = tests.flatMap((test, at) => (at === 0 ? test : ['-o', ...test]));
  return [
    {
      do: 'run',
      argv: [
        'find',
        folder,
        ...(tests.length > 1 ? ['(', ...any, ')'] : any),
        '-prune',
        '-exec',
        'rm',
        '-rf',
        '{}',
        '+',
      ],
      note: 'the compiler settings do not exclude tests, which are not needed in production',
    },
  ];
}

/** The build with what generators demand that its script runs. */
const withDemanded = (facts: Facts, built: Extract<Output, { kind: 'built' }>): Extract<Output, { kind: 'built' }> => {
  const isOwn = built.argv.join(' ') === facts.commands.build?.value.argv.join(' ');
  return isOwn ? { ...built, standIns: { ...demandedByBuild(facts), ...built.standIns } } : built;
};

function buildSteps(
  folders: Folders,
  { folder, argv, compiled, env, standIns = {}, caches, leavesOut = [], key }: Extract<Output, { kind: 'built' }>,
): RecipeStep[] {
  const values = { ...standIns, ...env };
  const notes = [
    ...(Object.keys(standIns).length > 0
      ? [
          'the build loads server modules that fail without these variables: placeholders, because the running app gets the real values',
        ]
      : []),
    ...(key
      ? [
          `${key.name} must be the same in every build and at every start; the copies that the build writes are removed again`,
        ]
      : []),
  ];
  if (!compiled)
    return [
      {
        do: 'run',
        argv: [...argv],
        ...cacheMounts(folders, caches),
        ...(Object.keys(values).length > 0 ? { env: values } : {}),
        ...(key ? { after: [...key.after] } : {}),
        ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
      },
      ...(leavesOut.length > 0
        ? [{ do: 'run' as const, argv: ['rm', '-rf', ...leavesOut.map((path) => posix.join(folder, path))] }]
        : []),
    ];
  return [
    { do: 'arg', name: 'TARGETARCH', note: 'amd64 or arm64: BuildKit sets it to the target platform' },
    { do: 'shell', script: [argv.join(' ')] },
  ];
}
