import { buildingActions } from '../catalog/actions.ts';
import { isWorkflowFile } from '../formats/actions.ts';
import { parseYaml } from '../formats/yaml/parse.ts';
import { UserError } from '../model/errors.ts';
import type { Evidence } from '../model/evidence.ts';
import type { CiFacts } from '../model/facts.ts';
import { isTable } from '../project/data.ts';
import type { Project } from '../project/project.ts';
import { readReferences } from './existing/references.ts';

/** What only GitHub reads. */
const FOLDER = '.github/';

/** So many files are named as evidence, and so many workflows are read. */
const MAX_NAMED = 3;
const MAX_WORKFLOWS = 100;

/** What the repository says of the build server that it uses; undefined: nothing. No step of a workflow is run. */
export async function readCi(project: Project): Promise<CiFacts | undefined> {
  const own = project.files().filter((path) => path.startsWith(FOLDER));
  if (own.length === 0) return undefined;
  const workflows = own.filter(isWorkflowFile).slice(0, MAX_WORKFLOWS);
  const read = workflows.map((path) => readWorkflow(path, project.read(path) ?? ''));
  const { builds } = await readReferences({ ...project, files: () => workflows }, []);
  const places = [...builds.map(({ from }) => from), ...read.flatMap((item) => item.builds)];
  const branches = new Map(read.flatMap((item) => item.branches.map(({ name, from }) => [name, from] as const)));
  const [branch] = branches.size === 1 ? branches : [];
  return {
    hosted: own.slice(0, MAX_NAMED).map((file) => ({ file, why: 'GitHub reads it' })),
    builds: [...new Map(places.map((place) => [`${place.file}:${place.line}`, place])).values()],
    ...(branch ? { branch: { value: branch[0], by: 'detected' as const, from: [branch[1]] } } : {}),
    workflows,
  };
}

type ReadWorkflow = {
  readonly builds: readonly Evidence[];
  readonly branches: readonly { readonly name: string; readonly from: Evidence }[];
};

/** The steps of a workflow that build an image by an action, and the branches that it runs on. A broken file says nothing. */
function readWorkflow(file: string, text: string): ReadWorkflow {
  try {
    const { value, line } = parseYaml(text, file);
    if (!isTable(value)) return { builds: [], branches: [] };
    const builds = stepsOf(value).flatMap(({ uses, path }): Evidence[] =>
      isBuilding(uses) ? [{ file, line: line(path), why: `it uses ${uses}` }] : [],
    );
    return {
      builds,
      branches: branchesOf(value).map((name) => ({
        name,
        from: { file, line: line(['on']), why: 'it runs on pushes to this branch' },
      })),
    };
  } catch (error) {
    if (error instanceof UserError) return { builds: [], branches: [] };
    throw error;
  }
}

const isBuilding = (uses: string): boolean => buildingActions.includes(uses.split('@', 1)[0]?.toLowerCase() ?? '');

type Uses = { readonly uses: string; readonly path: readonly (string | number)[] };

const stepsOf = (workflow: Readonly<Record<string, unknown>>): readonly Uses[] =>
  Object.entries(isTable(workflow['jobs']) ? workflow['jobs'] : {}).flatMap(([job, value]) => {
    const steps = isTable(value) && Array.isArray(value['steps']) ? value['steps'] : [];
    return steps.flatMap((step: unknown, index): Uses[] =>
      isTable(step) && typeof step['uses'] === 'string'
        ? [{ uses: step['uses'], path: ['jobs', job, 'steps', index, 'uses'] }]
        : [],
    );
  });

/** Branches whose pushes start it, by their full names: a pattern stands for several. */
function branchesOf({ on }: Readonly<Record<string, unknown>>): readonly string[] {
  const push = isTable(on) ? on['push'] : undefined;
  const branches = isTable(push) ? push['branches'] : undefined;
  const all: readonly unknown[] = Array.isArray(branches) ? branches : [branches];
  return all.filter((item) => typeof item === 'string').filter((name) => /^[\w][\w./-]*$/.test(name));
}
