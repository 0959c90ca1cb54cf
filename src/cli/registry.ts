import { rememberedRegistry, rememberRegistry, UserError } from '../index.ts';
import type { Flags } from './options.ts';
import { askOne, askText, askYes } from './prompts.ts';
import { interactive, note } from './terminal.ts';

/** The flags of the commands that push. */
export type RegistryFlags = Flags & {
  readonly registry?: string;
  readonly latest?: boolean;
  readonly unverified?: boolean;
  readonly sign?: boolean;
  readonly attest?: boolean;
  readonly builder?: string;
  readonly emulate?: boolean;
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
    const registry = await askRegistry(flags.cwd);
    if (registry === undefined) throw error;
    const result = await act(withRegistry({ ...flags, registry }));
    // a name that nothing can be pushed to is not kept
    await rememberRegistry(flags.cwd, registry);
    return result;
  }
}

/** The registry that the person in front of the terminal names; undefined: none. The answer of the last time stands first. */
async function askRegistry(cwd: string): Promise<string | undefined> {
  const last = await rememberedRegistry(cwd);
  const before = last === undefined ? [] : [{ value: last, label: last, hint: 'as last time' }];
  const host = await askOne<string>('Which container registry should the image be pushed to?', [...before, ...choices]);
  if (host === undefined || host === last) return host;
  const name = await askText(host === '' ? 'HOST/NAME' : `${host}/`);
  if (!name) return undefined;
  const registry = host === '' ? name : `${host}/${name}`;
  note(`To share this choice, add "registry": "${registry}" to dockwright.json.`);
  return registry;
}

/** Answers for the first push to a repository: `--yes`, or the person in front of the terminal. */
const confirming =
  (flags: RegistryFlags) =>
  async (repository: string): Promise<boolean> =>
    flags.yes === true || (!flags.json && interactive() && (await askYes(`Push to ${repository} for the first time?`)));

/** What the flags say of how an image is pushed. */
export const pushing = (flags: RegistryFlags) => ({
  ...(flags.latest ? { latest: true } : {}),
  ...(flags.unverified ? { unverified: true } : {}),
  ...(flags.sign ? { sign: true } : {}),
  ...(flags.attest === false ? { attest: false } : {}),
  ...(flags.builder ? { builder: flags.builder } : {}),
  ...(flags.emulate ? { emulate: true } : {}),
  confirm: confirming(flags),
});
