/** A name of an image, taken apart: `docker.io/library/debian:12` is `debian` with the tag `12`. */
export type ImageName = {
  /** as it is written, with its arguments filled in */
  readonly text: string;
  /** without tag and digest; names of Docker Hub without its host */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** a variable in it has no value, so that it is not known */
  readonly isOpen: boolean;
};

/** Hosts that serve the images of Docker Hub under the same names. */
const MIRRORS = [
  'docker.io/library/',
  'docker.io/',
  'index.docker.io/library/',
  'index.docker.io/',
  'registry-1.docker.io/library/',
  'library/',
  'public.ecr.aws/docker/library/',
  'mirror.gcr.io/library/',
  'mirror.gcr.io/',
];

export function imageName(text: string): ImageName {
  const [name = '', digest] = text.split('@', 2);
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const full = hasTag ? name.slice(0, colon) : name;
  const mirror = MIRRORS.find((prefix) => full.startsWith(prefix)) ?? '';
  return {
    text,
    repository: full.slice(mirror.length),
    ...(hasTag ? { tag: name.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
    isOpen: text.includes('$'),
  };
}

/** The version that a tag begins with, as numbers: `18.2-alpine` is [18, 2]. Empty: the tag names none, such as `latest` or `alpine`. */
export function versionOf({ tag }: ImageName): readonly number[] {
  const found = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})(?![\w.])/.exec(tag ?? '');
  return found?.[1]?.split('.').map(Number) ?? [];
}

/** Whether nothing says which version it is: no tag or `latest`, and no digest. */
export const isFloating = ({ tag, digest, isOpen }: ImageName): boolean =>
  !isOpen && digest === undefined && (tag === undefined || tag === '' || tag === 'latest');
