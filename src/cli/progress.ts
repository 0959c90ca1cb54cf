import type { OnProgress } from '../index.ts';
import { note, style, symbols } from './terminal.ts';

const seconds = (value: number) => `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;

/** Tells what a long task does, on standard error: a line that lives in a terminal, a line for each step elsewhere, JSON with `--json`. */
export function progress(options: { readonly json?: boolean }): { readonly on: OnProgress; readonly end: () => void } {
  if (options.json) return { on: (event) => note(JSON.stringify(event)), end: () => undefined };
  const live = process.stderr.isTTY === true && process.env['CI'] === undefined;
  const titles = new Map<string, string>();
  let shown = '';
  const clear = () => {
    if (live && shown !== '') process.stderr.write('\r\u001B[2K');
    shown = '';
  };
  const show = (text: string) => {
    clear();
    shown = text.slice(0, (process.stderr.columns ?? 80) - 1);
    process.stderr.write(shown);
  };
  return {
    on: (event) => {
      if (event.type === 'step') {
        titles.set(event.id, event.title);
        if (live) show(`${symbols.dot} ${event.title}`);
      } else if (event.type === 'done') {
        clear();
        const title = titles.get(event.id) ?? event.id;
        const mark = event.ok ? style.good(symbols.good) : style.bad(symbols.bad);
        note(`${mark} ${title} ${style.dim([seconds(event.seconds), event.note].filter(Boolean).join(', '))}`);
      } else if (live) show(style.dim(`  ${event.line}`));
    },
    end: clear,
  };
}
