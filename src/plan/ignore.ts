import { posix } from 'node:path';
import { credentialFiles } from '../catalog/credential-files.ts';
import { nameMatcher } from '../catalog/variable-names.ts';
import type { Facts } from '../model/facts.ts';
import { foldersOf } from '../model/folders.ts';
import { knownValue } from '../model/known.ts';
import type { Image, Workload } from '../model/plan.ts';
import type { Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';

/**
 * What the build context leaves out, in groups with their reasons. Docker's patterns match from the root of the context, so that
 * what may stand at any depth begins with `**`. What the build needs is put back by the artifact, which can match patterns. `image` is its key in the
 * plan.
 */
export function planIgnore(
  facts: Facts,
  hasSpecification: boolean,
  writable: Workload['writable'],
  recipe: Pick<Recipe, 'ignore' | 'readsDocuments' | 'only'>,
  decide: Decide,
  image = 'app',
): Image['context']['leavesOut'] {
  const { own } = foldersOf(facts);
  // what ships is in the image, wherever it is written to
  const ships = new Set([...facts.reads.map(({ value }) => value), ...facts.sources]);
  const written = writtenFolders(facts, writable, ships);
  const data = facts.services.flatMap(({ existing }) => existing?.folder?.source ?? []);
  const inEach = placesOf(recipe.only?.folders ?? [own]);
  const rules: [id: string, note: string, patterns: string[]][] = [
    ...onlyRule(recipe.only),
    [
      'unneeded',
      'not needed to build or run; everything else is sent to the build',
      [...new Set(['.git', ...inEach(recipe.ignore)]), '**/*.log', '**/.DS_Store'],
    ],
    [
      'secrets',
      'secrets and local settings',
      [
        ...['**/.env', '**/.env.*', '!**/.env.example', '**/*.pem', '**/*.key', ...ofPrograms(facts, ships)],
        ...keptFiles(facts),
        ...modeFiles(facts),
      ],
    ],
    ['documents', 'documentation, editors and CI', [...inEach(documentsOf(recipe)), ...(recipe.only ? [] : ofEditors)]],
    ...(hasSpecification
      ? ([['specification', 'the specification and proofs', ['specs']]] as [string, string, string[]][])
      : []),
    ...(written.length > 0
      ? ([['written', 'files that the running app writes', written]] as [string, string, string[]][])
      : []),
    ...(data.length > 0 ? ([['data', 'database files', data]] as [string, string, string[]][]) : []),
    [
      'deployment',
      'the deployment itself',
      ['.dockwright', 'dockwright.json', ...inEach(recipe.only ? ofDeployment.own : ofDeployment.all)],
    ],
  ];
  return rules.map(([id, note, patterns]) => ({
    patterns,
    note,
    decision: decide(`images.${image}.context.${id}`, {
      choice: patterns.join(', '),
      why: reasons[id] ?? note,
      from:
        id === 'specification'
          ? [{ file: 'specs/assertions.json', why: 'not read by the build' }]
          : facts.lockfile && id === 'unneeded'
            ? facts.lockfile.from
            : [],
    }),
  }));
}

/** Folders of the application that it writes to while it runs, relative to the repository; not those that ship. */
function writtenFolders(facts: Facts, writable: Workload['writable'], ships: ReadonlySet<string>): string[] {
  const { own, image: place } = foldersOf(facts);
  return writable.flatMap(({ path }) => {
    const folder = path.startsWith(`${place}/`) ? path.slice(place.length + 1) : undefined;
    return folder === undefined || ships.has(folder) ? [] : [posix.join(own, folder)];
  });
}

/** Documents are of no use in a build, but for those that it makes pages of. */
const documentsOf = ({ readsDocuments: read }: Pick<Recipe, 'readsDocuments'>): string[] => {
  const isRead = read?.some((folder) => ['.', 'docs'].includes(folder) || folder.startsWith('docs/'));
  return [read ? 'README.md' : '*.md', ...(isRead ? [] : ['docs'])];
};

/** Files of the deployment: those of a folder, and those that the root of a repository has besides. */
const ofDeployment = {
  own: ['Dockerfile*', '.dockerignore'],
  all: ['Dockerfile*', 'docker-compose*', 'compose*.y*ml', '.dockerignore'],
};

const ofEditors = ['.vscode', '.idea', '.github', '.gitlab-ci.yml'];

/** What is meant from the folder of an application is meant in each of those that it is built from. */
const placesOf =
  (places: readonly string[]) =>
  (patterns: readonly string[]): string[] => [
    ...new Set(
      patterns.flatMap((pattern) =>
        pattern.startsWith('**/') ? [pattern] : places.map((place) => posix.join(place, pattern)),
      ),
    ),
  ];

/** Of a repository with several applications: all is left out but what this one is built from. */
const onlyRule = (only: Recipe['only']): [string, string, string[]][] =>
  only
    ? [
        [
          'only',
          'everything except the application and the packages that it needs',
          ['*', ...[...only.folders, ...only.files].map((path) => `!${path}`)],
        ],
      ]
    : [];

/** What programs keep their credentials in: a file that the application itself names is its own. */
function ofPrograms({ commands }: Facts, ships: ReadonlySet<string>): string[] {
  const started = Object.values(commands).flatMap((command) => knownValue(command)?.argv ?? []);
  const named = [...ships, ...started].flatMap((path) => path.split(/[/=\s]/)).filter((part) => part !== '');
  return credentialFiles.filter((pattern) => !named.some(nameMatcher([pattern.slice('**/'.length)])));
}

/** Files of variables that the build reads: they hold no secret. */
const modeFiles = (facts: Facts): string[] =>
  (facts.modeFiles ?? []).map(({ value }) => `!${posix.join(foldersOf(facts).own, value)}`);

/** The secrets that the app reads from files: their folder, and those beside the code that no pattern covers yet. */
const keptFiles = (facts: Facts): string[] => [
  ...(facts.secretFiles || facts.variables.some((variable) => variable.fileOf) ? ['secrets'] : []),
  ...(facts.localFiles ?? []).flatMap(({ value }) =>
    /\.(pem|key)$/.test(value) ? [] : [posix.join(foldersOf(facts).own, value)],
  ),
  ...(facts.credentialFiles ?? []).flatMap(({ file }) => {
    const path = posix.relative(foldersOf(facts).context, file);
    return path.startsWith('..') ? [] : [path];
  }),
];

const reasons: Readonly<Record<string, string>> = {
  only: 'an edit to an unused part of the repository must not trigger a rebuild, and none of it may end up in the image',
  unneeded: 'created inside the build, or not needed there; a small context builds faster and keeps the cache',
  secrets: 'must never end up in a layer, not even by accident',
  written: 'local data does not belong in an image',
  data: 'local data does not belong in an image, and database files may not be readable',
  specification: 'neither the build nor the running application reads it',
  documents: 'an edit to them must not trigger a rebuild',
  deployment: 'an edit to the deployment must not invalidate the layers of the app',
};
