/** A mapping of the model: JSON data only, so that it can be printed and compared. */
export type ComposeMap = Readonly<Record<string, unknown>>;

/** A service in its long form, as far as others look at it; every other key is kept as it was written. */
export type ComposeService = ComposeMap & {
  readonly build?: ComposeMap;
  readonly volumes?: readonly ComposeMap[];
  readonly ports?: readonly ComposeMap[];
  readonly networks?: ComposeMap | null;
  readonly healthcheck?: ComposeMap;
  readonly environment?: ComposeMap | null;
  readonly deploy?: ComposeMap;
};

/**
 * What the files say together, in the long form that `docker compose --profile '*' config --format json` prints. Four things differ:
 * - `env_file` and `label_file` are kept as lists of files that nobody read: `{ path, required, format }`, and paths;
 * - paths of the host are relative to the project's root, with `/`, normalised: `./data` is `data`, the root itself is `.`, what lies outside
 *   begins with `..`. Absolute paths, and those that begin with `~` (a home folder), stay as they are;
 * - keys that compose does not know are kept, so that whoever lets keys through sees all of them;
 * - a `$` is a `$`. Compose prints it as `$$` and reads it so: `printCompose` writes a model for it.
 */
export type ComposeModel = ComposeMap & {
  readonly services?: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, ComposeMap | null>>;
  readonly networks?: Readonly<Record<string, ComposeMap | null>>;
  readonly secrets?: Readonly<Record<string, ComposeMap | null>>;
  readonly configs?: Readonly<Record<string, ComposeMap | null>>;
};

/** What is read, and with what. */
export type ComposeInput = {
  /** paths of the files, relative to the project's root, in the order in which compose merges them */
  readonly files: readonly string[];
  /** the text of a project file by root-relative path; undefined where there is none, or it lies outside or behind a link that leads out */
  readonly read: (path: string) => string | undefined;
  /** values for interpolation: only these, never a real .env */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * The files are read to learn what they say, not to be started: variables, images, labels, names and users stay as they are written
   * (`${TAG:-1}`). Elsewhere defaults count; a setting whose variable has no value is left out and listed in `unread`, and a path keeps the
   * variable. A model that compose would refuse as a whole, such as a service without an image, is given all the same.
   */
  readonly asWritten?: boolean;
};

/** A line (1-based) of a file of the project. */
export type Place = { readonly file: string; readonly line: number };

/** A key that leads to what is not read: a remote file, a file outside of the project, an env file of an include. */
export type ComposeRefusal = {
  /** the service that has the key; undefined for a key of the whole file */
  readonly service?: string;
  /** the key, such as `include` or `extends` */
  readonly key: string;
  /** one sentence that says why, such as `It is a remote file: https://…` */
  readonly why: string;
  readonly place?: Place;
};

/** The effective model of compose files, with where each part was written. */
export type EffectiveCompose = {
  /** canonical long form */
  readonly model: ComposeModel;
  /** where a part of the model was written, such as `['services', 'web', 'volumes', 0]`; that of the nearest part around it where it has none */
  readonly place: (path: readonly (string | number)[]) => Place | undefined;
  /** what the files need and what is never read: the model lacks it, so that nothing may be started from it */
  readonly refused: readonly ComposeRefusal[];
  /** what is left out without harm, to be said: env files of an include */
  readonly unread: readonly ComposeRefusal[];
  /** every file that was read */
  readonly files: readonly string[];
};
