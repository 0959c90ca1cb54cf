/**
 * Base images of the runtimes, as of a date: what they are called, which user they bring, what they lack, and which versions there are.
 * Data only; a newer fact is a change of this file and of `asOf`.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type BaseImage = {
  /** `VERSION` stands for the version of the runtime */
  readonly image: string;
  readonly distribution: string;
  /** the user that the image brings for running without root */
  readonly uid: number;
  readonly gid: number;
  readonly shell: boolean;
  /** what one might look for in it and not find */
  readonly lacks: readonly string[];
  /** where it was looked up */
  readonly source: string;
};

export type VersionLine = {
  readonly line: string;
  /** the newest release of the line on the day of `asOf` */
  readonly newest: string;
  /** whether it still gets fixes on that day */
  readonly supported: boolean;
};

export type RuntimeImages = {
  /** taken where the project says nothing */
  readonly version: string;
  /** newest first */
  readonly lines: readonly VersionLine[];
  readonly build: BaseImage;
  readonly distroless: BaseImage & {
    /** where the runtime lies in the build image; the distroless one does not have it */
    readonly brings: readonly { readonly source: string; readonly to: string }[];
  };
  readonly slim: BaseImage;
};

const bunSlim: BaseImage = {
  image: 'oven/bun:VERSION-slim',
  distribution: 'debian 13 (12 before 1.3.4)',
  uid: 1000,
  gid: 1000,
  shell: true,
  lacks: ['curl', 'wget', 'adduser'],
  source: 'oven-sh/bun, dockerhub/debian-slim and issue 25420',
};

/** By the name of the runtime. Bun gives fixes to its newest line alone. */
export const runtimeImages: Readonly<Record<'bun', RuntimeImages>> = {
  bun: {
    version: '1.4.5',
    lines: [
      { line: '1.4', newest: '1.4.5', supported: true },
      { line: '1.3', newest: '1.3.14', supported: false },
      { line: '1.2', newest: '1.2.23', supported: false },
      { line: '1.1', newest: '1.1.45', supported: false },
      { line: '1.0', newest: '1.0.36', supported: false },
    ],
    build: bunSlim,
    slim: bunSlim,
    distroless: {
      image: 'gcr.io/distroless/cc-debian13:nonroot',
      distribution: 'debian 13',
      uid: 65532,
      gid: 65532,
      shell: false,
      lacks: ['a shell', 'curl', 'wget', 'a package manager', 'the runtime itself'],
      source: 'GoogleContainerTools/distroless, cc/README',
      brings: [{ source: '/usr/local/bin/bun', to: '/usr/local/bin/bun' }],
    },
  },
};
