import { check, recordProofs } from '../../index.ts';
import { type Flags, flowOptions, type Run } from '../program.ts';
import { progress } from '../progress.ts';
import { json, note, out, style, symbols } from '../terminal.ts';

/** The checklist; with `--record` the proofs are run first. */
export const run: Run<Flags & { readonly record?: boolean }> = async (flags, _args, signal) => {
  const options = flowOptions(flags, signal);
  if (flags.record) {
    const shown = progress(flags);
    const { failed } = await recordProofs({ ...options, now: new Date().toISOString() }, shown.on).finally(shown.end);
    if (!flags.json) for (const { file, proving } of failed) note(`${style.bold(file)}\n${proving.output}`);
  }
  const report = await check(options);
  if (flags.json) json(report);
  else {
    for (const item of report.items) {
      out(`${item.ok ? style.good(symbols.good) : style.bad(symbols.bad)} ${item.title} ${style.dim(item.detail)}`);
      if (item.next) out(`  ${symbols.arrow} ${item.next}`);
    }
  }
  return report.ready ? 0 : 1;
};
