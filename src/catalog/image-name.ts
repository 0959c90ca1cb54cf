/** A name of an image, taken apart: `docker.io/library/debian:12` is `debian` with the tag `12`. */
export type ImageName = {
  /** as it is written */
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

/** Takes a name apart. Any text gives a name. */
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

/** A name as a compose file has it, with the defaults of its variables filled in: `postgres:${TAG:-16}` is `postgres` with the tag `16`. */
export function imageInCompose(image: string): ImageName {
  let text = image;
  for (let depth = 0; depth < 5 && text.includes('${'); depth += 1) text = text.replace(/\$\{\w+:?-([^{}]*)\}/g, '$1');
  return imageName(text);
}
