/** Images that programs in Go are built in and run on, as of a date. Data only; a newer fact is a change of this file and of `asOf`. */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-28';

/** Newest first. The two newest lines get fixes (go.dev/doc/devel/release, "Release Policy"). */
export const goLines: readonly { readonly line: string; readonly supported: boolean }[] = [
  { line: '1.27', supported: true },
  { line: '1.26', supported: true },
  { line: '1.25', supported: false },
];

/** Where programs are built: Debian 13 with a compiler for C, `GOTOOLCHAIN=local` (docker-library/golang). */
export const goBuildImage = (version: string): string => `golang:${version}-trixie`;

/** What a program runs on. GoogleContainerTools/distroless, base/README and cc/README; the user is `nonroot`. */
export const goBases = {
  static: {
    image: 'gcr.io/distroless/static-debian13:nonroot',
    why: 'a static binary only needs certificates, time zones and a user',
  },
  linked: {
    image: 'gcr.io/distroless/base-debian13:nonroot',
    why: 'C code is linked against the C library of the build system',
  },
  cpp: {
    image: 'gcr.io/distroless/cc-debian13:nonroot',
    why: 'C++ code needs the C++ library in addition to the C library',
  },
} as const;

/** The user of these images. */
export const goUser = { uid: 65532, gid: 65532 } as const;
