import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { KeptEdit, KeptFiles, Plan } from '../../model/plan.ts';
import { composeFiles } from '../compose-files.ts';
import type { Decide } from '../decide.ts';
import type { DevelopmentPlan } from './development.ts';
import { filesOf, type KeptSet } from './set.ts';

/** The names of the forms: the author's where there is one, else beside the base and named after it. */
export function keptComposeFiles(facts: Facts, { base, override, development, production }: KeptSet): Plan['compose'] {
  const file = base?.files.at(-1);
  const usual = composeFiles(facts);
  const named = (kind: string): string => {
    if (file === undefined) return kind === 'dev' ? usual.development : usual.production;
    const extension = posix.extname(file);
    return `${file.slice(0, -extension.length)}.${kind}${extension}`;
  };
  return {
    file: file ?? usual.file,
    development: (development ?? override)?.files.at(-1) ?? named('dev'),
    production: production?.files.at(-1) ?? named('prod'),
  };
}

type Input = {
  readonly facts: Facts;
  readonly set: KeptSet;
  readonly compose: Plan['compose'];
  /** by the name of the service */
  readonly development: Readonly<Record<string, DevelopmentPlan>>;
  /** forms are added in any case: something that the author's base does not start stands in them */
  readonly isNeeded: boolean;
  readonly services: KeptFiles['services'];
  readonly notWritten: KeptFiles['notWritten'];
  readonly hasExample: boolean;
  readonly edits: readonly KeptEdit[];
  readonly decide: Decide;
};

/** What stays, which forms are added beside it, and what is not written for which reason. */
export function planKeptFiles(input: Input): KeptFiles {
  const { facts, set, compose, decide, services, hasExample } = input;
  const files = [...filesOf(set), ...(hasExample ? [exampleOf(facts)] : [])].sort();
  const decision = decide('kept', {
    choice: files.join(', '),
    why: 'your own file: it stays unchanged, and the added files are made to match',
    from: [...(set.dockerfile?.stage.from.slice(0, 1) ?? []), ...(set.base?.from ?? [])],
  });
  const development = developmentForm(input);
  const open = Object.entries(input.development).flatMap(([name, plan]) =>
    plan.kind === 'form' ? [] : [{ name, plan }],
  );
  const reasons = set.development || set.override ? [] : open;
  // the file may be there for others
  const what = (why: string) =>
    development === 'added'
      ? `development of ${reasons.flatMap(({ name, plan }) => (plan.why === why ? [name] : [])).join(' and ')}`
      : compose.development;
  return {
    files,
    compose: [...(set.base?.files ?? [])],
    forms: { development, production: set.production ? 'author' : 'added' },
    services: { ...services },
    notWritten: [
      ...[...new Map(reasons.map(({ plan }) => [plan.why, plan])).values()].map((plan) => ({
        what: what(plan.why),
        why: plan.why,
        ...(plan.kind === 'none' ? { next: nextOf(plan.next, input.edits) } : {}),
        decision,
      })),
      ...input.notWritten,
    ],
    ...(input.edits.length > 0 ? { edits: [...input.edits] } : {}),
    ...(settingsFiles(set).includes('.env') ? { settingsFile: true } : {}),
    decision,
  };
}

/** The files of settings that the author's base gives to containers, relative to the repository; what a variable names is not known. */
const settingsFiles = ({ base }: KeptSet): string[] =>
  (base?.services ?? []).flatMap(({ envFiles }) =>
    envFiles
      .filter(({ value }) => !value.includes('$'))
      .map(({ value }) => posix.join(posix.dirname(base?.files[0] ?? '.'), value)),
  );

/** What to do, and that it is offered as an edit, where it is. */
function nextOf(next: string, edits: readonly KeptEdit[]): string {
  const offered = edits.find(({ change }) => change.type === 'stage');
  return offered ? `${next} Suggested edit: \`--accept ${offered.file}=edited\` applies it.` : next;
}

function developmentForm({ set, development, isNeeded }: Input): KeptFiles['forms']['development'] {
  if (set.development || set.override) return 'author';
  return isNeeded || Object.values(development).some(({ kind }) => kind === 'form') ? 'added' : 'none';
}

/** The author's example of settings, by the name that it has. */
export const exampleOf = ({ root }: Facts): string => posix.join(root, '.env.example');
