import type { CheckItem } from './check.ts';

type Parts = Omit<CheckItem, 'ok' | 'id' | 'title'>;

/** One line of the checklist. What to do next is said only where something is left to do. */
export function item(id: string, title: string, { next, ...parts }: Parts): CheckItem {
  const nextStep = next !== undefined && parts.status !== 'pass' ? { next } : {};
  return { id, title, ok: parts.status !== 'fail', ...parts, ...nextStep };
}
