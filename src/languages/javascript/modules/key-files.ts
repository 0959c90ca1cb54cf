import { posix } from 'node:path';
import type { Facts } from '../../../model/facts.ts';
import type { App } from '../app.ts';
import { exampleOf } from './sources.ts';

/** Private keys that the running app reads: those of the repository, which the image holds, and those that git leaves out, which are mounted. */
export const keyNotes = (app: App, reads: Facts['reads'], local: Facts['localFiles'] = []): Facts['notes'] => [
  ...reads
    .filter(
      ({ value }) => /\.(pem|key)$/.test(value) && app.project.read(app.path(value))?.includes('PRIVATE KEY-----'),
    )
    .map(({ value, from }) => ({
      code: 'key-in-source',
      message: `The app reads ${value}, a private key that is committed: everybody with the repository or the image has it. Create a new key for the deployment, mount it over this one, and remove this one from Git`,
      from,
    })),
  ...local.map(({ value, from }) => ({
    code: 'key-of-the-owner',
    message: `The app reads ${value}, which Git ignores: the compose file mounts it from the host, and containers do not start without it${likeExample(app, value)}`,
    from,
  })),
];

/** What shows its owner how to make the file: an example of it in the repository. */
function likeExample(app: App, path: string): string {
  const example = exampleOf(app, `./${posix.basename(path)}`);
  return example === undefined ? '' : `: create it from ${example}`;
}
