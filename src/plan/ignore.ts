import type { Facts } from '../model/facts.ts';
import type { Image, Workload } from '../model/plan.ts';
import { APPLICATION_FOLDER, type Recipe } from '../model/recipe.ts';
import type { Decide } from './decide.ts';

/**
 * What the build context leaves out, in groups with their reasons. Docker's patterns match from the root of the context, so that
 * what may stand at any depth begins with `**`. What the build needs is put back by the artifact, which can match patterns.
 */
export function planIgnore(
  facts: Facts,
  hasSpecification: boolean,
  writable: Workload['writable'],
  recipe: Pick<Recipe, 'ignore' | 'readsDocuments'>,
  decide: Decide,
): Image['context']['leavesOut'] {
  const written = writable.flatMap(({ path }) =>
    path.startsWith(`${APPLICATION_FOLDER}/`) ? [path.slice(APPLICATION_FOLDER.length + 1)] : [],
  );
  const rules: [id: string, note: string, patterns: string[]][] = [
    [
      'unneeded',
      'not needed to build or run; `docker build` sends the rest',
      [...new Set(['.git', ...recipe.ignore]), '**/*.log', '**/.DS_Store'],
    ],
    [
      'secrets',
      'secrets and local settings',
      ['**/.env', '**/.env.*', '!**/.env.example', '**/*.pem', '**/*.key', ...keptFiles(facts)],
    ],
    [
      'documents',
      'documentation, editors and CI',
      [recipe.readsDocuments ? 'README.md' : '*.md', 'docs', '.vscode', '.idea', '.github', '.gitlab-ci.yml'],
    ],
    ...(hasSpecification
      ? ([['specification', 'the specification and its proofs', ['specs']]] as [string, string, string[]][])
      : []),
    ...(written.length > 0
      ? ([['written', 'what the running app writes', written]] as [string, string, string[]][])
      : []),
    [
      'deployment',
      'the deployment itself',
      ['.dockwright', 'dockwright.json', 'Dockerfile*', 'docker-compose*', 'compose*.y*ml', '.dockerignore'],
    ],
  ];
  return rules.map(([id, note, patterns]) => ({
    patterns,
    note,
    decision: decide(`images.app.context.${id}`, {
      choice: patterns.join(', '),
      why: reasons[id] ?? note,
      from:
        id === 'specification'
          ? [{ file: 'specs/assertions.json', why: 'the specification is read before the build, not by it' }]
          : facts.lockfile && id === 'unneeded'
            ? facts.lockfile.from
            : [],
    }),
  }));
}

/** The folder of the secrets that the app reads from files. */
const keptFiles = (facts: Facts): string[] => (facts.variables.some((one) => one.fileOf) ? ['secrets'] : []);

const reasons: Readonly<Record<string, string>> = {
  unneeded: 'made anew inside the build, or of no use there; a small context builds faster and keeps the cache',
  secrets: 'they must reach no layer, also by accident',
  written: 'data of this machine belongs in no image',
  documents: 'an edit there must not build anything anew',
  deployment: 'an edit of the deployment itself must not invalidate the layers of the app',
};
