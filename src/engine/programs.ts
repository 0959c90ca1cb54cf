import { devNull } from 'node:os';
import { delimiter, isAbsolute, resolve } from 'node:path';
import { hostLoaders } from '../catalog/loader-variables.ts';
import { UserError } from '../model/errors.ts';
import { searchPath } from './path.ts';

/**
 * Every outside program that Dockwright starts, and what each is given. `exec.ts` starts nothing else, `docs/security.md` shows this table,
 * and test/unit/house/programs.test.ts holds both to it.
 */
export type ProgramRule = {
  readonly purpose: string;
  readonly arguments: string;
  /** variables of the shell that it may see: names, or beginnings of names that end with `*` */
  readonly passed: readonly string[];
  /** variables that we set ourselves */
  readonly set: Readonly<Record<string, string>>;
  /** what else is in its environment, and why */
  readonly also?: string;
  readonly folder: string;
  /** milliseconds: no call may ask for more */
  readonly longestMs: number;
  readonly limit: string;
  /** what of the repository it may read */
  readonly reads: string;
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The longest limit of what a person gives a time with `--timeout SECONDS`. Milliseconds: a timer holds no more than 2^31. */
const BY_PERSON = 2_000_000 * SECOND;

/** What every program needs to run at all. PATH has no folder of a project in it. */
const machine = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TMPDIR',
  // Windows
  'USERPROFILE',
  'SystemRoot',
  'SystemDrive',
  'TEMP',
  'TMP',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
];

const proxies = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'FTP_PROXY', 'NO_PROXY'].flatMap((name) => [
  name,
  name.toLowerCase(),
]);

/** Of a program that downloads a database and keeps it. */
const downloading = [...machine, ...proxies, 'XDG_CACHE_HOME', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];

const ownFolder = 'a private, empty temporary folder';

const docker = {
  passed: [
    ...machine,
    ...proxies,
    'XDG_CONFIG_HOME',
    'XDG_RUNTIME_DIR',
    // engines over SSH
    'SSH_AUTH_SOCK',
    'SSH_AGENT_PID',
    'DOCKER_*',
    'BUILDX_*',
  ],
  set: {
    // buildx asks git about the folder that it builds, and git obeys the configuration of that folder
    BUILDX_GIT_INFO: 'false',
    BUILDX_GIT_LABELS: 'false',
    BUILDX_GIT_CHECK_DIRTY: 'false',
    // and whatever starts git all the same finds no repository and no way to fetch one
    GIT_DIR: devNull,
    GIT_ALLOW_PROTOCOL: 'none',
    COMPOSE_DISABLE_ENV_FILE: '1',
    COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
    COMPOSE_EXPERIMENTAL_OCI_REMOTE: 'false',
    COMPOSE_MENU: 'false',
  },
  folder: ownFolder,
};

