/**
 * What people meet in images that they build on: which user they run as, which small programs they lack, and which of them are there to build with.
 * Data only; an image that is not here is not judged.
 */
import type { ImageName } from './image-name.ts';

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type ImageContents = {
  /** its name, or what it begins with where that ends with `/` or `*` */
  readonly image: string;
  /** words of a tag for which it holds; absent: those that no other row names */
  readonly tag?: RegExp;
  /** whether a container of it runs as root where nothing says otherwise; `drops`: it begins as root and gives that up by itself */
  readonly root: boolean | 'drops';
  /** programs that one may look for and not find */
  readonly lacks?: readonly string[];
  /** what of it is there to build with alone */
  readonly builds?: string;
  /** the port that its server listens on where no settings say another */
  readonly listens?: number;
};

const DEBIAN_SLIM = ['curl', 'wget', 'nc', 'netcat', 'git', 'ps'];
const ALPINE = ['curl', 'bash', 'git'];
const DISTROLESS = ['sh', 'bash', 'curl', 'wget', 'nc', 'cat', 'grep'];
const COMPILERS = 'compilers, git and Python';

/** The first row that fits counts. */
const imageContents: readonly ImageContents[] = [
  // docker-library and nodejs/docker-node: the full images are made from buildpack-deps
  { image: 'node', tag: /alpine/, root: true, lacks: ALPINE },
  { image: 'node', tag: /slim/, root: true, lacks: DEBIAN_SLIM },
  { image: 'node', root: true, builds: COMPILERS },
  { image: 'python', tag: /alpine/, root: true, lacks: ALPINE },
  { image: 'python', tag: /slim/, root: true, lacks: DEBIAN_SLIM },
  { image: 'python', root: true, builds: 'compilers and Git' },
  { image: 'ruby', tag: /alpine/, root: true, lacks: ALPINE },
  { image: 'ruby', tag: /slim/, root: true, lacks: DEBIAN_SLIM },
  { image: 'ruby', root: true, builds: 'compilers and Git' },
  { image: 'golang', tag: /alpine/, root: true, lacks: ALPINE, builds: 'the Go toolchain' },
  { image: 'golang', root: true, builds: 'the Go toolchain' },
  { image: 'rust', root: true, builds: 'the Rust toolchain' },
  { image: 'maven', root: true, builds: 'Maven and a JDK' },
  { image: 'gradle', root: true, builds: 'Gradle and a JDK' },
  { image: 'gcc', root: true, builds: 'compilers' },
  { image: 'buildpack-deps', root: true, builds: 'compilers' },
  { image: 'eclipse-temurin', tag: /jdk/, root: true, builds: 'a whole JDK' },
  { image: 'eclipse-temurin', root: true },
  { image: 'openjdk', tag: /jdk/, root: true, builds: 'a whole JDK' },
  { image: 'openjdk', root: true },
  { image: 'php', root: true },
  { image: 'mcr.microsoft.com/dotnet/sdk', root: true, builds: 'the SDK of .NET' },
  // oven-sh/bun, dockerhub
  { image: 'oven/bun', tag: /alpine/, root: true, lacks: ALPINE },
  { image: 'oven/bun', tag: /distroless/, root: true, lacks: DISTROLESS },
  { image: 'oven/bun', root: true, lacks: ['curl', 'wget', 'nc', 'git'] },
  { image: 'debian', tag: /slim/, root: true, lacks: DEBIAN_SLIM },
  { image: 'debian', root: true, lacks: ['curl', 'wget', 'nc', 'git'] },
  { image: 'ubuntu', root: true, lacks: ['curl', 'wget', 'nc', 'git'] },
  { image: 'alpine', root: true, lacks: ALPINE },
  { image: 'fedora', root: true },
  { image: 'centos', root: true },
  { image: 'rockylinux', root: true },
  { image: 'busybox', root: true, lacks: ['curl', 'bash'] },
  { image: 'scratch', root: true, lacks: DISTROLESS },
  // GoogleContainerTools/distroless: the tags `nonroot` and `debug-nonroot`
  { image: 'gcr.io/distroless/', tag: /debug-nonroot/, root: false },
  { image: 'gcr.io/distroless/', tag: /nonroot/, root: false, lacks: DISTROLESS },
  { image: 'gcr.io/distroless/', tag: /debug/, root: true },
  { image: 'gcr.io/distroless/', root: true, lacks: DISTROLESS },
  { image: 'nginxinc/nginx-unprivileged', root: false, listens: 8080 },
  { image: 'nginx', root: 'drops', listens: 80 },
  { image: 'httpd', root: 'drops', listens: 80 },
  { image: 'caddy', root: true, listens: 80 },
];

/** What the catalogue knows of what is in an image; undefined: nothing. Of a tag that is a variable only what every tag has in common. */
export function contentsOf({ repository, tag = '' }: ImageName): ImageContents | undefined {
  const found = imageContents.find(
    ({ image, tag: words }) =>
      (image.endsWith('/') ? repository.startsWith(image) : repository === image) &&
      (words === undefined || words.test(tag)),
  );
  return found && tag.includes('$') && found.tag === undefined ? { image: found.image, root: found.root } : found;
}
