import type { OnProgress } from '../index.ts';
import { jsonNote, liveLine, note, style, symbols, uncolored } from './terminal.ts';

const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** Tells what a long task does, on standard error: a line that lives in a terminal, a line for each step elsewhere, JSON with `--json`. */
export function progress(options: { readonly json?: boolean }): { readonly on: OnProgress; readonly end: () => void } {
  if (options.json) return { on: jsonNote, end: () => undefined };
  const live = liveLine();
  const titles = new Map<string, string>();
  return {
    on: (event) => {
      if (event.type === 'step') {
        titles.set(event.id, event.title);
        live?.show(`${symbols.dot} ${event.title}`);
      } else if (event.type === 'done') {
        live?.clear();
        const title = titles.get(event.id) ?? event.id;
        const mark = event.ok ? style.good(symbols.good) : style.bad(symbols.bad);
        note(`${mark} ${title} ${style.dim([seconds(event.seconds), event.note].filter(Boolean).join(', '))}`);
      } else live?.show(style.dim(`  ${uncolored(event.line)}`));
    },
    end: () => live?.clear(),
  };
}
