import type { ComposeMap, EffectiveCompose } from '../../formats/compose/model.ts';
import type { IsolationNote } from '../../model/contract.ts';

/** Where a path of a compose file leads once every symbolic link is followed. */
export type ResolvedPath =
  | {
      readonly inside: true;
      /** relative to the project's root, with `/`; `.` is the root */
      readonly path: string;
      readonly kind: 'file' | 'folder' | 'missing';
    }
  | {
      readonly inside: false;
      /** a sentence without its end, such as `/etc is a path of this machine` */
      readonly why: string;
      /** for the case that a person allows it */
      readonly absolute: string;
    };

/** What the isolation asks of the outside. Tests give functions that touch nothing. */
export type Host = {
  readonly lead: (path: string) => ResolvedPath;
  /** files that belong to the repository, root-relative: only these are ever copied */
  readonly tracked: readonly string[];
  /** copies what is tracked at a root-relative path (a file, or all below a folder) and gives the absolute path of the copy */
  readonly copyTracked: (path: string) => string;
  /** writes a throwaway value and gives its absolute path */
  readonly secretFile: (name: string) => string;
  /** copies a key or a certificate of the project and gives the absolute path of the copy; undefined: the file is neither */
  readonly copyKey: (path: string) => string | undefined;
};

/** A folder of the project whose copy fills a volume of the run before anything starts. */
export type VolumeSeed = { readonly volume: string; readonly folder: string };

/** A backing service that is built, with the image that it then runs. Paths are absolute. */
export type BackingBuild = {
  readonly service: string;
  readonly tag: string;
  readonly context: string;
  readonly dockerfile: string | { readonly inline: string };
  /** how messages name the Dockerfile */
  readonly shownAs: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  readonly secretFiles: readonly { readonly id: string; readonly file: string }[];
  /** arguments of buildx for what a person allowed */
  readonly flags: readonly string[];
};

/** What is known while a model is judged, and what was found so far. */
export type IsolationContext = {
  readonly effective: EffectiveCompose;
  readonly host: Host;
  /** names of this run, such as `web.volumes`, that a person allowed */
  readonly allow: readonly string[];
  /** name of the run's compose project */
  readonly project: string;
  readonly notes: IsolationNote[];
  readonly seeds: VolumeSeed[];
  readonly builds: BackingBuild[];
  /** volumes that stand in for folders of the host */
  readonly volumes: string[];
};

/** The key that is judged: of a service, or of the whole file where `service` is undefined. */
export type Scope = {
  readonly in: IsolationContext;
  readonly service?: string;
  /** with dots: `build.ssh`, `volumes`, `configs.settings` */
  readonly key: string;
  /** its path in the model */
  readonly path: readonly (string | number)[];
  /** the map that holds the key */
  readonly owner: ComposeMap;
};

export const isMap = (value: unknown): value is ComposeMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const mapOf = (value: unknown): ComposeMap => (isMap(value) ? value : {});

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** A value as a text, whatever it is: an object may have a `toString` that is no function. */
export const textOf = (value: unknown): string =>
  typeof value === 'object' || value === undefined ? (JSON.stringify(value) ?? '') : String(value);

export const textsOf = (value: unknown): readonly string[] => listOf(value).map(textOf);

/** Whether a text can name a service, volume, network, secret or config: it may become part of a path of ours. */
export const isName = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w.-]+$/.test(value) && !/^\.+$/.test(value);

/** Lists what becomes of a key. The same sentence is listed once. */
export function note(scope: Scope, action: IsolationNote['action'], why: string): void {
  const { notes, effective } = scope.in;
  const same = (other: IsolationNote) =>
    other.service === scope.service && other.key === scope.key && other.action === action && other.why === why;
  if (notes.some(same)) return;
  const place = effective.place(scope.path);
  notes.push({
    ...(scope.service === undefined ? {} : { service: scope.service }),
    key: scope.key,
    action,
    why,
    ...(place ? { place } : {}),
  });
}

/** The name of a key for `--allow`. */
export const nameOf = ({ service, key }: { readonly service?: string | undefined; readonly key: string }): string =>
  service === undefined ? key : `${service}.${key}`;

/** Refuses a key, or lists it as allowed where a person named it; gives back whether it is allowed. */
export function refuse(scope: Scope, why: string): boolean {
  const allowed = scope.in.allow.includes(nameOf(scope));
  note(scope, allowed ? 'allowed' : 'refused', why);
  return allowed;
}

/** A part of a value, for the line that it stands on; the key stays that of the whole. */
export const at = (scope: Scope, part: string | number): Scope => ({ ...scope, path: [...scope.path, part] });

/** A key below a key. */
export const below = (scope: Scope, key: string, owner: ComposeMap): Scope => ({
  ...scope,
  key: `${scope.key}.${key}`,
  path: [...scope.path, key],
  owner,
});
