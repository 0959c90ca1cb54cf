import { type SignReport, sign } from '../../index.ts';
import { type Run, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { progress } from '../progress.ts';
import { type RegistryFlags, withRegistry } from '../registry.ts';
import { columns, out, style, symbols } from '../terminal.ts';

/** Signs what was pushed last, and prints the command that verifies it. */
export const run: Run<RegistryFlags> = async (given, _args, signal) => {
  const flags = withRegistry(given);
  const shown = progress(flags);
  const result = await sign(warningOptions(flags, signal), shown.on).finally(shown.end);
  printPerApp(result, flags, print);
  return 0;
};

function print({ digest, verify }: SignReport, app?: string): void {
  if (app !== undefined) out(style.bold(app));
  for (const row of columns([['signed', style.bold(digest)]])) out(row);
  out(`  ${symbols.arrow} ${verify}`);
}
