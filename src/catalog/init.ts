/**
 * The init that an image brings when its app handles no signals: Debian's tini, the statically linked one, so that it also runs in
 * images without a C library (https://packages.debian.org/trixie/tini).
 */
export const initProgram = {
  title: 'tini',
  install: ['apt-get update', 'apt-get install -y --no-install-recommends tini', 'rm -rf /var/lib/apt/lists/*'],
  /** where it is taken from for an image whose distribution is not served any more */
  image: 'debian:13-slim',
  path: '/usr/bin/tini-static',
  to: '/usr/local/bin/tini',
} as const;
