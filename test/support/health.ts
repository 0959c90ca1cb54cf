import { artifact } from '../../src/artifacts/source.ts';
import { healthText } from '../../src/languages/javascript/recipe/health-text.ts';
import type { Plan, SourceFile } from '../../src/model/plan.ts';
import type { HealthCheck } from '../../src/model/recipe.ts';

/** A health module in TypeScript with some checks, for the routes of a framework. */
export function healthModule(
  checks: readonly HealthCheck[],
  routes: { readonly imports: readonly string[]; readonly code: string } = { imports: [], code: '' },
): string {
  const style = { language: 'typescript', noDefaults: false, unchecked: undefined, notLinted: [], routes } as const;
  const text = healthText(style, checks, 'health');
  const source: SourceFile = { kind: 'health', path: 'health.ts', ...text, checks: [], decision: 'health' };
  return artifact.print({ sources: [source] } as unknown as Plan, [])[0]?.content ?? '';
}
