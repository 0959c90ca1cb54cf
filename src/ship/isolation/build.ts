import { posix } from 'node:path';
import type { ComposeMap } from '../../formats/compose/model.ts';
import {
  at,
  type BackingBuild,
  below,
  isMap,
  isName,
  listOf,
  mapOf,
  note,
  refuse,
  type Scope,
  textOf,
  textsOf,
} from './context.ts';
import { hostPath } from './mounts.ts';
import { applyTable, drop, judged, omit, refused, type Table } from './walk.ts';

const noCache = 'verify only uses the build cache of the engine';
const windows = 'it only applies to Windows containers';

const isRemote = (text: string): boolean => /^([a-z][a-z\d+.-]*:\/\/|git@|github\.com\/)/i.test(text);

/** The absolute path of a folder or file of the project that a build reads: always of a copy. */
function inside(path: string, scope: Scope): string | undefined {
  const { host } = scope.in;
  if (isRemote(path)) {
    return refuse(scope, `${path} is fetched from a remote location`) ? path : undefined;
  }
  const lead = host.lead(path);
  if (lead.inside) return host.copyTracked(lead.path);
  return refuse(scope, hostPath(lead.absolute, lead.why)) ? lead.absolute : undefined;
}

function dockerfile(value: unknown, scope: Scope): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value;
  const context = textOf(scope.owner['context'] ?? '.');
  // compose reads it from the context, wherever that lies
  const path = isRemote(context) || posix.isAbsolute(text) ? text : posix.join(context, text);
  const lead = scope.in.host.lead(path);
  if (!lead.inside) return refuse(scope, hostPath(lead.absolute, lead.why)) ? lead.absolute : undefined;
  const folder = scope.in.host.lead(context);
  if (folder.inside && (folder.path === '.' || lead.path.startsWith(`${folder.path}/`))) {
    return posix.join(scope.in.host.copyTracked(folder.path), posix.relative(folder.path, lead.path));
  }
  return scope.in.host.copyTracked(lead.path);
}

function buildArgs(value: unknown, scope: Scope): ComposeMap {
  const unset: string[] = [];
  const kept = Object.entries(mapOf(value)).flatMap(([name, item]): [string, string][] => {
    if (item === null || item === undefined) unset.push(name);
    return typeof item === 'object' || item === undefined ? [] : [[name, textOf(item)]];
  });
  if (unset.length > 0) note(scope, 'dropped', `${unset.join(', ')} gets no value from this shell`);
  return Object.fromEntries(kept);
}

/** Flags of buildx for further contexts: an image, or a folder of the project. */
function contexts(value: unknown, scope: Scope): readonly string[] {
  return Object.entries(mapOf(value)).flatMap(([name, item]) => {
    const text = textOf(item);
    const here = at(scope, name);
    if (!isName(name) || typeof item !== 'string') {
      note(here, 'dropped', 'an additional context has a name or form that builds do not accept');
      return [];
    }
    if (/^docker-image:\/\//.test(text)) return ['--build-context', `${name}=${text}`];
    if (/^service:/.test(text)) {
      note(here, 'dropped', `the image of another service (${text}) is not passed to the build`);
      return [];
    }
    const path = inside(text, here);
    return path === undefined ? [] : ['--build-context', `${name}=${path}`];
  });
}

/** A build secret gets a throwaway value, under the name that the Dockerfile knows it by. */
function secrets(value: unknown, scope: Scope): BackingBuild['secretFiles'] {
  return listOf(value).flatMap((entry) => {
    const source = textOf(isMap(entry) ? entry['source'] : entry);
    const id = textOf((isMap(entry) ? entry['target'] : undefined) || source);
    if (!isName(id) || !isName(source)) return [];
    note(scope, 'replaced', `the build secret ${source} has a throwaway value`);
    return [{ id, file: scope.in.host.secretFile(source) }];
  });
}

const network = (value: unknown, scope: Scope): readonly string[] | undefined => {
  if (value === 'default') return undefined;
  if (value === 'none') return ['--network', 'none'];
  if (!refuse(scope, `the build runs in the network ${textOf(value)}`)) return undefined;
  return ['--network', textOf(value), ...(value === 'host' ? ['--allow', 'network.host'] : [])];
};

const flags =
  (flag: string, why: string) =>
  (value: unknown, scope: Scope): readonly string[] | undefined => {
    const texts = isMap(value) ? Object.entries(value).map(([id, path]) => `${id}=${textOf(path)}`) : textsOf(value);
    if (texts.length === 0) return undefined;
    return refuse(scope, why) ? texts.flatMap((text) => [flag, text]) : undefined;
  };

/** Every key of a `build:` section of the Compose Specification. What goes in becomes arguments of buildx. */
export const buildTable: Table = {
  context: judged((value, scope) => (typeof value === 'string' ? inside(value, scope) : undefined)),
  dockerfile: judged(dockerfile),
  dockerfile_inline: judged(textOf),
  target: judged(textOf),
  args: judged(buildArgs),
  secrets: judged(secrets),
  additional_contexts: judged(contexts),
  network: judged(network),
  ssh: judged(flags('--ssh', 'the build reaches the SSH agent or a key of this machine')),
  entitlements: judged(flags('--allow', 'the build gets more permissions than a normal build')),
  privileged: refused('the build gets more permissions than a normal build'),
  isolation: refused(windows, (value) => value === 'default'),
  cache_from: drop(noCache),
  cache_to: drop(noCache),
  extra_hosts: drop('host names are not mapped to other addresses'),
  shm_size: drop('the builder has its own limits'),
  ulimits: drop('the builder has its own limits'),
  tags: drop('the image gets a name for this run'),
  // nothing that a run depends on
  labels: omit,
  no_cache: omit,
  no_cache_filter: omit,
  platforms: omit,
  provenance: omit,
  pull: omit,
  sbom: omit,
};

const shownAs = (section: ComposeMap): string =>
  posix.join(textOf(section['context'] ?? '.'), textOf(section['dockerfile'] ?? 'Dockerfile'));

/** How a backing service is built, by its allow-list; the model itself never has a `build:`. Undefined: something of it is refused. */
export function backingBuild(section: ComposeMap, scope: Scope): BackingBuild | undefined {
  const made = applyTable(section, buildTable, (key) => below(scope, key, section));
  const { context, dockerfile: file, dockerfile_inline: inline, target } = made;
  const refusedHere = scope.in.notes.some((item) => item.service === scope.service && item.action === 'refused');
  if (refusedHere) return undefined;
  const folder = typeof context === 'string' ? context : scope.in.host.copyTracked('.');
  const byDefault = posix.join(folder, 'Dockerfile');
  return {
    service: scope.service ?? '',
    tag: `${scope.in.project}-built-${scope.in.builds.length + 1}:local`,
    context: folder,
    dockerfile: typeof inline === 'string' ? { inline } : typeof file === 'string' ? file : byDefault,
    shownAs: typeof inline === 'string' ? `dockerfile_inline of ${scope.service ?? ''}` : shownAs(section),
    ...(typeof target === 'string' && target !== '' ? { target } : {}),
    args: mapOf(made['args']) as Readonly<Record<string, string>>,
    secretFiles: (made['secrets'] ?? []) as BackingBuild['secretFiles'],
    flags: ['additional_contexts', 'network', 'ssh', 'entitlements'].flatMap((key) => textsOf(made[key])),
  };
}
