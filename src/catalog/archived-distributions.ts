/**
 * Releases of Debian whose packages have left the mirrors that their images name: they are in the archive alone (https://www.debian.org/distrib/archive,
 * https://wiki.debian.org/LTS). Images of old runtimes are built on them, and have no newer ones.
 */
const archived: readonly string[] = ['buster', 'stretch', 'jessie'];

/** Whether the packages of the distribution of an image are in the archive alone. */
export const isArchived = (image: string): boolean =>
  archived.some((name) => image.split(/[:-]/).includes(name)) || /^node:\d+(\.\d+)*-slim$/.test(image);

/** The commands before `apt-get install` in an image: its mirrors, or the archive, whose lists have run out and are not renewed. */
export const updateOf = (image: string): readonly string[] =>
  isArchived(image)
    ? [
        "sed -i -e 's#//[a-z]*\\.debian#//archive.debian#; /-updates/d' /etc/apt/sources.list",
        'apt-get -o Acquire::Check-Valid-Until=false update',
      ]
    : ['apt-get update'];

/** Packages for compiling that old versions of node-gyp need besides: they know Python 2 alone (nodejs/node-gyp, CHANGELOG of 5.0.0). */
export const oldCompiling: readonly string[] = ['python'];
