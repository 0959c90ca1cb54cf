import { type NamePattern, nameMatcher } from './variable-names.ts';

/**
 * Variables whose only use is to log in to a registry of packages, as of a date. Whoever names one of them in a file of settings gets what
 * the name says, so `build` and `verify` hand its value over without asking. A name that opens more is left out, and needs
 * `--build-secret`: GITHUB_TOKEN, GH_TOKEN, GITLAB_TOKEN, CI_JOB_TOKEN and SYSTEM_ACCESSTOKEN log in to registries too, and open repositories;
 * REGISTRY_TOKEN may be the one that pushes images; SENTRY_AUTH_TOKEN and its like belong to other services.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-20';

export type RegistryTokens = {
  /** who reads the variables, or hands the tokens out */
  readonly who: string;
  readonly names: readonly NamePattern[];
  /** where it was looked up */
  readonly source: string;
};

export const registryTokens: readonly RegistryTokens[] = [
  {
    who: 'npm',
    names: ['NPM_TOKEN', 'NPM_*_TOKEN', 'NPM_TOKEN_*', '*_NPM_TOKEN', 'NPM_AUTH', 'NPM_AUTHTOKEN', '*_NPM_AUTH_TOKEN'],
    source: 'https://github.com/npm/documentation (using private packages in a CI/CD workflow)',
  },
  {
    who: 'npm, by its own settings',
    names: ['NPM_CONFIG__AUTH', 'NPM_CONFIG__AUTHTOKEN', 'NPM_CONFIG__PASSWORD'],
    source: 'https://github.com/npm/cli/blob/latest/docs/lib/content/using-npm/config.md',
  },
  {
    who: 'actions/setup-node',
    names: ['NODE_AUTH_TOKEN'],
    source: 'https://github.com/actions/setup-node/blob/main/docs/advanced-usage.md#use-private-packages',
  },
  {
    who: 'Yarn',
    names: ['YARN_NPM_AUTH_TOKEN', 'YARN_NPM_AUTH_IDENT', 'YARN_AUTH_TOKEN', 'YARN_TOKEN'],
    source: 'https://yarnpkg.com/configuration/yarnrc#npmAuthToken',
  },
  { who: 'pnpm', names: ['PNPM_TOKEN', 'PNPM_AUTH_TOKEN'], source: 'https://pnpm.io/npmrc' },
  {
    who: 'Bun',
    names: ['BUN_AUTH_TOKEN', 'BUN_TOKEN', 'BUN_CONFIG_TOKEN'],
    source: 'https://bun.com/docs/runtime/bunfig#install-registry',
  },
  {
    who: 'Corepack',
    names: ['COREPACK_NPM_TOKEN', 'COREPACK_NPM_USERNAME', 'COREPACK_NPM_PASSWORD'],
    source: 'https://github.com/nodejs/corepack#environment-variables',
  },
  {
    who: 'JSR',
    names: ['JSR_TOKEN', 'JSR_AUTH_TOKEN'],
    source: 'https://github.com/jsr-io/jsr/blob/main/frontend/docs/npm-compatibility.md',
  },
  {
    who: 'GitHub Packages, by a token that is named after it',
    names: [
      'GITHUB_PACKAGES_TOKEN',
      'GH_PACKAGES_TOKEN',
      'GITHUB_PACKAGE_REGISTRY_TOKEN',
      'GITHUB_PACKAGES_AUTH_TOKEN',
    ],
    source: 'https://docs.github.com/packages/working-with-a-github-packages-registry/working-with-the-npm-registry',
  },
  {
    who: 'AWS CodeArtifact',
    names: ['CODEARTIFACT_AUTH_TOKEN', 'CODEARTIFACT_TOKEN'],
    source: 'https://docs.aws.amazon.com/codeartifact/latest/ug/npm-auth.html',
  },
  {
    who: 'Azure Artifacts',
    names: ['AZURE_ARTIFACTS_TOKEN', 'AZURE_ARTIFACTS_ENV_ACCESS_TOKEN'],
    source: 'https://github.com/microsoft/artifacts-credprovider#environment-variables',
  },
  {
    who: 'JFrog Artifactory',
    names: [
      'ARTIFACTORY_TOKEN',
      'ARTIFACTORY_*_TOKEN',
      'ARTIFACTORY_AUTH',
      'ARTIFACTORY_API_KEY',
      'ARTIFACTORY_USER',
      'ARTIFACTORY_USERNAME',
      'ARTIFACTORY_PASSWORD',
      'JFROG_TOKEN',
      'JFROG_*_TOKEN',
      'JFROG_API_KEY',
      'JF_ACCESS_TOKEN',
    ],
    source: 'https://docs.jfrog.com/artifactory/docs/npm-repositories',
  },
  {
    who: 'Sonatype Nexus',
    names: ['NEXUS_TOKEN', 'NEXUS_*_TOKEN', 'NEXUS_AUTH', 'NEXUS_USER', 'NEXUS_USERNAME', 'NEXUS_PASSWORD'],
    source: 'https://help.sonatype.com/en/npm-security.html',
  },
  {
    who: 'Cloudsmith',
    names: ['CLOUDSMITH_TOKEN', 'CLOUDSMITH_*_TOKEN', 'CLOUDSMITH_API_KEY'],
    source: 'https://docs.cloudsmith.com/formats/npm-registry',
  },
  { who: 'Gemfury', names: ['GEMFURY_TOKEN', 'GEMFURY_*_TOKEN'], source: 'https://gemfury.com/help/private-npm' },
  {
    who: 'Verdaccio',
    names: ['VERDACCIO_TOKEN', 'VERDACCIO_AUTH_TOKEN'],
    source: 'https://verdaccio.org/docs/cli-registry',
  },
  {
    who: 'Font Awesome',
    names: ['FONTAWESOME_TOKEN', 'FONTAWESOME_*_TOKEN', 'FONT_AWESOME_TOKEN', 'FONT_AWESOME_*_TOKEN'],
    source: 'https://docs.fontawesome.com/web/setup/packages',
  },
  { who: 'Tiptap', names: ['TIPTAP_TOKEN', 'TIPTAP_*_TOKEN'], source: 'https://tiptap.dev/docs/guides/pro-extensions' },
  {
    who: 'uv, by the name of the index',
    names: [
      'UV_INDEX_*_USERNAME',
      'UV_INDEX_*_PASSWORD',
      'UV_INDEX_URL',
      'UV_EXTRA_INDEX_URL',
      'UV_DEFAULT_INDEX',
      'UV_INDEX',
    ],
    source: 'https://docs.astral.sh/uv/concepts/indexes/#providing-credentials-directly',
  },
  {
    who: 'Poetry, by the name of the source',
    names: ['POETRY_HTTP_BASIC_*_USERNAME', 'POETRY_HTTP_BASIC_*_PASSWORD', 'POETRY_PYPI_TOKEN_*'],
    source: 'https://python-poetry.org/docs/repositories/#configuring-credentials',
  },
  {
    who: 'PDM',
    names: ['PDM_PYPI_USERNAME', 'PDM_PYPI_PASSWORD', 'PDM_PYPI_*_USERNAME', 'PDM_PYPI_*_PASSWORD'],
    source: 'https://pdm-project.org/latest/usage/config/',
  },
  {
    who: 'pip and Pipenv, which take the credentials inside the address',
    names: ['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIPENV_PYPI_MIRROR'],
    source: 'https://pip.pypa.io/en/stable/topics/authentication/',
  },
  {
    who: 'PyPI',
    names: ['PYPI_TOKEN', 'PYPI_*_TOKEN', '*_PYPI_TOKEN'],
    source: 'https://packaging.python.org/en/latest/specifications/pypirc/',
  },
  {
    who: 'Go, which takes the credentials inside the address',
    names: ['GOPROXY'],
    source: 'https://go.dev/ref/mod#private-module-proxy-auth',
  },
  {
    who: 'package managers that use a .netrc: Dockwright chose the name, so its value is meant for this',
    names: ['NETRC_CONTENT'],
    source: 'https://everything.curl.dev/usingcurl/netrc.html',
  },
];

/** The variable whose value is a `.netrc`, where a manager logs in by that alone: pip without variables in its address, Go and its git. */
export const NETRC_VARIABLE = 'NETRC_CONTENT';

/** What its value looks like. */
export const netrcHint = (host: string): string => `machine ${host} login USER password TOKEN`;

/** Whether a variable of this name does nothing but log in to a registry of packages. */
export const isRegistryToken: (name: string) => boolean = nameMatcher(registryTokens.flatMap((row) => row.names));

/**
 * Words in the address of an index of packages, between its dots and slashes. `asking`: servers that companies keep, and hosts that nobody outside reaches;
 * `open`: those that give to anybody.
 */
export const indexWords = {
  asking: new Set([
    ...['internal', 'intranet', 'corp', 'lan', 'local', 'private'],
    ...[
      'artifactory',
      'jfrog',
      'nexus',
      'codeartifact',
      'gitlab',
      'cloudsmith',
      'gemfury',
      'fury',
      'devpi',
      '_packaging',
    ],
  ]),
  open: new Set(['pypi', 'pytorch', 'nvidia', 'piwheels', 'github', 'googleapis']),
} as const;
