import { type PushReport, push } from '../../index.ts';
import { type Run, type SecretFlags, warningOptions } from '../options.ts';
import { printPerApp } from '../per-app.ts';
import { progress } from '../progress.ts';
import { askingRegistry, pushing, type RegistryFlags } from '../registry.ts';
import { secretOptions } from '../secrets.ts';
import { bytes, columns, note, out, style, symbols } from '../terminal.ts';

/** Pushes what was verified, and prints its digest and the line to run it. */
export const run: Run<RegistryFlags & SecretFlags> = (given, _args, signal) =>
  askingRegistry(given, async (flags) => {
    const shown = progress(flags);
    const result = await push(
      {
        ...warningOptions(flags, signal),
        ...secretOptions(flags),
        ...pushing(flags),
      },
      shown.on,
    ).finally(shown.end);
    printPerApp(result, flags, print);
    return 0;
  });

function print(
  { digest, tags, run: line, stages = [], attested = [], verify, uploaded, bytes: sent, leftOut = [] }: PushReport,
  app?: string,
) {
  out();
  if (app !== undefined) out(style.bold(app));
  for (const row of columns([
    ['digest', style.bold(digest)],
    ...tags.map((tag) => ['tag', tag]),
    ...stages.map(({ variable, image }) => ['production', `${variable}=${image}`]),
    ...(attested.length > 0 ? [['with', attested.join(' and ').replace('sbom', 'SBOM')]] : []),
    [
      'uploaded',
      uploaded === 0 ? 'no layers: the registry already has them all' : `${uploaded} layers, ${bytes(sent)}`,
    ],
  ]))
    out(row);
  for (const value of leftOut) note(`${style.warn('!')} ${value}`);
  out();
  out(style.bold('Run it'));
  out(`  ${symbols.arrow} ${line}`);
  if (verify === undefined) return;
  out();
  out(style.bold('Verify its signature'));
  out(`  ${symbols.arrow} ${verify}`);
}
