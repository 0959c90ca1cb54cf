import { posix } from 'node:path';
import { runtimeOfImage } from '../../catalog/runtime-images.ts';
import type { Config } from '../../model/config.ts';
import type {
  ExistingCompose,
  ExistingDeployment,
  ExistingDockerfile,
  ExistingService,
  ExistingStage,
} from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';

/** A stage of an author's Dockerfile, in the file that it stands in. */
export type Built = { readonly dockerfile: ExistingDockerfile; readonly stage: ExistingStage };

/** The application in the author's files: what it runs, and the service that starts it, where a compose file has one. */
export type KeptApp = {
  readonly name: string;
  readonly service: ExistingService | undefined;
  /** absent: it runs an image that is not built here */
  readonly built: Built | undefined;
  /** it runs once and ends, such as migrations: nothing starts it again, and nothing watches its sources */
  readonly isOnce: boolean;
};

/** What stays of an author's deployment, by what it is for. */
export type KeptSet = {
  readonly docker: ExistingDeployment;
  readonly dockerfile: Built | undefined;
  /** the compose files that every form begins with */
  readonly base: ExistingCompose | undefined;
  readonly override: ExistingCompose | undefined;
  readonly development: ExistingCompose | undefined;
  readonly production: ExistingCompose | undefined;
  /** empty: the base has no service of the application */
  readonly apps: readonly KeptApp[];
};

/** The author's deployment of an application, where there is one and nobody wants it replaced. `replaced` are single files that do not count. */
export function keptSet(
  { docker: all, root }: Pick<Facts, 'docker' | 'root'>,
  config: Config,
  replaced: readonly string[] = [],
): KeptSet | undefined {
  if (!all || config.existing === 'replace') return undefined;
  const docker = without(all, [...replaced, ...(all.replaced ?? [])]);
  const file = docker.dockerfiles.find(
    ({ builds, production }) => builds === 'application' && production !== undefined,
  );
  const find = (use: ExistingCompose['use']) => docker.compose.find((set) => set.use === use);
  const production = find('production');
  // a file for production that stands alone is what there is to begin with
  const bases = docker.compose.filter(({ use }) => use === 'base');
  const base = bases.find(startsIt) ?? bases[0] ?? (production?.files.length === 1 ? production : undefined);
  const apps = (base?.services ?? [])
    .filter(({ runs }) => runs === 'application')
    .map((service) => ({
      name: service.name,
      service,
      built: builtBy(docker, service),
      isOnce: runsOnce(service, base?.services ?? []),
    }));
  const shipped = file && stageAt(file, file.production);
  // a container that is added runs what the image starts: one that starts nothing stays for those of its author that say what to start
  const dockerfile = shipped && apps.length === 0 && base && startsNothing(shipped, root) ? undefined : shipped;
  if (!dockerfile && !base) return undefined;
  return {
    docker,
    dockerfile,
    base,
    override: find('override'),
    development: find('development'),
    production,
    apps,
  };
}

/** Whether an image starts no application, but the shell of its runtime; one beside the application is the place where another would be written. */
const startsNothing = ({ dockerfile, stage }: Built, root: string): boolean =>
  (stage.command ?? stage.entrypoint) === undefined &&
  runtimeOfImage(stage.base) !== undefined &&
  posix.dirname(dockerfile.path) !== root;

/** Whether a compose file starts the application. */
const startsIt = ({ services }: ExistingCompose): boolean => services.some(({ runs }) => runs === 'application');

/** Whether a service runs once and ends: others wait for its end, or its name or command says so. */
export const runsOnce = ({ name, command }: ExistingService, all: readonly ExistingService[]): boolean =>
  all.some(({ completed = [] }) => completed.includes(name)) ||
  /migrat|seed|init|setup|bootstrap|backup/i.test(`${name} ${command?.argv.join(' ') ?? ''}`);

const without = (docker: ExistingDeployment, files: readonly string[]): ExistingDeployment => ({
  ...docker,
  dockerfiles: docker.dockerfiles.filter(({ path }) => !files.includes(path)),
  compose: docker.compose.filter((set) => !set.files.some((file) => files.includes(file))),
  dockerignores: docker.dockerignores.filter((path) => !files.includes(path)),
});

const stageAt = (dockerfile: ExistingDockerfile, index: number | undefined): Built | undefined => {
  const stage = dockerfile.stages.find((one) => one.index === index);
  return stage && { dockerfile, stage };
};

/** What a service builds: the stage that it names, else the last one, as the engine does it. */
function builtBy({ dockerfiles }: ExistingDeployment, { build }: ExistingService): Built | undefined {
  const dockerfile = build && dockerfiles.find(({ path }) => path === build.dockerfile);
  if (!dockerfile) return undefined;
  const { target } = build;
  const named = dockerfile.stages.find(
    ({ name, index }) => target !== undefined && (name === target.toLowerCase() || String(index) === target),
  );
  return stageAt(dockerfile, (named ?? dockerfile.stages.at(-1))?.index);
}

/** How `target:` names a stage; undefined where it is the last one and has no name. */
export function targetOf({ dockerfile, stage }: Built): string | undefined {
  if (stage.name !== undefined) return stage.name;
  return stage.index === dockerfile.stages.at(-1)?.index ? undefined : String(stage.index);
}

/** The files of the set, sorted. */
export function filesOf({ docker, dockerfile, base, override, development, production, apps }: KeptSet): string[] {
  const sets = [base, override, development, production].flatMap((set) => set?.files ?? []);
  const built = [dockerfile, ...apps.map((app) => app.built)].flatMap((one) => one?.dockerfile.path ?? []);
  const own = docker.dockerfiles.filter(({ builds }) => builds === 'application').map(({ path }) => path);
  return [...new Set([...sets, ...built, ...own, ...docker.dockerignores])].sort();
}
