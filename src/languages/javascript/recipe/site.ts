import { posix } from 'node:path';
import { webServer } from '../../../catalog/web.ts';
import { UserError } from '../../../model/errors.ts';
import type { Facts } from '../../../model/facts.ts';
import { evidenceOf } from '../../../model/known.ts';
import type { BuildStage, Recipe } from '../../../model/recipe.ts';
import { linked } from '../../support/steps.ts';
import {
  valuesLayer,
  valuesScript,
  webServerConfig,
  webServerProduction,
  webServerSettings,
} from '../../support/web-server.ts';
import { cacheMounts, gitLayers, hashLayers, hashVariables } from './build.ts';
import { generateSteps, type RecipeContext } from './context.ts';
import { inContext, intoOwn, ownCopies, packageFolders } from './context-paths.ts';
import { besideOf, ownedFiles, ownedFolders, preparedSteps } from './development.ts';
import { preparingStages } from './packages.ts';

type SiteRecipe = Pick<
  Recipe,
  'reason' | 'prepare' | 'build' | 'pack' | 'production' | 'development' | 'needs' | 'readsDocuments'
>;

/** Files that a web server gives out: it runs without root, and needs nothing of what built them. */
export function siteRecipe(context: RecipeContext, site: NonNullable<Facts['site']>): SiteRecipe {
  const { facts, stacks } = context;
  const { manager, site: tool } = stacks;
  if (!manager || !tool) throw noManager(facts);
  // the image that builds is not that of another platform: it makes files
  const building: RecipeContext = {
    ...context,
    output: { kind: 'source', start: [], why: 'the build writes static files' },
  };
  const prepare = preparingStages(building);
  const command = manager.exec(site.value.dev);
  const why = 'hot reload: docker-compose.dev.yml mounts the source over this one';
  const user = stacks.runtime.build(context.version);
  return {
    reason: {
      choice: `${webServer.image} with the build output`,
      why: 'a site consists of static files',
      ...evidenceOf(site),
    },
    prepare,
    build: [buildStage(building, prepare.at(-1)?.name ?? 'base')],
    pack: [],
    production: productionOf(site, context),
    development: {
      reason: { choice: command.join(' '), why },
      note: why,
      command,
      env: { ...tool.env, ...hashVariables(context) },
      layers: [
        {
          steps: [
            ...(context.workspace ? preparedSteps(context) : intoOwn(context)),
            ownedFolders(user, tool.writes, 'files that the server writes at run time', !site.value.develops),
            ...ownedFiles(user, site.value.develops?.writes ?? []),
          ],
        },
      ],
      user,
      ...(site.value.develops ? {} : { writesSource: true as const }),
      port: site.value.port,
      mounts: site.value.develops?.mounts ?? ['.'],
      keep: packageFolders(context),
      ...besideOf(context),
    },
    // a folder with the name of an output may hold sources
    needs: ['.', ...facts.sources.filter((source) => /^(build|dist|out)$/.test(source))],
    readsDocuments: site.value.documents ?? [],
  };
}

const noManager = (facts: Facts) =>
  new UserError({
    code: 'question-open',
    message: `Could not determine the package manager of ${facts.title.value}`,
    next: ['Set it: `--set manager=npm` (or pnpm, yarn, bun)'],
  });

function buildStage(context: RecipeContext, from: string): BuildStage {
  const { facts, stacks } = context;
  const own = facts.commands.build;
  const silent = Object.entries(stacks.site?.env ?? {}).map(([name, value]) => `${name}=${value}`);
  const argv = own?.value.argv ?? stacks.manager?.script('build', []) ?? [];
  const generated = generateSteps(context);
  return {
    name: 'build',
    from: { stage: from },
    note: 'the files of the site',
    reason: {
      choice: argv.join(' '),
      why: "the project's own build writes the files",
      ...(own ? evidenceOf(own) : {}),
    },
    layers: [
      ...(silent.length > 0
        ? [
            {
              at: 'env',
              reason: { choice: silent.join(', '), why: 'disables telemetry of the build tool' },
              steps: [{ do: 'env' as const, values: { ...stacks.site?.env } }],
            },
          ]
        : []),
      ...hashLayers(context),
      { steps: [...intoOwn(context), ...ownCopies(context, ['.'])] },
      ...gitLayers(facts),
      // what installing runs of the project needs the sources, and the build what it makes of them
      ...(generated.length > 0 ? [{ steps: generated }] : []),
      { steps: [{ do: 'run', argv: [...argv], ...cacheMounts(context.folders, stacks.site?.caches) }] },
    ],
    args: { variables: facts.variables, after: 1, ...(atStart(context) ? { atStart: true } : {}) },
  };
}

/** Whether its variables get their values when the container starts. */
const atStart = ({ facts, values }: RecipeContext): boolean => values === 'start' && facts.variables.length > 0;

function productionOf(site: NonNullable<Facts['site']>, context: RecipeContext): Recipe['production'] {
  const { output, base: path, everywhere, assets, hashes, languages, fallback, page, proxies, ownPolicy } = site.value;
  const { root } = webServer;
  const built = posix.join(context.folders.image, output);
  const local = localProxies(proxies);
  const varies = site.value.varies && { varies: { ...site.value.varies, folder: root } };
  const served = webServerProduction({
    contents: [
      {
        steps: [
          webServerSettings(inContext(context, webServerConfig)),
          linked('build', built, path === undefined ? root : `${root}/${path}`),
        ],
      },
      ...(atStart(context) ? [valuesLayer(inContext(context, valuesScript))] : []),
    ],
    why: 'a web server that runs as non-root; the build tools are left out',
    reason: {
      choice: fallback ? 'one page for every path that is not a file' : 'a file for each path',
      why: 'nginx serves the files; it runs as non-root and needs no build tools',
      ...evidenceOf(site),
    },
    files: {
      root: atStart(context) ? webServer.filled : root,
      ...(atStart(context) ? { values: { script: valuesScript, from: root, names: namesOf(context) } } : {}),
      ...(assets === undefined ? {} : { assets }),
      ...(hashes ? { hashes } : {}),
      ...(path === undefined ? {} : { base: path }),
      ...(everywhere ? { everywhere } : {}),
      ...(languages ? { languages: [...languages] } : {}),
      fallback,
      ...(page === undefined ? {} : { page }),
      ...(ownPolicy ? { ownPolicy } : {}),
      ...(local.length > 0 ? { proxies: local } : {}),
    },
  });
  return { ...served, ...varies };
}

const namesOf = ({ facts }: RecipeContext) =>
  Object.fromEntries(facts.variables.map(({ name }) => [name, { required: false }]));

/** What is handed on to another server of the same machine: an application of the repository, where one listens there. */
const localProxies = (proxies: NonNullable<Facts['site']>['value']['proxies'] = []) =>
  proxies.flatMap(({ path, target, strips }) => {
    const port = /^(?:http|ws)s?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d{1,5})\/?$/i.exec(target)?.[1];
    return port === undefined ? [] : [{ path, port: Number(port), strips }];
  });
