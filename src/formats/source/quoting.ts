import { jsonString } from '../../model/visible.ts';

/**
 * Any text as a literal of JavaScript in single quotes: nothing in it ends the literal, and nothing in it is hidden. It also stands for a
 * text of TypeScript.
 */
export const sourceString = (text: string): string => {
  const inside = jsonString(text).slice(1, -1);
  return `'${inside.replace(/\\.|'/g, (match) => (match === '\\"' ? '"' : match === "'" ? "\\'" : match))}'`;
};

/** How JavaScript reads a variable of the environment: by a name where that is one, else by a text, whatever stands in it. */
export const environmentRead = (variable: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(variable) ? `process.env.${variable}` : `process.env[${sourceString(variable)}]`;
