import { explain, UserError } from '../../index.ts';
import { type Run, warningOptions } from '../options.ts';
import { json, out, style } from '../terminal.ts';

const sources = { flag: 'a flag', config: 'the configuration', detected: 'the project', default: 'a default' } as const;

/** Says why a line of a generated file is there. */
export const run: Run = async (flags, args, signal) => {
  const [place = ''] = args;
  const match = /^(.+):(\d+)$/.exec(place);
  if (!match?.[1] || !match[2]) {
    throw new UserError({
      code: 'usage',
      message: `"${place}" does not name a line`,
      next: ['Use FILE:LINE, such as `dockwright explain Dockerfile:12`'],
    });
  }
  const explanation = await explain({ ...warningOptions(flags, signal), file: match[1], at: Number(match[2]) });
  if (flags.json) {
    json(explanation);
    return 0;
  }
  out(`${style.dim(`${explanation.file}:${explanation.line} | `)}${explanation.text}`);
  const { decision } = explanation;
  if (!decision) {
    out(
      explanation.origin === 'mine'
        ? '  your own line: Dockwright did not generate it, and will keep it'
        : '  an empty line',
    );
    return 0;
  }
  out(`  ${style.bold(decision.choice)}`);
  out(`  ${decision.why}`);
  out(style.dim(`  decided by ${sources[decision.by]}, as ${explanation.key}`));
  for (const item of decision.from)
    out(`  ${style.accent(item.file ? `${item.file}${item.line ? `:${item.line}` : ''}` : '(stated)')} ${item.why}`);
  if (decision.assertions.length > 0) out(`  assertions ${decision.assertions.join(', ')}`);
  return 0;
};
