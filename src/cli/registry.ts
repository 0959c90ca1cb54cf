import { UserError } from '../index.ts';
import type { Flags } from './options.ts';
import { askOne, askText, askYes } from './prompts.ts';
import { interactive, note } from './terminal.ts';

/** The flags of the commands that push. */
export type RegistryFlags = Flags & {
  readonly registry?: string;
  readonly latest?: boolean;
  readonly unverified?: boolean;
  readonly yes?: boolean;
};

/** The flags with `--registry` as the key that it sets. */
export const withRegistry = <F extends RegistryFlags>(flags: F): F =>
  flags.registry === undefined ? flags : { ...flags, set: { ...flags.set, registry: flags.registry } };

const choices = [
  { value: 'docker.io', label: 'Docker Hub', hint: 'ACCOUNT/NAME' },
  { value: 'ghcr.io', label: 'GitHub Container Registry', hint: 'ACCOUNT/NAME' },
  { value: '', label: 'Custom registry', hint: 'HOST/NAME' },
] as const;

/** Runs a command that needs a registry; where none is named and somebody is there, it is asked for. */
export async function askingRegistry<F extends RegistryFlags>(
  given: F,
  act: (flags: F) => Promise<number>,
): Promise<number> {
  const flags = withRegistry(given);
  try {
    return await act(flags);
  } catch (error) {
    const isMissing = error instanceof UserError && error.code === 'registry-missing';
    if (!isMissing || flags.json || !interactive()) throw error;
    const host = await askOne('Which container registry should it be pushed to?', choices);
    const name = host === undefined ? undefined : await askText(host === '' ? 'HOST/NAME' : `${host}/`);
    if (host === undefined || !name) throw error;
    const registry = host === '' ? name : `${host}/${name}`;
    note(`To have it known next time, set "registry" to "${registry}" in dockwright.json.`);
    return act(withRegistry({ ...flags, registry }));
  }
}

/** Answers for the first push to a repository: `--yes`, or the person in front of the terminal. */
export const confirming =
  (flags: RegistryFlags) =>
  async (repository: string): Promise<boolean> =>
    flags.yes === true || (!flags.json && interactive() && (await askYes(`Push to ${repository} for the first time?`)));
