import type { CheckItem, Drift } from '../model/check.ts';
import type { UserError } from '../model/errors.ts';
import type { Facts } from '../model/facts.ts';
import type { Plan } from '../model/plan.ts';
import type { Proof, Specification } from '../model/requirement.ts';
import { readData } from '../project/data.ts';
import type { Project } from '../project/project.ts';

type Parts = Omit<CheckItem, 'ok' | 'id' | 'title'>;

/** One line of the checklist. What to do next is said only where something is left to do. */
export function item(id: string, title: string, { next, ...parts }: Parts): CheckItem {
  const said = next !== undefined && parts.status !== 'pass' ? { next } : {};
  return { id, title, ok: parts.status !== 'fail', ...parts, ...said };
}

const passes = (good: boolean): CheckItem['status'] => (good ? 'pass' : 'fail');

/** The path in the repository of a file of an app. */
export const pathIn = (root: string, file: string) => (root === '.' ? file : `${root}/${file}`);

/** Whether package.json says what a deployment has to know: a name, and what starts or is published. */
export function manifestItem(project: Project, facts: Facts): CheckItem {
  const file = pathIn(facts.root, 'package.json');
  const data = readData(project, file);
  const title = 'package.json is valid';
  if (!data) {
    const next = `write ${file} with the fields name, version and scripts.start`;
    return item('manifest', title, { status: 'fail', detail: `there is no ${file}`, next, file });
  }
  const missing = [...(data.text(['name'])?.trim() ? [] : ['name']), ...(starts(facts) ? [] : [startField])];
  const named = [data.text(['name']), data.text(['version'])].filter(Boolean).join(' ');
  return missing.length === 0
    ? item('manifest', title, { status: 'pass', detail: named, file })
    : item('manifest', title, {
        status: 'fail',
        detail:
          missing.length === 1 ? `the field ${missing[0]} is missing` : `fields are missing: ${missing.join('; ')}`,
        next: `add ${missing.length === 1 ? 'it' : 'them'} to ${file}`,
        file,
        line: 1,
      });
}

/** Whether something says what runs, or what is built to a site. What a library exports is completed by the edits that are offered. */
const starts = (facts: Facts): boolean =>
  'value' in facts.commands.start ||
  'value' in facts.entry ||
  facts.site !== undefined ||
  ('value' in facts.archetype && facts.archetype.value === 'library');

const startField = 'scripts.start (or main, which names the file that starts)';

const settled: ReadonlySet<string> = new Set(['confirmed', 'denied', 'refined', 'deferred']);

/** How far the specification is confirmed and proved. */
export function specificationItems(specification: Specification | undefined): CheckItem[] {
  if (!specification) return [];
  const { confirmed, counted, file } = specification;
  const open = specification.assertions.filter((one) => !settled.has(one.status));
  const names = open.map((one) => `${one.id} (${one.status})`).join(', ');
  const [first] = open;
  const all = item('confirmed', 'all assertions are confirmed', {
    status: passes(counted > 0 && confirmed === counted),
    detail: `${confirmed} of ${counted}${names ? `; open: ${names}` : ''}`,
    next: counted > 0 ? `confirm or deny the open ones in ${file}` : `write what the software has to do into ${file}`,
    file,
    ...(first ? { line: first.line } : {}),
  });
  return [
    all,
    ...proofItems('dafny', 'Dafny proofs', specification.dafny),
    ...proofItems('tlc', 'TLC models', specification.tlc),
  ];
}

const proofItems = (id: string, title: string, proof: Proof): CheckItem[] =>
  proof.status === 'absent'
    ? []
    : [
        item(id, `${title} are in date`, {
          status: passes(proof.status === 'verified'),
          detail: proof.why,
          next: 'run `dockwright check --record`',
        }),
      ];

/** Whether the generated files are what would be generated now. */
export function artifactsItem(drift: Drift): CheckItem {
  const open = drift.files.filter((file) => file.drifted);
  const conflicts = open.filter((file) => file.state === 'conflict');
  const kept = drift.files.filter((file) => file.state === 'edited').length;
  const all = drift.files.length;
  const next =
    conflicts.length > 0
      ? `run \`dockwright\`: it shows both sides of ${conflicts.map((file) => file.path).join(', ')}, and how to decide`
      : 'run `dockwright` and look at the diff';
  const good =
    all === 0 ? 'there is nothing to generate' : `${all} files${kept > 0 ? `, ${kept} with your edits` : ''}`;
  return item('artifacts', 'the artifacts follow the project and its specification', {
    status: passes(open.length === 0),
    detail: open.length === 0 ? good : byReason(open),
    next,
  });
}

/** Files with the same reason are named together. */
function byReason(files: Drift['files']): string {
  const reasons = new Map<string, string[]>();
  for (const { path, why } of files) reasons.set(why, [...(reasons.get(why) ?? []), path]);
  return [...reasons].map(([why, paths]) => `${paths.join(', ')}: ${why}`).join('; ');
}

/** Whether the edits that were offered are made, those that only the owner can make too. */
export function wiringItem(edits: readonly { readonly path: string }[], plan: Plan): CheckItem {
  const open = [...edits.map((edit) => edit.path), ...plan.manual.map((one) => one.file ?? one.why)];
  return item('wiring', 'the edits that the deployment needs are made', {
    status: passes(open.length === 0),
    detail: open.length === 0 ? 'nothing is left to do' : [...new Set(open)].join(', '),
    next: 'run `dockwright`: it offers the edit, or the lines to paste',
  });
}

/** What is open before anything can be decided. */
export const openItem = (error: UserError): CheckItem =>
  item('plan', 'the deployment can be decided', {
    status: 'fail',
    detail: error.lines.join('; '),
    next: error.next.join('; '),
    ...(error.where ? { file: error.where.file } : {}),
    ...(error.where?.line ? { line: error.where.line } : {}),
  });
