/** A half-open range of offsets (UTF-16 units) of a text. */
export type Span = { readonly start: number; readonly end: number };

/** An image or an action that a file names by a version that may move, or by that and the digest or commit it is pinned to. */
export type Reference = {
  readonly kind: 'image' | 'action';
  /** the name with its version, without the pin: `node:24-slim`, `actions/checkout@v4`; undefined: the file does not say the version */
  readonly key: string | undefined;
  /** the digest or commit that it is pinned to */
  readonly pin: string | undefined;
  readonly line: number;
  /** as it is written */
  readonly text: string;
  /** what stands for the version and its pin: it is replaced by another pin */
  readonly span: Span;
  /** what stands in front of the pin and names no version: the version is written there */
  readonly written: string;
  /** the comment that notes the version of what is pinned, or where it is to be; undefined: a comment notes none, or the version stands in the name */
  readonly note?: Span;
  /** variables within its tag: a digest holds whatever they say; absent: none */
  readonly holds?: readonly string[];
  /** the service of a compose file that it is the image of */
  readonly service?: string;
};

/** An image or an action that cannot be pinned where it stands, and why. */
export type Unpinnable = { readonly text: string; readonly line: number; readonly why: string };

/** What a file refers to. */
export type References = {
  readonly references: readonly Reference[];
  readonly left: readonly Unpinnable[];
  /** images that the file has built, as they are written and by their keys, and the services that they are built for */
  readonly built: readonly string[];
};

/** The kinds of files that refer to images and actions. */
export type ReferringKind = 'dockerfile' | 'compose' | 'workflow';
