import { UserError } from './errors.ts';

/** A repository of a registry: its host, and its path there. */
export type RepositoryName = { readonly host: string; readonly path: string };

/** The registry that a name without a host means. */
const DOCKER_HUB = 'docker.io';

/** Whether the first part of a name is a host, as Docker decides it: it has a dot or a port, or is localhost. */
const isHost = (part: string): boolean => part.includes('.') || part.includes(':') || part === 'localhost';

const isPart = (part: string): boolean => /^[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9])?$/.test(part);

/** How the repository is written in front of a tag. */
export const repositoryText = ({ host, path }: RepositoryName): string => `${host}/${path}`;

/** Reads HOST/NAME, or NAME on Docker Hub; undefined where it is not such a name. */
export function readRepositoryName(text: string): RepositoryName | undefined {
  const [first = '', ...rest] = text.split('/');
  const [host, parts] = rest.length > 0 && isHost(first) ? [first, rest] : [DOCKER_HUB, [first, ...rest]];
  const isNamed = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9a-fA-F:]{2,45}\])(?::\d{1,5})?$/.test(
    host,
  );
  if (!isNamed || parts.length === 0 || !parts.every(isPart)) return undefined;
  return { host, path: host === DOCKER_HUB && parts.length === 1 ? `library/${parts[0]}` : parts.join('/') };
}

/** The repository that the key `registry` names; of several applications it is what stands before the name of each. */
export function registryOf(text: string, app?: string): RepositoryName {
  const whole = app === undefined ? text : `${text.replace(/\/$/, '')}/${app}`;
  const name = readRepositoryName(whole);
  if (name && (name.host !== DOCKER_HUB || !name.path.startsWith('library/'))) return name;
  throw new UserError({
    code: 'registry-invalid',
    message: `The key "registry" is "${text}", which is not a repository of a registry.`,
    next: [
      app === undefined
        ? 'Write HOST/NAME in small letters, such as ghcr.io/acme/orders, or ACCOUNT/NAME for Docker Hub.'
        : 'Write what stands before the name of each application, such as ghcr.io/acme.',
    ],
  });
}
