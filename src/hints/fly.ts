/** fly.toml of Fly.io: processes, the release command, the port of the service, and the path of the health check. */
import { WEB } from '../model/process-names.ts';
import type { HintDetection, HintFact, PlatformFile } from './contract.ts';
import { namesIn, type Path, portAt, positionsIn, type Table, tableOf } from './support/table.ts';

export const detection: HintDetection = {
  name: 'fly',
  title: 'fly.toml',
  files: ['fly.toml', 'fly.json', 'fly.yaml'],
  place: 'application',
  page: 'https://fly.io/docs/reference/configuration/',
};

/** What requests go to: `http_service`, and the older list of services. */
const servicesIn = (table: Table): readonly Path[] => [
  ['http_service'],
  ...positionsIn(table, ['services']).map((position) => ['services', position]),
];

/** The process that gets the requests: the one that a service names, else the one that a deployment without names has. */
function webOf(table: Table): string {
  const named = servicesIn(table)
    .map((path) => table.text([...path, 'processes', 0]))
    .find((name) => name !== undefined);
  return named ?? ['app', WEB].find((name) => table.text(['processes', name]) !== undefined) ?? 'app';
}

/** Checks of a service are a list, those of the application a table by name. */
const checksIn = (table: Table): readonly Path[] => [
  ...servicesIn(table).flatMap((service) =>
    ['checks', 'http_checks'].flatMap((key) =>
      positionsIn(table, [...service, key]).map((position) => [...service, key, position]),
    ),
  ),
  ...namesIn(table, ['checks']).map((name) => ['checks', name]),
];

export const hint: PlatformFile = {
  read: (file): readonly HintFact[] => {
    const table = tableOf(file);
    const web = webOf(table);
    return [
      ...namesIn(table, ['processes']).flatMap((name) =>
        table.fact('process', ['processes', name], name === web ? WEB : name),
      ),
      ...table.fact('release', ['deploy', 'release_command']),
      ...servicesIn(table).flatMap((service) => portAt(table, [...service, 'internal_port'])),
      ...checksIn(table).flatMap((check) => table.fact('health', [...check, 'path'])),
    ];
  },
};
