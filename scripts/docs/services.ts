import type { ServiceDetection } from '../../src/services/contract.ts';
import { loadBackingService, services } from '../../src/services/registry.gen.ts';
import { code, codes, openingComment, page, properties, sourceLine, table } from './markdown.ts';

type Row = readonly [what: string, value: string];

const required = (service: ServiceDetection): string => {
  const word = (value: boolean) => (value ? 'yes' : 'no');
  const byRole = Object.entries(service.requiredByRole ?? {}).map(([role, value]) => `as ${role} ${word(value)}`);
  return [word(service.required), ...byRole].join('; ');
};

const served = (service: ServiceDetection): string =>
  service.serves
    .map(
      ({ kind, role, first }) =>
        kind + (role ? ` (role ${code(role)})` : '') + (first ? ', the default for this kind' : ''),
    )
    .join('; ');

const detectionRows = (service: ServiceDetection): readonly Row[] => [
  ['Name', code(service.name)],
  ...(service.outside ? [] : [['Name in the compose file', code(service.host)] as const]),
  ['Recognized by packages and built-ins', codes(service.clients)],
  ['Recognised by variables', codes(service.variables.map(({ match }) => match))],
  ['Recognized by URL schemes', codes(service.schemes.map((scheme) => `${scheme}:`))],
  ['Recognized by words of a specification', codes(service.words)],
  ['Serves', served(service)],
  ...(service.addressed
    ? [['Not deployed', 'if no variable sets its address, or the source uses a third-party address'] as const]
    : []),
  ['Required for readiness', required(service)],
];

/** What its container is, once for each role that it can have. */
async function containers(service: ServiceDetection): Promise<readonly Row[]> {
  if (service.embedded) return [['Container', 'none: a file of the application, kept in a volume']];
  if (service.outside)
    return [
      ['Container', 'none: it runs outside the deployment, and you set its address'],
      ['Address', `required, such as ${code(service.outside.example)}`],
    ];
  const loaded = await loadBackingService(service.name);
  if (!loaded) return [];
  const roles = loaded.roles.length > 0 ? loaded.roles : [undefined];
  const form: readonly Row[] = service.only
    ? [['Container', `in ${service.only.form} alone: ${service.only.why}`]]
    : [];
  const own = Object.entries(service.ownVariables ?? {}).map(
    ([client, rows]): Row => [`Read by ${code(client)} itself`, codes(rows.map(({ name }) => name))],
  );
  const of = roles.flatMap((role): Row[] => {
    const made = loaded.container({ app: 'app', host: service.host, role });
    const connection = loaded.connection('url', { app: 'app', host: service.host, role, scheme: undefined });
    const url = connection.map((part) => (typeof part === 'string' ? part : `\${${part.variable}}`)).join('');
    const named = role === undefined ? '' : `, role ${code(role)}`;
    return [
      [`Image${named}`, code(made.image)],
      [`Why${named}`, made.why],
      [`Port${named}`, `${made.port}; in development ${made.developmentPort} on this machine`],
      [`Address${named}`, url === '' ? '' : code(url)],
      [`Variables of the container${named}`, codes(Object.keys(made.env))],
      [`Volume${named}`, made.volume ? `${code(made.volume.path)}: ${made.volume.purpose}` : ''],
      [`Backup${named}`, made.backup ? code(made.backup) : ''],
    ];
  });
  return [...form, ...own, ...of];
}

/** A page for each service, and one that names them all. By path below docs/reference. */
export async function servicePages(): Promise<Readonly<Record<string, string>>> {
  const pages: Record<string, string> = {};
  for (const service of services) {
    const file = `src/services/${service.name}.ts`;
    pages[`services/${service.name}.md`] = page(
      service.title,
      `everyone whose application uses ${service.title}`,
      openingComment(file),
      properties([...detectionRows(service), ...(await containers(service))]),
      sourceLine(3, file, `fixtures/services/${service.name}.json`),
    );
  }
  pages['services.md'] = page(
    'Services',
    'everyone whose application uses a database, cache, queue or similar',
    'The backing services that this version supports. `services.NAME` in the configuration overrides them: `false` for none, or `image`, `role` and `required`.',
    table(
      ['Service', 'Name', 'Recognized by packages and built-ins', 'Required'],
      services.map((service) => [
        `[${service.title}](services/${service.name}.md)`,
        code(service.name),
        codes(service.clients),
        required(service),
      ]),
    ),
  );
  return pages;
}
