/** Scripts of the manifest that a deployment does without, each with the reason. */
import type { Facts, LeftOut } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { inData } from '../app.ts';

/** What a script is for, by the words of its name and of what it runs: the first row that fits says it. */
const purposes: readonly (readonly [RegExp, string])[] = [
  [
    /(^|[:-])(lint|format|fmt|prettier|eslint|biome|check|typecheck|type-check|types|tsc|audit|knip|spell\w*)([:-]|$)/,
    'checks the sources; not needed in an image',
  ],
  [
    /(^|[:-])(test|tests|e2e|unit|coverage|cov|bench|benchmark|cypress|playwright)([:-]|$)/,
    'for tests; the target `test` runs the tests',
  ],
  [
    /(^|[:-])(dev|develop|watch|debug|local|hot|preview|nodemon|inspect|storybook)([:-]|$)/,
    'for development; the development compose file starts the application in its own way',
  ],
  [
    /(^|[:-])(release|publish|version|deploy|changeset|docker|compose|husky|prepublish\w*|postpublish|semantic-release|pack)([:-]|$)/,
    'for releases or deployments; the generated files and the commands of Dockwright do that here',
  ],
  [
    /(^|[:-])(db|migrat\w*|seed|prisma|drizzle|typeorm|knex|sequelize)([:-]|$)/,
    'changes the database by hand; set the key "migrate" to a command that must run before the application starts',
  ],
  [
    /(^|[:-])(build|compile|bundle|clean|generate|gen|codegen|docs?)([:-]|$)/,
    'a different build than the one that the image runs',
  ],
  [
    /(^|[:-])(start|serve|prod|production|worker|queue|cron|jobs?)([:-]|$)/,
    'a different way to start; the image starts one command',
  ],
];

/** Scripts that no command of the deployment is, comes through or is taken from. */
export function skippedScripts(project: Project, facts: Facts): readonly LeftOut[] {
  const manifest = facts.manifest === undefined ? undefined : readData(project, pathIn(facts.root, facts.manifest));
  if (!manifest) return [];
  const scripts = Object.keys(manifest.texts(['scripts']));
  const used = usedScripts(facts, scripts);
  return scripts
    .filter((script) => !used.has(script))
    .map((script) => {
      const why = purposes.find(([words]) => words.test(script))?.[1] ?? 'not used by the deployment';
      return { what: `script ${script}`, why, from: [inData(manifest, ['scripts', script], `the script ${script}`)] };
    });
}

/** The scripts that decisions name as their evidence, with those that run before and after them. */
function usedScripts(facts: Facts, scripts: readonly string[]): ReadonlySet<string> {
  const { commands, processes = [], migration, generators, leftOut = [] } = facts;
  const evidence = [
    ...Object.values(commands).flatMap((command) => command?.from ?? []),
    ...[...processes, ...generators, ...leftOut].flatMap(({ from }) => from),
    ...(migration?.from ?? []),
    ...facts.signals.from,
  ];
  const named = evidence.flatMap(({ why }) => /^the script (\S+) /.exec(why)?.[1] ?? []);
  const direct = Object.values(commands).flatMap((command) =>
    command && 'value' in command ? (command.value.script ?? []) : [],
  );
  const own = detailsOf(facts).ownScripts.map(({ name }) => name);
  const used = new Set([...named, ...direct, ...own]);
  return new Set(scripts.filter((script) => used.has(script) || used.has(script.replace(/^(pre|post)(?=\w)/, ''))));
}
