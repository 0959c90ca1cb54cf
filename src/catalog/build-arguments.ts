import { isLoaderVariable } from './loader-variables.ts';

/** The names under which Dockerfiles ask for what belongs to the moment of a build: the commit, the version that git tells, and the time. */
export const momentNames: Readonly<Record<string, 'commit' | 'version' | 'time'>> = {
  REVISION: 'commit',
  GIT_COMMIT: 'commit',
  VCS_REF: 'commit',
  GIT_DESCRIBE: 'version',
  CREATED: 'time',
  BUILD_DATE: 'time',
};

/** Arguments that BuildKit sets or takes by itself (docs.docker.com/reference/dockerfile, "Predefined ARGs", "Automatic platform ARGs"). */
const ofBuildKit = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'FTP_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'TARGETPLATFORM',
  'TARGETOS',
  'TARGETARCH',
  'TARGETVARIANT',
  'BUILDPLATFORM',
  'BUILDOS',
  'BUILDARCH',
  'BUILDVARIANT',
  'SOURCE_DATE_EPOCH',
];

/** Variables that shells, editors and build servers set for themselves: handed on they would change a build by chance. */
const ofShells = [
  'USER',
  'LOGNAME',
  'USERNAME',
  'HOME',
  'PATH',
  'PWD',
  'SHELL',
  'HOSTNAME',
  'HOST',
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'TERM',
  'TZ',
  'UID',
  'GID',
  'EDITOR',
  'TMPDIR',
  'CI',
  'PORT',
  'NODE_ENV',
  'NODE_VERSION',
  'BUN_VERSION',
  'NPM_VERSION',
  'YARN_VERSION',
  'PNPM_VERSION',
  'PYTHON_VERSION',
  'GO_VERSION',
];

const own: ReadonlySet<string> = new Set([...ofBuildKit, ...ofShells]);

/** Whether a build argument is one that whoever deploys sets, so that a compose file hands it on from the environment by its name. */
export const isPassedToStages = (name: string): boolean =>
  !own.has(name) &&
  !own.has(name.toUpperCase()) &&
  !/^(BUILDKIT|DOCKER|COMPOSE)_/.test(name) &&
  !isLoaderVariable(name);
