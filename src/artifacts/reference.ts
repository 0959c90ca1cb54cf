import type { EnvVar } from '../model/plan.ts';

/** A `$` that Compose must not read as a variable. */
export const escaped = (text: string): string => text.replaceAll('$', '$$$$');

/** A text in which the number of a port gives way to the variable that sets it. */
const withPort = (text: string, port: { variable: string; default: number } | undefined): string =>
  port === undefined ? text : text.replace(`:${port.default}`, `:\${${port.variable}:-${port.default}}`);

const reference = ({
  variable,
  required,
  default: fallback,
  port,
}: {
  variable: string;
  required: boolean;
  default?: string | undefined;
  port?: { variable: string; default: number } | undefined;
}) => {
  if (fallback !== undefined) return `\${${variable}:-${withPort(escaped(fallback), port)}}`;
  return required ? `\${${variable}:?set it in .env}` : `\${${variable}:-}`;
};

/**
 * The value of a variable as Compose writes it; undefined: the key alone, which passes the variable on when it is set and leaves it
 * unset otherwise, so that an optional variable without a default is never an empty text (compose-spec, "environment").
 */
export function composeValue(value: EnvVar['value']): string | undefined {
  if (value.from === 'literal') return escaped(value.text);
  if (value.from === 'parts')
    return value.parts.map((part) => (typeof part === 'string' ? escaped(part) : reference(part))).join('');
  // a default with a brace cannot be written inside ${}, and no variable can hold NUL; the app has it itself
  const plain = value.default === undefined || !(/[{}\n]/.test(value.default) || value.default.includes('\0'));
  if (!value.required && (value.default === undefined || !plain)) return undefined;
  return reference(value);
}
