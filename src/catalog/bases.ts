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
  /** the newest release of the line on the day of `asOf`, where it was looked up */
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
    readonly copiedFromBuild: readonly { readonly source: string; readonly to: string }[];
    /** where the runtime lies in the image, where it is its entrypoint */
    readonly program?: string;
  };
  readonly slim: BaseImage;
  /** for programs that have the runtime inside */
  readonly compiled?: BaseImage;
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

const nodeSlim: BaseImage = {
  image: 'node:VERSION-DISTRIBUTION-slim',
  distribution: 'debian 13, for releases that were built on it; else 12',
  uid: 1000,
  gid: 1000,
  shell: true,
  lacks: ['curl', 'wget', 'git', 'python3', 'a compiler'],
  source: 'nodejs/docker-node, README and versions.json; docker-library/official-images',
};

/** Node.js for package managers in an image of another runtime: the newest long-term line that needs no library besides (later ones link libatomic). */
export const nodeForManagers = 'node:24-trixie-slim';

/** What runs in that image, and in which version. */
export const managersRuntime = { runtime: 'node', runtimeVersion: '24' } as const;

/** By the name of the runtime. Bun gives fixes to its newest line alone. */
export const runtimeImages: Readonly<Record<'bun' | 'node', RuntimeImages>> = {
  node: {
    version: '26',
    // nodejs/Release, schedule.json; the newest releases are those of the stand-ins' day
    lines: [
      { line: '26', newest: '26.13.0', supported: true },
      { line: '25', newest: '25.9.0', supported: false },
      { line: '24', newest: '24.21.0', supported: true },
      { line: '23', newest: '23.11.1', supported: false },
      { line: '22', newest: '22.23.3', supported: true },
      { line: '21', newest: '21.7.3', supported: false },
      { line: '20', newest: '20.20.2', supported: false },
      { line: '19', newest: '19.9.0', supported: false },
      { line: '18', newest: '18.20.8', supported: false },
      { line: '16', newest: '16.20.2', supported: false },
      { line: '14', newest: '14.21.3', supported: false },
    ],
    build: nodeSlim,
    slim: nodeSlim,
    distroless: {
      image: 'gcr.io/distroless/nodejsVERSION-debian13:nonroot',
      distribution: 'debian 13',
      uid: 65532,
      gid: 65532,
      shell: false,
      lacks: ['a shell', 'curl', 'wget', 'a package manager', 'npm'],
      source: 'GoogleContainerTools/distroless, nodejs/README',
      copiedFromBuild: [],
      program: '/nodejs/bin/node',
    },
  },
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
      copiedFromBuild: [{ source: '/usr/local/bin/bun', to: '/usr/local/bin/bun' }],
    },
    compiled: {
      image: 'gcr.io/distroless/base-debian13:nonroot',
      distribution: 'debian 13',
      uid: 65532,
      gid: 65532,
      shell: false,
      lacks: ['a shell', 'curl', 'wget', 'a package manager'],
      source: 'GoogleContainerTools/distroless, base/README: glibc, CA certificates, time zones',
    },
  },
};
