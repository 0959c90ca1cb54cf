/** render.yaml of Render: one file for all services of a repository, each with the folder that it is built from. */
import { posix } from 'node:path';
import { WEB } from '../model/process-names.ts';
import type { HintDetection, HintFact, PlatformFile } from './contract.ts';
import { type Path, positionsIn, type Table, tableOf } from './support/table.ts';

export const detection: HintDetection = {
  name: 'render',
  title: 'render.yaml',
  files: ['render.yaml', 'render.yml'],
  place: 'repository',
  page: 'https://render.com/docs/blueprint-spec',
};

/** What its types of services are here; the others (jobs, files, caches) are no process of the application. */
const types: Readonly<Record<string, 'web' | 'worker'>> = { web: 'web', pserv: 'web', worker: 'worker' };

/** Versions that it takes from variables. */
const versions: Readonly<Record<string, string>> = { NODE_VERSION: 'node', BUN_VERSION: 'bun' };

const versionsIn = (table: Table, service: Path): readonly HintFact[] =>
  positionsIn(table, [...service, 'envVars']).flatMap((position) => {
    const variable = [...service, 'envVars', position];
    const key = table.text([...variable, 'key']) ?? '';
    const value = table.at([...variable, 'value']);
    if (!Object.hasOwn(versions, key) || (typeof value !== 'string' && typeof value !== 'number')) return [];
    return [table.given('version', [...variable, 'value'], String(value), versions[key])];
  });

function factsOf(table: Table, service: Path): readonly HintFact[] {
  const type = table.text([...service, 'type']) ?? '';
  const kind = Object.hasOwn(types, type) ? types[type] : undefined;
  // an image is built by a Dockerfile, which says it all
  const runtime = table.text([...service, 'runtime']) ?? table.text([...service, 'env']);
  if (kind === undefined || runtime === 'docker' || runtime === 'image' || runtime === 'static') return [];
  const process = table.fact(
    'process',
    [...service, 'startCommand'],
    kind === 'web' ? WEB : (table.text([...service, 'name']) ?? 'worker'),
  );
  if (kind === 'worker') return process;
  return [
    ...process,
    ...table.fact('build', [...service, 'buildCommand']),
    ...table.fact('release', [...service, 'preDeployCommand']),
    ...table.fact('health', [...service, 'healthCheckPath']),
    ...versionsIn(table, service),
  ];
}

/** The folder that a service is made from, relative to the repository. */
const folderOf = (written = '.'): string => posix.join('.', written).replace(/\/$/, '');

export const hint: PlatformFile = {
  read: (file) => {
    const table = tableOf(file);
    return positionsIn(table, ['services'])
      .map((position): Path => ['services', position])
      .filter((service) => folderOf(table.text([...service, 'rootDir'])) === file.root)
      .flatMap((service) => factsOf(table, service));
  },
};
