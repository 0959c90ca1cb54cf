import { detected, type Fact } from '../../../model/known.ts';
import type { App } from '../app.ts';

/** The version of a runtime that a platform is told; undefined: none, or no plain version. */
export function platformVersion(app: App, runtime: string): Fact<{ name: string; version: string }> | undefined {
  const hint = app.hints.find(({ says, name }) => says === 'version' && name === runtime);
  const version = /^v?(\d{1,3}(?:\.\d{1,3}){0,2})(?:\.x)*$/.exec(hint?.value ?? '')?.[1];
  return hint && version !== undefined ? detected({ name: runtime, version }, hint.from) : undefined;
}
