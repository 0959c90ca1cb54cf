import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';

type Parser = {
  readonly safeParse: (
    value: unknown,
  ) => { success: true; data: Plan } | { success: false; error: { message: string } };
};

/**
 * Puts the values of `overrides` at their paths of the plan (`workloads.app.replicas.count`). Unstable by nature: the result must
 * still be a plan, or a UserError says what is not.
 */
export function applyOverrides(plan: Plan, overrides: Readonly<Record<string, unknown>>, schema: Parser): Plan {
  const copy: unknown = structuredClone(plan);
  for (const [path, value] of Object.entries(overrides)) put(copy, path, value);
  const parsed = schema.safeParse(copy);
  if (parsed.success) return parsed.data;
  throw new UserError({
    code: 'override-invalid',
    message: `"overrides" makes the plan invalid: ${parsed.error.message}`,
    next: ['Show the plan: `dockwright plan --json`', `Fix one of: ${Object.keys(overrides).join(', ')}`],
  });
}

function put(root: unknown, path: string, value: unknown): void {
  const keys = path.split('.');
  let node = root;
  for (const key of keys.slice(0, -1)) node = isRecord(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  const last = keys.at(-1) ?? '';
  if (!isRecord(node) || last === '__proto__') {
    throw new UserError({
      code: 'override-unknown',
      message: `"overrides" contains an unknown plan path: ${path}`,
      next: ['List the paths: `dockwright plan --json`'],
    });
  }
  node[last] = value;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
