/**
 * Packages of distributions, by the name that Debian has for them. Alpine, Debian and Red Hat name most programs alike; here stand those that
 * differ (https://pkgs.alpinelinux.org, https://packages.debian.org), those that an image of Debian brings, and those that serve building alone.
 */

const other: Readonly<Record<string, string>> = {
  'font-noto': 'fonts-noto-core',
  'font-noto-cjk': 'fonts-noto-cjk',
  'font-noto-emoji': 'fonts-noto-color-emoji',
  fontconfig: 'fontconfig',
  'ttf-dejavu': 'fonts-dejavu',
  'ttf-freefont': 'fonts-freefont-ttf',
  'ttf-liberation': 'fonts-liberation',
  'mysql-client': 'default-mysql-client',
  'postgresql-client': 'postgresql-client',
  postgresql15: 'postgresql-client',
  ImageMagick: 'imagemagick',
  GraphicsMagick: 'graphicsmagick',
  vips: 'libvips42t64',
  cairo: 'libcairo2',
  pango: 'libpango-1.0-0',
  'libjpeg-turbo': 'libjpeg62-turbo',
  giflib: 'libgif7',
  nss: 'libnss3',
};

/** What Debian's own C library does, or its images bring. */
const brought = [
  'libc6-compat',
  'gcompat',
  'libstdc++',
  'libgcc',
  'musl',
  'shadow',
  'coreutils',
  'util-linux',
  'bash',
  'apk-tools',
  'busybox-extras',
];

const building = [
  ...'build-base build-essential g++ gcc make cmake autoconf automake libtool pkg-config pkgconf nasm python python3 python3-pip python-is-python3 py3-pip python3-dev linux-headers'.split(
    ' ',
  ),
];

const inits = ['tini', 'dumb-init', 'su-exec', 'gosu', 's6-overlay'];

/** The name of a package in Debian, or why an image leaves it out. */
export function distributionPackage(name: string): { readonly name: string } | { readonly why: string } {
  if (inits.includes(name))
    return { why: 'the generated image has an init if the app needs one, and runs as one user' };
  if (brought.includes(name)) return { why: 'the generated image already provides its purpose' };
  if (building.includes(name) || /-dev(el)?$/.test(name))
    return { why: 'it is only needed for building, and the generated image is built in separate stages' };
  if (Object.hasOwn(other, name)) return { name: other[name] ?? name };
  return { name };
}
