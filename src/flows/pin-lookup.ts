/** What images and actions lead to now: asked of registries and of GitHub, each once. */
import { registryMirrors } from '../engine/docker.ts';
import { commitOf } from '../engine/github.ts';
import { openRegistry, type Registry, type RegistryOptions } from '../engine/registry/client.ts';
import type { Reference } from '../formats/references/index.ts';
import { UserError } from '../model/errors.ts';
import { type RepositoryName, readRepositoryName } from '../model/repository-name.ts';
import { z } from '../model/zod.ts';
import type { FlowOptions } from './options.ts';

/** A reference of a file. */
export type Occurrence = { readonly file: string; readonly reference: Reference };

/** Addresses that are asked before a registry, by its host. */
export type Mirrors = Readonly<Record<string, readonly string[]>>;

export type LookupOptions = Pick<FlowOptions, 'signal'> & { readonly mirrors?: Mirrors | undefined };

/** What a reference leads to now, or why that is not known. */
export type LookupResult = { readonly now: string } | { readonly missing: string };

/** What was asked, by kind and name. */
export type LookupResults = ReadonlyMap<string, LookupResult>;

/** How a reference is looked up in `Known`; undefined: it does not say its version. */
export const knownKey = ({ kind, key }: Pick<Reference, 'kind' | 'key'>): string | undefined =>
  key === undefined ? undefined : `${kind} ${key}`;

type Image = { readonly name: RepositoryName; readonly tag: string };

function imageOf(key: string): Image | undefined {
  const colon = key.lastIndexOf(':');
  const name = readRepositoryName(key.slice(0, colon));
  return name && { name, tag: key.slice(colon + 1) };
}

/** The registry that answers for an image, with the mirrors in front of it. */
export type Registries = (name: RepositoryName) => Registry;

/** Finds out once which mirrors are asked, for all that is looked up. */
export async function registriesOf(
  occurrences: readonly Occurrence[],
  { signal, mirrors }: LookupOptions,
): Promise<Registries> {
  const isHubAsked = occurrences.some(
    ({ reference: { kind, key } }) => kind === 'image' && key && imageOf(key)?.name.host === 'docker.io',
  );
  const first = mirrors ?? (isHubAsked ? { 'docker.io': await registryMirrors(signal) } : {});
  return (name) => {
    const own = openRegistry(name, { action: 'pull', signal });
    const before = Object.hasOwn(first, name.host) ? (first[name.host] ?? []) : [];
    return before.length > 0 ? mirrored(name, own, before, signal) : own;
  };
}

/** Asks the mirrors in front of a registry, which count only with what they have. */
function mirrored(
  name: RepositoryName,
  own: Registry,
  mirrors: readonly string[],
  signal: RegistryOptions['signal'],
): Registry {
  const before = mirrors
    .filter((text) => URL.canParse(text))
    .map((text) => {
      const base = new URL(text);
      return openRegistry({ host: base.host, path: name.path }, { action: 'pull', signal, base, attempts: 1 });
    });
  const first = async <T>(ask: (registry: Registry) => Promise<T | undefined>): Promise<T | undefined> => {
    for (const mirror of before) {
      const found = await ask(mirror).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      });
      if (found !== undefined) return found;
    }
    return ask(own);
  };
  return {
    ...own,
    manifest: (reference) => first((registry) => registry.manifest(reference)),
    digest: (reference) => first((registry) => registry.digest(reference)),
  };
}

/** Asks for everything that is referred to. Throws a UserError where one gives no answer. */
export async function askAll(
  occurrences: readonly Occurrence[],
  registries: Registries,
  signal: AbortSignal | undefined,
): Promise<LookupResults> {
  const known = new Map<string, LookupResult>();
  for (const { reference } of occurrences) {
    const id = knownKey(reference);
    if (id === undefined || known.has(id)) continue;
    known.set(id, await answerFor(reference, registries, signal));
  }
  return known;
}

async function answerFor(
  { kind, key = '' }: Reference,
  registries: Registries,
  signal: AbortSignal | undefined,
): Promise<LookupResult> {
  if (kind === 'action') {
    const at = key.indexOf('@');
    const now = await commitOf(key.slice(0, at), key.slice(at + 1), signal);
    return now === undefined ? { missing: 'GitHub has no tag or branch of this name' } : { now };
  }
  const image = imageOf(key);
  if (!image) return { missing: 'not a valid image name' };
  const now = await registries(image.name).digest(image.tag);
  return now === undefined ? { missing: `${image.name.host} has no image of this name` } : { now };
}

const Index = z.object({ manifests: z.array(z.object({ digest: z.string() })) });

function platformsIn(text: string | undefined): readonly string[] {
  try {
    return Index.safeParse(JSON.parse(text ?? '')).data?.manifests.map(({ digest }) => digest) ?? [];
  } catch {
    return [];
  }
}

/** What is wrong with a pin that is not what its version leads to now. */
export async function judged(
  { kind, key = '', pin = '' }: Reference,
  now: string,
  registries: Registries,
): Promise<string> {
  const move = '`dockwright pin --update` updates it';
  if (kind === 'action')
    return `${pin.slice(0, 12)} no longer matches its version, which now points to ${now.slice(0, 12)}; ${move}`;
  const image = imageOf(key);
  const registry = image && registries(image.name);
  const index = platformsIn((await registry?.manifest(now))?.text);
  if (index.includes(pin))
    return `${pin.slice(0, 19)} is an image for a single platform, but the tag is multi-platform; ${move}`;
  const pinned = await registry?.manifest(pin);
  const isOnePlatform = index.length > 0 && pinned !== undefined && platformsIn(pinned.text).length === 0;
  const what = isOnePlatform ? 'is an image for a single platform, and no longer matches' : 'no longer matches';
  const gone = pinned ? '' : ', and the registry no longer has it';
  return `${pin.slice(0, 19)} ${what} its tag, which now points to ${now.slice(0, 19)}${gone}; ${move}`;
}
