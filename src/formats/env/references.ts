/** What keeps a dollar sign, and the references to other variables: `${BASE_URL}`, `${PORT:-3000}`, `$BASE_URL`. */
const written = /\\\$|\$\$|\$(?:\{([A-Za-z_]\w*)(?::?-([^{}$]*))?\}|([A-Z_][A-Z0-9_]*))/g;
const braced = /\$\{([A-Za-z_]\w*)\}/g;

type ResolveVariable = (name: string, fallback: string | undefined) => string | undefined;

/**
 * A value that a person wrote with other variables put in, as Compose, a shell and dotenv-expand do; `of` gives what stands for a name, with the text
 * that the reference itself gives where it is not set. Undefined: what one of them stands for is not known. Without braces a reference is in capitals:
 * `$abc` in the example of a password is a text.
 */
export const withReferences = (text: string, of: ResolveVariable): string | undefined => filled(text, written, of);

/** The same for a value of ours, whose references have braces: `${BASE_URL}/auth`. */
export const withBraced = (text: string, of: ResolveVariable): string | undefined => filled(text, braced, of);

/** Whether a value that a person wrote refers to another variable. */
export const hasReferences = (text: string): boolean => withReferences(text, () => undefined) === undefined;

/** Whether a value of ours does. */
export const hasBraced = (text: string): boolean => withBraced(text, () => undefined) === undefined;

function filled(text: string, pattern: RegExp, of: ResolveVariable): string | undefined {
  let known = true;
  const found = text.replace(pattern, (whole: string, ...groups: readonly (string | undefined)[]) => {
    const [inBraces, second, plain] = groups;
    const name = inBraces ?? (pattern === written ? plain : undefined);
    if (name === undefined) return whole;
    const value = of(name, pattern === written ? second : undefined);
    known &&= value !== undefined;
    return value ?? '';
  });
  return known ? found : undefined;
}
