import type { Facts } from '../../../model/facts.ts';
import type { App } from '../app.ts';

/** Private keys that are part of the repository and that the running app reads: the image holds them. */
export const keyNotes = (app: App, reads: Facts['reads']): Facts['notes'] =>
  reads
    .filter(
      ({ value }) => /\.(pem|key)$/.test(value) && app.project.read(app.path(value))?.includes('PRIVATE KEY-----'),
    )
    .map(({ value, from }) => ({
      code: 'key-in-source',
      message: `The app reads ${value}, a private key that is committed: whoever has the repository or the image has it. Make another where it is deployed, mount it over this one, and remove this one from git`,
      from,
    }));