export const programs = {
  docker: {
    ...docker,
    purpose: 'queries the engine, starts and inspects containers, loads and saves images, removes what a run created',
    arguments: 'one subcommand, with names and labels set by Dockwright',
    longestMs: BY_PERSON,
    limit:
      '20 seconds to 2 minutes; 1 hour to load or save images; 10 minutes for tests of a project, or the value of `--timeout`',
    reads: 'nothing',
  },
  'docker buildx': {
    ...docker,
    purpose: 'builds images, and checks Dockerfiles',
    arguments: '`build` with absolute paths of a Dockerfile and a context; secret values are never in arguments',
    also: 'values of build secrets, under names set by Dockwright; with `type=gha` the address and token of the GitHub cache',
    longestMs: BY_PERSON,
    limit:
      '6 hours; 10 minutes for a check; 10 minutes for the step that runs the tests of a project, or the value of `--timeout`',
    reads:
      'the Dockerfile, the ignore file and the build context, which it sends to the engine; the engine runs them in containers',
  },
  'docker compose': {
    ...docker,
    purpose: 'starts the isolated form of a deployment',
    arguments: 'a project name, a project folder, an env file and compose files, all absolute and explicit',
    longestMs: HOUR,
    limit: '2 minutes; 1 hour to pull images or run a job',
    reads: 'only the compose model written by the isolation',
  },
  'docker scout': {
    ...docker,
    purpose: 'scans an image for known vulnerabilities, if `scan` uses Docker Scout',
    arguments: '`version`, or `cves` with an archive of the image in a temporary folder',
    longestMs: HOUR,
    limit: '1 minute for its version; 30 minutes for a scan',
    reads: 'nothing; it sends the list of packages of the image to Docker',
  },
  'docker-credential': {
    purpose: 'provides the registry login, if the Docker configuration names a credential helper',
    arguments: '`get`; the program is called `docker-credential-NAME`, and the host is on its standard input',
    passed: [...docker.passed, 'DBUS_SESSION_BUS_ADDRESS', 'GNUPGHOME'],
    set: {},
    folder: ownFolder,
    longestMs: MINUTE,
    limit: '30 seconds',
    reads: 'nothing',
  },
  git: {
    purpose: 'reads the commit, its time, its tags and its list of files',
    arguments: '`cat-file`, `describe` or `ls-tree`, with the repository by its path',
    passed: machine,
    set: {},
    also: 'settings that disable configuration, lazy fetching and all protocols',
    folder: ownFolder,
    longestMs: MINUTE,
    limit: '20 seconds',
    reads: 'objects and references of `.git`; never its hooks, filters or other programs',
  },
  trivy: {
    purpose: 'scans an image for known vulnerabilities and secrets, with `scan`',
    arguments: '`version`, or `image` with an archive of the image in a temporary folder',
    passed: [
      ...downloading,
      'TRIVY_CACHE_DIR',
      'TRIVY_DB_REPOSITORY',
      'TRIVY_JAVA_DB_REPOSITORY',
      'TRIVY_SKIP_DB_UPDATE',
      'TRIVY_SKIP_JAVA_DB_UPDATE',
      'TRIVY_OFFLINE_SCAN',
    ],
    set: { TRIVY_SKIP_VERSION_CHECK: 'true', TRIVY_DISABLE_TELEMETRY: 'true' },
    folder: ownFolder,
    longestMs: HOUR,
    limit: '1 minute for its version; 30 minutes for a scan, with the download of its database',
    reads: 'nothing; its own settings, and the files that a repository keeps for it, are not read',
  },
  grype: {
    purpose: 'scans an image for known vulnerabilities, with `scan`',
    arguments: '`version`, `db status`, or an archive of the image in a temporary folder',
    passed: [...downloading, 'GRYPE_DB_CACHE_DIR', 'GRYPE_DB_UPDATE_URL', 'GRYPE_DB_CA_CERT', 'GRYPE_DB_AUTO_UPDATE'],
    // its age is judged and said by us
    set: { GRYPE_DB_VALIDATE_AGE: 'false', GRYPE_CHECK_FOR_APP_UPDATE: 'false', NO_COLOR: '1' },
    folder: ownFolder,
    longestMs: HOUR,
    limit: '1 minute for a question; 30 minutes for a scan, with the download of its database',
    reads: 'nothing; the files that a repository keeps for it are not read',
  },
  snyk: {
    purpose: 'scans an image for known vulnerabilities, if `scan` uses Snyk',
    arguments: '`--version`, or `container test` with an archive of the image in a temporary folder',
    passed: [...machine, ...proxies, 'XDG_CONFIG_HOME'],
    set: { SNYK_DISABLE_ANALYTICS: '1' },
    folder: ownFolder,
    longestMs: HOUR,
    limit: '1 minute for its version; 30 minutes for a scan',
    reads: 'nothing; it sends the list of packages of the image to Snyk, as the user logged in with `snyk auth`',
  },
  cosign: {
    purpose: 'signs the pushed image with `--sign`, and checks whether it already has that signature',
    arguments: '`version`, `sign` or `verify` with the image by its digest, and the key in "sign.key"',
    passed: [
      ...machine,
      ...proxies,
      'XDG_CONFIG_HOME',
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
      'DOCKER_CONFIG',
      'COSIGN_*',
      'SIGSTORE_*',
      'TUF_*',
    ],
    set: {},
    also: 'keyless in GitHub Actions: the address and token of the identity of the run',
    folder: ownFolder,
    longestMs: HOUR,
    limit: '1 minute for a query; 10 minutes for a signature, which may need a login',
    reads: 'the key in "sign.key", and the public key beside it',
  },
  dafny: {
    purpose: 'proves the Dafny files of a specification, with `check --record`',
    arguments: '`verify FILE`, or `/compile:0 FILE` for versions before 4',
    passed: [...machine, 'DOTNET_ROOT'],
    set: {},
    folder: 'a private temporary folder with copies',
    longestMs: BY_PERSON,
    limit: '1 minute for its version; 10 minutes for a file, or the value of `--timeout`',
    reads:
      'copies of the `.dfy` files below `specs/dafny`, and no other file: an `include` of anything else is refused',
  },
  java: {
    purpose: 'runs TLC on the models of a specification, with `check --record`',
    arguments:
      '`-cp` with tla2tools.jar alone, without the overrides of the community modules, `tlc2.TLC`, a module and its configuration',
    passed: [...machine, 'JAVA_HOME'],
    set: {},
    folder: 'a private temporary folder with copies',
    longestMs: BY_PERSON,
    limit: '30 seconds for its version; 10 minutes for a model, or the value of `--timeout`',
    reads: 'copies of the `.tla` and `.cfg` files below `specs/tla`, and no class beside them',
  },
  tlc: {
    purpose: 'the same, if `tlc` is installed and tla2tools.jar is not found',
    arguments: 'a module and its configuration',
    passed: [...machine, 'JAVA_HOME'],
    set: {},
    folder: 'a private temporary folder with copies',
    longestMs: BY_PERSON,
    limit: 'as for `java`',
    reads: 'as for `java`; a model that names a module which can start programs or write files is refused',
  },
} as const satisfies Readonly<Record<string, ProgramRule>>;

