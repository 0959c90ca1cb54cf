import { loadContext } from '../../index.ts';
import { type Run, warningOptions } from '../options.ts';
import { columns, cut, json, out, style } from '../terminal.ts';

/** Prints every decision of the plan, with what it came from. */
export const run: Run = async (flags, _args, signal) => {
  const { plan } = await loadContext(warningOptions(flags, signal));
  if (flags.json) {
    json(plan);
    return 0;
  }
  out(style.bold(plan.name));
  const rows = Object.entries(plan.decisions).map(([key, decision]) => {
    const place = decision.from[0];
    const from =
      decision.assertions.join(' ') ||
      (place?.file ? `${place.file}${place.line ? `:${place.line}` : ''}` : decision.by);
    return [key, cut(decision.choice, 60), from];
  });
  for (const line of columns(rows)) out(line);
  for (const question of plan.questions)
    out(`${style.warn('?')} ${question.ask} ${question.why} (--set ${question.key}=VALUE)`);
  return 0;
};
