import type { CheckItem, Drift } from '../model/check.ts';
import { item } from '../model/check-item.ts';
import { valuesPath } from '../model/compose-arguments.ts';
import type { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Proof, Specification } from '../model/requirement.ts';
import { unfitValues } from '../plan/settings.ts';
import type { TargetFolder } from '../write/folder.ts';
import { valuesOf } from './env-files.ts';

const passes = (good: boolean): CheckItem['status'] => (good ? 'pass' : 'fail');

const settled: ReadonlySet<string> = new Set(['confirmed', 'denied', 'refined', 'deferred']);

/** How far the specification is confirmed and proved. */
export function specificationItems(specification: Specification | undefined): CheckItem[] {
  if (!specification) return [];
  const { confirmed, counted, file } = specification;
  const open = specification.assertions.filter((assertion) => !settled.has(assertion.status));
  const names = open.map((entry) => `${entry.id} (${entry.status})`).join(', ');
  const [first] = open;
  const all = item('confirmed', 'All assertions are confirmed', {
    status: passes(counted > 0 && confirmed === counted),
    detail: `${confirmed} of ${counted}${names ? `; open: ${names}` : ''}`,
    next: counted > 0 ? `confirm or deny the open ones in ${file}` : `write down what the software must do, in ${file}`,
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
        item(id, `${title} are up to date`, {
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
      : 'run `dockwright` and review the diff';
  const good =
    all === 0 ? 'there is nothing to generate' : `${all} files${kept > 0 ? `, ${kept} with your edits` : ''}`;
  return item('artifacts', 'Generated files match the project and its specification', {
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

/**
 * Whether the edits that were offered are made, those that only the owner can make too. What would make a kept set of the author better is no
 * edit that its deployment needs.
 */
export function wiringItem(edits: readonly { readonly path: string }[], plan: Plan): CheckItem {
  const needed = plan.kept ? [] : plan.manual;
  const open = [...edits.map((edit) => edit.path), ...needed.map((entry) => entry.file ?? entry.why)];
  return item('wiring', 'Source edits that the deployment needs are in place', {
    status: passes(open.length === 0),
    detail: open.length === 0 ? 'nothing left to do' : [...new Set(open)].join(', '),
    next: 'run `dockwright`: it offers the edit, or the lines to paste',
  });
}

/** What is open before anything can be decided. */
export const openItem = (error: UserError): CheckItem =>
  item('plan', 'A deployment can be generated', {
    status: 'fail',
    detail: error.lines.join('; '),
    next: error.next.join('; '),
    ...(error.where ? { file: error.where.file } : {}),
    ...(error.where?.line ? { line: error.where.line } : {}),
  });

/** Whether the values of this machine fit where they are put: one that an address cannot hold cuts it off, or makes another of it. */
export function valuesItem(plan: Plan, folder: TargetFolder): CheckItem[] {
  const values = valuesOf(plan, folder) ?? {};
  const unfit = [...new Set(Object.values(plan.workloads).flatMap(({ env }) => unfitValues(env, values)))].sort();
  if (unfit.length === 0) return [];
  return [
    item('values', `Values in ${valuesPath(plan)} are valid where they are used`, {
      status: 'fail',
      detail: `${unfit.join(', ')} ${unfit.length === 1 ? 'contains' : 'contain'} characters that are not valid in a URL`,
      next: `use only letters, digits and . _ ~ -; if existing data uses the old password, change it there too`,
      file: valuesPath(plan),
    }),
  ];
}