/** A row of the table. */
export type RowName = keyof typeof programs;

/** A program that can be started: the plugins of docker are started through it. */
export type ProgramName = Exclude<RowName, `docker ${string}`>;

/**
 * The one program that is not in the table: what a project names as its tests, on this machine, where a person says `--on-host`. It is given
 * what it would have if that person typed it.
 */
export const onHostRule: Omit<ProgramRule, 'passed' | 'set'> & { readonly environment: string } = {
  purpose: 'runs the tests of the project on this machine, only with `check --tests --on-host`',
  arguments: 'those that the project names',
  environment: 'the whole environment of the shell, and `CI=true`',
  folder: 'the folder of the application',
  longestMs: BY_PERSON,
  limit: '10 minutes, or the value of `--timeout`',
  reads: 'everything that you can read',
};

const isProgram = (name: string | undefined): name is ProgramName =>
  name !== undefined && Object.hasOwn(programs, name) && !name.includes(' ');

/** The row of the table for a command line. Throws where there is none: that is a bug of ours. */
export function ruleOf([program, subcommand]: readonly string[]): ProgramRule {
  if (!isProgram(program)) throw new Error(`${program} is not in the table of programs (engine/programs.ts)`);
  const plugin = `${program} ${subcommand}`;
  return Object.hasOwn(programs, plugin) ? programs[plugin as RowName] : programs[program];
}

/** Whether a variable of this name changes which code a program loads. */
export const isLoader = (name: string): boolean => hostLoaders.test(name);

/** Refuses an environment that holds a loader variable. */
export function checkEnvironment(env: Readonly<Record<string, string>>): void {
  const found = Object.keys(env).filter(isLoader);
  if (found.length === 0) return;
  throw new UserError({
    code: 'variable-refused',
    message: `${found.join(' and ')} ${found.length === 1 ? 'decides' : 'decide'} which code a program loads, so no program is given such a variable.`,
    next: ['Use a dedicated variable in the project.'],
    exit: 4,
  });
}

/** Variables whose value is a folder of the person's, which a relative value would look for below our own working folder. */
const folders =
  /^(HOME|DOCKER_CONFIG|DOCKER_CERT_PATH|BUILDX_CONFIG|XDG_.*|JAVA_HOME|DOTNET_ROOT|TMPDIR|SSL_CERT_FILE|SSL_CERT_DIR|TRIVY_CACHE_DIR|GRYPE_DB_CACHE_DIR|GRYPE_DB_CA_CERT)$/;

/** The environment of a program of the table: what its row passes on of `from`, what the row sets, and `extra`. Nothing else. */
export function environmentOf(
  row: RowName,
  extra: Readonly<Record<string, string>> = {},
  from: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const { passed, set }: ProgramRule = programs[row];
  const isPassed = (name: string) =>
    passed.some((value) => (value.endsWith('*') ? name.startsWith(value.slice(0, -1)) : name === value)) &&
    !isLoader(name);
  const kept = Object.entries(from).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (name.toUpperCase() === 'PATH') return [[name, searchPath(from).join(delimiter)]];
    if (!isPassed(name)) return [];
    return [[name, folders.test(name) && value !== '' && !isAbsolute(value) ? resolve(value) : value]];
  });
  return { ...Object.fromEntries(kept), ...set, ...extra };
}
