import { posix } from 'node:path';
import { imageInCompose } from '../../catalog/image-name.ts';
import type { ExistingDockerfile, ExistingService } from '../../model/existing.ts';
import { services as backing } from '../../services/registry.gen.ts';
import type { Application } from './builds.ts';
import type { ReadCompose } from './compose.ts';
import { isInFolder } from './names.ts';
import type { ReadService } from './services.ts';
import { builtFor, saidBy } from './shared.ts';

type Runs = Pick<ExistingService, 'runs' | 'service'>;

/** What is known of images and of the repository. */
type KnownStages = {
  readonly isRuntime: (image: string) => boolean;
  /** whether a word of a command is the program of a runtime */
  readonly isProgram: (word: string) => boolean;
  /** whether the repository has a file */
  readonly has: (path: string) => boolean;
};

/**
 * What each service of a set is, by its name: the application (built from a Dockerfile of it, from an image that is built from one, that starts a
 * file of it or is published under its name, or from that of a runtime with the project mounted), a service that it needs, or something else.
 */
export function runsOf(
  set: ReadCompose,
  sets: readonly ReadCompose[],
  dockerfiles: readonly ExistingDockerfile[],
  application: Application,
  known: KnownStages,
): (name: string) => Runs {
  const { root, others, imageNames = [] } = application;
  const { isRuntime } = known;
  const own = new Map(dockerfiles.filter(({ builds }) => builds === 'application').map((file) => [file.path, file]));
  // of services that share a Dockerfile, each may say which application it starts
  const isForAnother = (service: ReadService, file: ExistingDockerfile) =>
    builtFor(saidBy(service), service.build?.target, file, { root, others })?.includes(root) === false;
  const builds = (service: ReadService) => {
    const file = own.get(service.build?.dockerfile ?? '');
    return file !== undefined && !isForAnother(service, file);
  };
  const built = sets.flatMap(({ services }) => services.filter(builds));
  const started = sets.flatMap(({ services }) => services.filter((service) => startsFile(application, known, service)));
  const images = new Set(
    [...built, ...started].flatMap(({ image }) => (image ? [imageInCompose(image.value).repository] : [])),
  );
  const names = new Set(built.map(({ name }) => name));
  const isApplication = (service: ReadService): boolean => {
    if (builds(service)) return true;
    if (service.build?.dockerfile !== undefined) return false;
    const image = service.image?.value;
    if (service.build) return isMounted(service) || isInFolder(root, service.build.context);
    if (image === undefined) return names.has(service.name);
    if (images.has(imageInCompose(image).repository)) return true;
    if (isRuntime(image)) return isMounted(service);
    if (knownService(image) === undefined && isPublished(image, imageNames, own.size > 0)) return true;
    return names.has(service.name) && knownService(image) === undefined;
  };
  const isMounted = ({ mounts }: ReadService): boolean =>
    mounts.some(({ type, source }) => type === 'bind' && source !== undefined && isOwn(source));
  // the folder of the application, or one above that holds no other
  const isOwn = (source: string): boolean =>
    isInFolder(root, source) &&
    (source === root || !others.some((other) => other !== root && isInFolder(other, source)));
  const applications = set.services.filter(isApplication);
  const needed = new Set(applications.flatMap(({ after }) => after));
  const values = applications.flatMap(({ env }) => Object.values(env).map(({ value }) => value ?? ''));
  const isAsked = (name: string) =>
    needed.has(name) ||
    values.some((value) => value.includes(`//${name}`) || value.includes(`@${name}`) || value.split(':')[0] === name);
  return (name) => {
    const service = set.services.find((one) => one.name === name);
    if (!service) return { runs: 'other' };
    if (applications.includes(service)) return { runs: 'application' };
    const backing = knownService(baseOf(service, dockerfiles));
    if (backing !== undefined) return { runs: 'backing', service: backing };
    const isOfOthers = dockerfiles.some(
      (file) => file.path === service.build?.dockerfile && (file.builds === 'other' || isForAnother(service, file)),
    );
    return { runs: isAsked(name) && (service.image !== undefined || isOfOthers) ? 'backing' : 'other' };
  };
}

/** Whether the image of a service is pulled, and starts a file of the application. */
function startsFile(
  { root }: Application,
  { isRuntime, isProgram, has }: KnownStages,
  { build, image, command, entrypoint }: ReadService,
): boolean {
  if (build || image === undefined || isRuntime(image.value) || knownService(image.value) !== undefined) return false;
  const words = [...(entrypoint?.argv ?? []), ...(command?.argv ?? [])].flatMap((word) => word.split(/\s+/));
  const program = words.findIndex(isProgram);
  return program !== -1 && words.slice(program + 1).some((word) => has(posix.join(root, word)));
}

/** Whether an image is published under a name of the application. One without an owner may be anybody's, unless the repository itself builds images. */
function isPublished(image: string, names: readonly string[], builds: boolean): boolean {
  const path = imageInCompose(image).repository.toLowerCase();
  if (!path.includes('/') && !builds) return false;
  return names.some((name) => path === name || path.endsWith(`/${name}`));
}

/** The image that a service runs in the end: its own, or the one that its Dockerfile begins with. */
function baseOf(service: ReadService, dockerfiles: readonly ExistingDockerfile[]): string {
  const file = dockerfiles.find(({ path }) => path === service.build?.dockerfile);
  return service.build ? (file?.stages.at(-1)?.base ?? '') : (service.image?.value ?? '');
}

/** The name of a file of services/ that an image is one of, whatever registry it comes from. */
function knownService(image: string): string | undefined {
  const { repository } = imageInCompose(image);
  const isSame = (known: string) =>
    repository === known ||
    (known.includes('/') && repository.endsWith(`/${known}`)) ||
    repository.endsWith(`/library/${known}`);
  return backing.find(({ images = [], foreignImages = [] }) => [...images, ...foreignImages].some(isSame))?.name;
}
