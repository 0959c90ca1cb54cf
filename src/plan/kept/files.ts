import { posix } from 'node:path';
import type { Facts } from '../../model/facts.ts';
import type { KeptFiles, Plan } from '../../model/plan.ts';
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
  /** whether a file is in the repository */
  readonly has: (file: string) => boolean;
  readonly decide: Decide;
};

/** What stays, which forms are added beside it, and what is not written for which reason. */
export function planKeptFiles(input: Input): KeptFiles {
  const { facts, set, compose, decide, services, hasExample } = input;
  const files = [...filesOf(set), ...(hasExample ? [exampleOf(facts)] : [])].sort();
  const decision = decide('kept', {
    choice: files.join(', '),
    why: 'the author wrote it: it stays as it is, and what is added fits it',
    from: [...(set.dockerfile?.stage.from.slice(0, 1) ?? []), ...(set.base?.from ?? [])],
  });
  const development = developmentForm(input);
  const open = Object.values(input.development).filter((plan) => plan.kind !== 'form');
  const reasons = set.development || set.override ? [] : open;
  return {
    files,
    compose: [...(set.base?.files ?? [])],
    forms: { development, production: set.production ? 'author' : 'added' },
    services: { ...services },
    notWritten: [
      ...[...new Map(reasons.map((plan) => [plan.why, plan])).values()].map((plan) => ({
        what: compose.development,
        why: plan.why,
        ...(plan.kind === 'none' ? { next: plan.next } : {}),
        decision,
      })),
      ...missingSettings(input).map((row) => ({ ...row, decision })),
      ...input.notWritten,
    ],
    ...(settingsFiles(set).some(({ path }) => path === '.env') ? { settingsFile: true } : {}),
    decision,
  };
}

/** The files of settings that the author's base gives to containers, relative to the repository; what a variable names is not known. */
const settingsFiles = ({ base }: KeptSet) =>
  (base?.services ?? []).flatMap(({ name, envFiles }) =>
    envFiles
      .filter(({ value }) => !value.includes('$'))
      .map(({ value, from }) => ({
        name,
        path: posix.join(posix.dirname(base?.files[0] ?? '.'), value),
        place: from[0],
      })),
  );

/** Files of settings that nobody has who clones the repository: compose refuses to start without them. */
function missingSettings({ set, has, facts }: Input): { what: string; why: string; next: string }[] {
  const rows = settingsFiles(set).filter(({ path }) => path !== '.env' && !path.startsWith('..') && !has(path));
  return [...new Map(rows.map((row) => [row.path, row])).values()].map(({ name, path, place }) => ({
    what: path,
    why: `${place?.file ?? 'the compose file'}${place?.line === undefined ? '' : `:${place.line}`} gives it to ${name}, it is not in the repository, and compose starts nothing without it`,
    next: `Make it, such as from ${exampleOf(facts)}, and keep it out of version control.`,
  }));
}

function developmentForm({ set, development, isNeeded }: Input): KeptFiles['forms']['development'] {
  if (set.development || set.override) return 'author';
  return isNeeded || Object.values(development).some(({ kind }) => kind === 'form') ? 'added' : 'none';
}

/** The author's example of settings, by the name that it has. */
export const exampleOf = ({ root }: Facts): string => posix.join(root, '.env.example');
