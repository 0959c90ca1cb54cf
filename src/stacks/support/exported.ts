/** Installing from a lockfile that its manager wrote as requirements (https://pip.pypa.io/en/stable/topics/secure-installs/): pip is all that it takes. */
import type { RecipeStep } from '../../model/recipe.ts';
import { EXPORT_STAGE, type PythonInstall, VIRTUAL_ENVIRONMENT } from '../python.ts';

/** By its path: the one of the virtual environment comes first on the PATH, and has no pip. */
const interpreter = '/usr/local/bin/python';

/** Makes the virtual environment: pip itself stays out of what ships. */
export const makingEnvironment: RecipeStep = {
  do: 'run',
  argv: [interpreter, '-m', 'venv', '--without-pip', VIRTUAL_ENVIRONMENT],
};

/** Installs files of requirements and single packages into the virtual environment. */
export const installing = (
  files: readonly string[],
  added: readonly string[],
  mounts: (RecipeStep & { do: 'run' })['mounts'] = [],
): RecipeStep => ({
  do: 'run',
  argv: [
    ...[interpreter, '-m', 'pip', '--python', `${VIRTUAL_ENVIRONMENT}/bin/python`, 'install', '--no-compile'],
    ...files.flatMap((file) => ['-r', file]),
    ...added,
  ],
  mounts: [{ type: 'cache', target: '/root/.cache/pip' }, ...mounts],
  env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' },
});

/** Installs what a manager wrote. What is added has no hash, and so a step of its own. */
export const installExported = ({ exported = '', added }: PythonInstall): readonly RecipeStep[] => [
  makingEnvironment,
  installing([exported], [], [{ type: 'bind', from: EXPORT_STAGE, source: exported, target: exported }]),
  ...(added.length > 0 ? [installing([], added)] : []),
];
