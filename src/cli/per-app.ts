import type { PerApp } from '../index.ts';
import { json } from './terminal.ts';

/** Prints the result of a command about images: as one document, or for the application or each of several. */
export function printPerApp<T>(
  result: PerApp<T>,
  flags: { readonly json?: boolean | undefined },
  print: (report: T, app?: string) => void,
): void {
  if (flags.json) json(result.several ? { apps: result.apps } : result.report);
  else if (result.several) for (const { app, ...report } of result.apps) print(report as T, app);
  else print(result.report);
}
