import { visible } from '../model/visible.ts';
import { withoutWorkflowCommands } from './workflow.ts';

/** One answer of several. */
export type Option<T extends string> = { readonly value: T; readonly label: string; readonly hint?: string };

const shown = (text: string): string => withoutWorkflowCommands(visible(text));

const shownOptions = <T extends string>(options: readonly Option<T>[]) =>
  options.map(({ value, label, hint }) => ({
    value: value as string,
    label: shown(label),
    ...(hint === undefined ? {} : { hint: shown(hint) }),
  }));

/** Asks which of several things are wanted; at first all are, or none. Undefined: the user went away. */
export async function askSome<T extends string>(
  message: string,
  options: readonly Option<T>[],
  atFirst: 'all' | 'none' = 'all',
): Promise<readonly T[] | undefined> {
  const { multiselect, isCancel } = await import('@clack/prompts');
  const answer = await multiselect({
    message: shown(message),
    options: shownOptions(options),
    initialValues: atFirst === 'all' ? options.map((option): string => option.value) : [],
    required: false,
  });
  if (isCancel(answer)) return undefined;
  return options.map((option) => option.value).filter((value) => answer.includes(value));
}

/** Asks for one of several answers. Undefined: the user went away. */
export async function askOne<T extends string>(message: string, options: readonly Option<T>[]): Promise<T | undefined> {
  const { select, isCancel } = await import('@clack/prompts');
  const answer = await select({ message: shown(message), options: shownOptions(options) });
  return isCancel(answer) ? undefined : options.find((option) => option.value === answer)?.value;
}

/** Asks for a yes; no is the answer of whoever only presses Enter, and of whoever goes away. */
export async function askYes(message: string): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const answer = await confirm({ message: shown(message), initialValue: false });
  return !isCancel(answer) && answer;
}

/** Asks for a text. Undefined: the user went away. */
export async function askText(message: string): Promise<string | undefined> {
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message: shown(message) });
  return isCancel(answer) ? undefined : answer;
}
