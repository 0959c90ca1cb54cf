import { appendFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';

/** Appends to the summary of a workflow run, where the runner names a file for it. A file that cannot be written stops nothing. */
export function appendSummary(lines: readonly string[], file = process.env['GITHUB_STEP_SUMMARY']): void {
  if (!file || !isAbsolute(file)) return;
  try {
    appendFileSync(file, `${lines.join('\n')}\n`);
  } catch {
    // the deployment itself is done
  }
}
