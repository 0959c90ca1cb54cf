import { isForeignKey } from '../../catalog/foreign-keys.ts';
import { nameMatcher } from '../../catalog/variable-names.ts';
import type { Facts, ServiceUse, Variable } from '../../model/facts.ts';
import { hasCredentials, isOwnSecretName, isSecretName } from '../../model/secret-names.ts';
import type { ServiceDetection } from '../../services/contract.ts';
import { services } from '../../services/registry.gen.ts';
import { isOfModule } from '../../stacks/go.ts';
import type { ApplicationInput } from '../contract.ts';
import type { ReadVariable } from './environment.ts';
import type { GoProgram } from './program.ts';

type ConnectionPart = { readonly service: ServiceDetection; readonly part: NonNullable<Variable['part']> };

/** The variables with what they are for, and the backing services that the program has clients of. */
export function readConnections(
  program: GoProgram,
  reads: readonly ReadVariable[],
  { config, examples }: Pick<ApplicationInput, 'config' | 'examples'>,
): Pick<Facts, 'variables' | 'services'> {
  const used = services.flatMap((service) => {
    const client = service.clients.find((client) => program.packages.some(({ path }) => isOfModule(path, client)));
    const from = program.packages.find(({ path }) => client !== undefined && isOfModule(path, client))?.from;
    return client !== undefined && from ? [{ service, client, from }] : [];
  });
  const pointing = new Map(
    reads.flatMap((read): [string, ConnectionPart][] => {
      const found = pointsTo(
        read,
        used.map(({ service }) => service),
        examples.get(read.name)?.value,
      );
      return found ? [[read.name, found]] : [];
    }),
  );
  const variables = reads.map((read): Variable => {
    const points = pointing.get(read.name);
    const example = examples.get(read.name);
    const declared = config.variables?.[read.name];
    const secret = declared?.secret ?? isSecret(read, points, example?.value);
    const isOwn = secret && !points && isOwnSecretName(read.name) && !isForeignKey(read.name);
    return {
      ...read,
      required: declared?.required ?? ((isOwn && read.default === undefined) || read.required),
      secret,
      ...(example?.purpose ? { purpose: example.purpose } : {}),
      ...(example?.value && !secret ? { example: example.value } : {}),
      ...(points ? { service: points.service.name, part: points.part } : {}),
      ...(declared?.default === undefined ? {} : { default: declared.default, given: true as const, required: false }),
      ...(declared?.purpose === undefined ? {} : { purpose: declared.purpose }),
      from: [
        ...read.from,
        ...(example ? [{ file: example.file, line: example.line, why: `${read.name} is in the example` }] : []),
      ],
    };
  });
  return {
    variables,
    services: used.map(({ service, client, from }): ServiceUse => {
      const own = variables.filter((variable) => variable.service === service.name);
      const role = service.clientRoles?.[client];
      return {
        service: service.name,
        client,
        ...(role === undefined ? {} : { role }),
        required: (role === undefined ? undefined : service.requiredByRole?.[role]) ?? service.required,
        variables: own.map(({ name }) => name),
        from: [from],
      };
    }),
  };
}

function isSecret(
  { name, default: fallback }: ReadVariable,
  points: ConnectionPart | undefined,
  example: string | undefined,
): boolean {
  const number =
    fallback !== undefined && (fallback === 'true' || fallback === 'false' || Number.isFinite(Number(fallback)));
  const credentials = [fallback, example].some((text) => text !== undefined && hasCredentials(text));
  return (isSecretName(name) && !(number && fallback !== '')) || points?.part === 'password' || credentials;
}

const schemeOf = (text: string | undefined): string | undefined => {
  const at = text?.indexOf('://') ?? -1;
  return at > 0 ? text?.slice(0, at).toLowerCase() : undefined;
};

/** Which of the services that are used a variable points to: by the address that it has in the project, else by its name. */
function pointsTo(
  read: ReadVariable,
  used: readonly ServiceDetection[],
  example: string | undefined,
): ConnectionPart | undefined {
  const scheme = schemeOf(read.default) ?? schemeOf(example);
  const byScheme = used.find(({ schemes }) => scheme !== undefined && schemes.includes(scheme));
  if (byScheme) return { service: byScheme, part: byScheme.embedded ? 'other' : 'url' };
  if (scheme !== undefined) return undefined;
  for (const service of used) {
    const row = service.variables.find(({ match }) => nameMatcher([match])(read.name));
    if (row) return { service, part: row.part };
  }
  const words = read.name.toLowerCase().split('_');
  const named = used.find(({ name, words: own, host }) => [name, host, ...own].some((word) => words.includes(word)));
  const kinds = used.filter(({ serves }) => serves.some(({ kind }) => kind === 'persistence'));
  const isDatabase = words.includes('db') || words.includes('database') || words.includes('sql');
  const service = named ?? (isDatabase && kinds.length === 1 ? kinds[0] : undefined);
  const part = service && partByWord(words.at(-1) ?? '');
  return service && part ? { service, part } : undefined;
}

const parts: Readonly<Record<string, NonNullable<Variable['part']>>> = {
  url: 'url',
  uri: 'url',
  dsn: 'url',
  connection: 'url',
  host: 'host',
  hostname: 'host',
  port: 'port',
  addr: 'address',
  address: 'address',
  user: 'user',
  username: 'user',
  password: 'password',
  pass: 'password',
  passwd: 'password',
  pwd: 'password',
  name: 'name',
  base: 'name',
  dbname: 'name',
  database: 'name',
};

const partByWord = (word: string): Variable['part'] => (Object.hasOwn(parts, word) ? parts[word] : undefined);
