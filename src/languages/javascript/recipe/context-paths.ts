import { posix } from 'node:path';
import type { Folders } from '../../../model/folders.ts';
import type { Layer, RecipeStep } from '../../../model/recipe.ts';
import type { Workspace } from '../../../stacks/javascript.ts';
import { copies, linked } from '../../support/steps.ts';
import type { RecipeContext } from './context.ts';

type PlacedContext = Pick<RecipeContext, 'folders' | 'workspace'>;

/** A path of the application as a path of the build context. */
export const inContext = ({ folders }: Pick<RecipeContext, 'folders'>, path: string): string =>
  posix.join(folders.own, path);

/** COPY of files and folders of the application into its folder, in a stage whose working folder that is. */
export function ownCopies(context: Pick<RecipeContext, 'folders'>, paths: readonly string[]): RecipeStep[] {
  if (context.folders.own === '.') return copies(paths);
  return copies(paths).map((step) =>
    step.do === 'copy' && step.from === undefined
      ? {
          ...step,
          sources: step.sources.map((path) => inContext(context, path)),
          to: targetOf(context.folders, step.to),
        }
      : step,
  );
}

/** What lies above the application is named from the top of the image. */
const targetOf = (folders: Folders, to: string): string =>
  to.startsWith('./../') ? `${posix.join(folders.image, to).replace(/\/$/, '')}/` : to;

/** The folder of the application, from which its own commands run; none where that is the working folder already. */
export const intoOwn = ({ folders }: Pick<RecipeContext, 'folders'>): RecipeStep[] =>
  folders.own === '.' ? [] : [{ do: 'workdir', path: folders.image }];

/** The siblings that are there when the application runs. */
export const runningSiblings = (workspace: Workspace | undefined) =>
  (workspace?.siblings ?? []).filter((sibling) => sibling.runs);

/** The scripts of a sibling, in the root of the workspace. */
function scriptSteps({ stacks, workspace }: RecipeContext, folder: string): RecipeStep[] {
  const sibling = workspace?.siblings.find((sibling) => sibling.folder === folder);
  const { manager } = stacks;
  if (!sibling || !manager) return [];
  return (sibling.scripts ?? []).map((script) => ({ do: 'run', argv: [...manager.memberScript(sibling, script)] }));
}

/** The sources of the siblings and what else building reads, each sibling built before those that need it. */
export function siblingLayers(context: RecipeContext): readonly Layer[] {
  const { workspace } = context;
  if (!workspace) return [];
  const installed = new Set(context.facts.installs.map((path) => inContext(context, path)));
  const outside = workspace.outside.filter((path) => !installed.has(path));
  return [
    ...(outside.length > 0
      ? [
          {
            at: 'outside',
            reason: {
              choice: outside.join(', '),
              why: 'files in the repository root that the build reads',
              from: outside.map((path) => ({
                file: posix.join(context.folders.context, path),
                why: 'the build reads it',
              })),
            },
            steps: copies(outside),
          },
        ]
      : []),
    ...workspace.siblings.map(({ folder, name, scripts }) => ({
      at: `siblings.${folder.replaceAll('.', '-')}`,
      reason: {
        choice: scripts ? `${name} is copied and built` : `${name} is copied`,
        why: 'the application needs it: an edit there rebuilds the steps after it',
        from: [{ file: posix.join(context.folders.context, folder, 'package.json'), why: `it is ${name}` }],
      },
      steps: [...copies([folder]), ...scriptSteps(context, folder)],
    })),
  ];
}

/** What production takes of the siblings: their folders, as the build leaves them where they are built. */
export const siblingContents = ({ workspace, folders }: PlacedContext): RecipeStep[] =>
  runningSiblings(workspace).map(({ folder, scripts }) => {
    const to = posix.join(folders.top, folder);
    return scripts ? linked('built-siblings', to, to) : { do: 'copy', sources: [folder], to };
  });

/** Folders of packages in an image: where the manager puts them, beside the application, and beside its siblings. */
export const packageFolders = ({ workspace, folders }: PlacedContext): string[] => [
  ...new Set(
    [
      folders.top,
      folders.image,
      ...(workspace?.siblings ?? []).map(({ folder }) => posix.join(folders.top, folder)),
    ].map((folder) => posix.join(folder, 'node_modules')),
  ),
];
