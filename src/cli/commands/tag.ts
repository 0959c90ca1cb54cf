import { type TagReport, tag } from '../../index.ts';
import { type Run, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { type RegistryFlags, withRegistry } from '../registry.ts';
import { note, out, style, symbols } from '../terminal.ts';

/** Prints the names of the image, a line each, and what was left out. */
export const run: Run<RegistryFlags> = async (given, _args, signal) => {
  const flags = withRegistry(given);
  const result = await tag({ ...warningOptions(flags, signal), ...(flags.latest ? { latest: true } : {}) });
  printPerApp(result, flags, print);
  return 0;
};

function print({ tags, dirty, why, leftOut = [], applied }: TagReport, app?: string): void {
  if (app !== undefined) out(style.bold(app));
  for (const name of tags) out(name);
  if (dirty) note(`${style.warn('!')} The working tree differs from the commit${why === undefined ? '' : `: ${why}`}.`);
  for (const line of leftOut) note(`${style.warn('!')} ${line}`);
  if (!applied) note(style.dim(`  ${symbols.arrow} No image has these tags yet; run \`dockwright build\``));
}
