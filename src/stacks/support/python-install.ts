/** Installing by pip, also from a lockfile that its manager wrote as requirements (https://pip.pypa.io/en/stable/topics/secure-installs/). */
import { quoteShell } from '../../formats/dockerfile/index.ts';
import type { Mount } from '../../model/plan.ts';
import type { RecipeStep } from '../../model/recipe.ts';
import { EXPORT_STAGE, type PythonInstall, type PythonLogins, VIRTUAL_ENVIRONMENT } from '../python.ts';

/** By its path: the one of the virtual environment comes first on the PATH, and has no pip. */
const interpreter = '/usr/local/bin/python';

/** Makes the virtual environment: pip itself stays out of what ships. */
export const createVirtualEnvironment: RecipeStep = {
  do: 'run',
  argv: [interpreter, '-m', 'venv', '--without-pip', VIRTUAL_ENVIRONMENT],
};

/** In memory: the instruction leaves no file of it behind. */
const NETRC = '/dev/shm/netrc';

/** The build secrets of an installation: variables, and a `.netrc` where pip and uv look for one. */
export const loginMounts = ({ variables, netrc, pairs, settings = [] }: PythonLogins): readonly Mount[] => [
  ...settings,
  ...[...variables, ...pairs.flatMap(({ user, password }) => [user, password])].map(
    (name): Mount => ({ type: 'secret', id: name, env: name }),
  ),
  ...(netrc === undefined ? [] : [{ type: 'secret' as const, id: netrc, target: '/root/.netrc' }]),
];

/** Installs files of requirements and single packages into the virtual environment. */
export function installing(
  files: readonly string[],
  added: readonly string[],
  mounts: readonly Mount[] = [],
  logins?: PythonLogins,
): RecipeStep {
  const argv = [
    ...[interpreter, '-m', 'pip', '--python', `${VIRTUAL_ENVIRONMENT}/bin/python`, 'install', '--no-compile'],
    ...files.flatMap((file) => ['-r', file]),
    ...added,
  ];
  const env = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' };
  const all: Mount[] = [
    { type: 'cache', target: '/root/.cache/pip' },
    ...mounts,
    ...(logins ? loginMounts(logins) : []),
  ];
  if (!logins || logins.pairs.length === 0) return { do: 'run', argv, mounts: all, env };
  const set = Object.entries({ ...env, NETRC }).map(([name, value]) => `${name}=${value}`);
  return {
    do: 'shell',
    script: [
      ...logins.pairs.map(
        ({ host, user, password }, at) =>
          `printf 'machine ${host} login %s password %s\\n' "$${user}" "$${password}" ${at === 0 ? '>' : '>>'} ${NETRC}`,
      ),
      `${set.join(' ')} ${quoteShell(argv)}`,
    ],
    mounts: all,
  };
}

/** Installs what a manager wrote. What is added has no hash, and so a step of its own. */
export const installExported = ({ exported = '', added, logins }: PythonInstall): readonly RecipeStep[] => [
  createVirtualEnvironment,
  installing([exported], [], [{ type: 'bind', from: EXPORT_STAGE, source: exported, target: exported }], logins),
  ...(added.length > 0 ? [installing([], added, [], logins)] : []),
];
