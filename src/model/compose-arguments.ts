import { posix } from 'node:path';
import type { Plan } from './plan.ts';

type Files = Pick<Plan, 'compose' | 'kept' | 'workloads'>;
export type Form = 'development' | 'production';

/** Whether a form has a file of its own: where an author's files stay, there may be nothing that works in it. */
export const hasForm = ({ kept }: Pick<Plan, 'kept'>, form: Form): boolean => kept?.forms[form] !== 'none';

/** The compose files of a form as arguments, where compose does not find them by itself. */
export function composeArguments(plan: Pick<Plan, 'compose' | 'kept'>, form?: Form): readonly string[] {
  const { compose, kept } = plan;
  const base = kept && kept.compose.length > 0 ? kept.compose : [compose.file];
  const over = form !== undefined && hasForm(plan, form) ? [compose[form]] : [];
  const files = [...new Set([...base, ...over])];
  const [only] = files;
  const isFound = files.length === 1 && only !== undefined && !only.includes('/');
  return isFound ? [] : files.flatMap((file) => ['-f', file]);
}

/** The form that starts some of the workloads, or all: what the author's files do not start stands in the added forms alone. Undefined: the base. */
export function startingForm({ kept, workloads }: Files, names = Object.keys(workloads)): Form | undefined {
  const isStarted = (kept?.compose.length ?? 0) === 0 || names.every((name) => workloads[name]?.kept !== undefined);
  return isStarted ? undefined : 'production';
}

/** The file of the values of this machine: Compose reads the `.env` that lies beside the first compose file, wherever it is started (docs.docker.com, "Set environment variables"). */
export const valuesPath = ({ compose }: Pick<Plan, 'compose'>): string =>
  posix.join(posix.dirname(compose.file), '.env');
