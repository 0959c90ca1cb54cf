/** How the application is installed as a package of its own, where something needs that. */
import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import { foldersOf } from '../../model/folders.ts';
import type { Layer, Recipe, RecipeStep } from '../../model/recipe.ts';
import { OWN_PACKAGE, OWN_PACKAGE_STAGE, pythonDetails, VIRTUAL_ENVIRONMENT } from '../../stacks/python.ts';
import { copies, linked } from '../support/steps.ts';

/** The stage that installs the application itself, without its packages. */
export function ownStages(facts: Facts, from: string): Recipe['build'] {
  const { ownPackage } = pythonDetails(facts);
  if (!ownPackage) return [];
  const { own, image } = foldersOf(facts);
  const files = [...ownPackage.files, ...facts.sources].map((path) => posix.join(own, path));
  const python = ['/usr/local/bin/python', '-m', 'pip', '--python', `${VIRTUAL_ENVIRONMENT}/bin/python`];
  const folder: RecipeStep[] = own === '.' ? [] : [{ do: 'workdir', path: image }];
  return [
    {
      name: OWN_PACKAGE_STAGE,
      from: { stage: from },
      note: 'the project itself as a package: its commands and its metadata',
      reason: { choice: OWN_PACKAGE, why: ownPackage.why, by: 'detected', from: ownPackage.from },
      layers: [
        {
          steps: [
            ...copies(files),
            ...folder,
            {
              do: 'run',
              argv: [...python, 'install', '--no-deps', '--no-compile', '--target', OWN_PACKAGE, '.'],
              mounts: [{ type: 'cache', target: '/root/.cache/pip' }],
              env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore', ...ownPackage.env },
            },
          ],
        },
      ],
    },
  ];
}

/** The application as it was installed. */
export const ownLayers = (facts: Facts): Layer[] =>
  pythonDetails(facts).ownPackage
    ? [
        {
          at: 'project',
          reason: { choice: OWN_PACKAGE, why: 'the commands and the metadata of the project' },
          steps: [linked(OWN_PACKAGE_STAGE, OWN_PACKAGE, OWN_PACKAGE)],
        },
      ]
    : [];
