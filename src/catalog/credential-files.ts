/**
 * Settings of package managers, by the names of their files: most hold addresses and switches, and a login only where somebody wrote one in. By the
 * documents of npm and pnpm, Yarn, Bun, pip, twine, uv, Poetry, PDM and conda.
 */
export const managerSettings: ReadonlySet<string> = new Set([
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  'bunfig.toml',
  'pip.conf',
  'pip.ini',
  '.pypirc',
  'uv.toml',
  'auth.toml',
  'poetry.toml',
  'pdm.toml',
  '.pdm.toml',
  '.condarc',
]);

/** Manifests and lockfiles, which name packages by their addresses. */
const manifests: ReadonlySet<string> = new Set([
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'pyproject.toml',
  'uv.lock',
  'poetry.lock',
  'pdm.lock',
  'Pipfile',
  'Pipfile.lock',
  'setup.py',
  'setup.cfg',
  'environment.yml',
  'go.mod',
  'go.env',
  '.gitmodules',
]);

/** Whether a file names packages and where they come from. */
export function isManifestOrLockfile(path: string): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  const isRequirements = /requirements|constraints/.test(name) || parts.at(-2) === 'requirements';
  return manifests.has(name) || (isRequirements && /\.(txt|in)$/.test(name));
}

/**
 * Files that hold credentials and no part of an application: patterns of a build context, for any folder of it. Each is `**` and the name of a file or
 * folder with at most one `*`. By the programs that keep them: logins of curl and git, libpq, httpd, direnv and dotenv (`prod.env`), ssh, command lines
 * of clouds and Kubernetes, keystores (RFC 7292), and the state of Terraform, which holds every value in clear.
 */
export const credentialFiles: readonly string[] = [
  '**/*.env',
  '**/.envrc',
  '**/.netrc',
  '**/.git-credentials',
  '**/.pgpass',
  '**/.htpasswd',
  '**/.ssh',
  '**/id_rsa',
  '**/id_ed25519',
  '**/.aws',
  '**/.kube',
  '**/service-account*.json',
  '**/*.p12',
  '**/*.pfx',
  '**/*.tfstate',
];
