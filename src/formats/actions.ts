/**
 * Text in the values of a workflow of GitHub Actions. There `${{` begins an expression, which is filled in before a step, or its shell, sees the value
 * (docs.github.com, "Evaluate expressions in workflows and actions").
 */

const BEGINS = '${{';

/** A text that stays as it is: where it would begin an expression, an expression gives these signs. */
export const plainText = (text: string): string => text.replaceAll(BEGINS, `${BEGINS} '${BEGINS}' }}`);

/** An expression as a value. What it names is of GitHub or of the workflow itself, and no text of a project. */
export const expression = (text: string): string => `${BEGINS} ${text} }}`;

/** A path in a filter: signs that stand for others are escaped. */
export const filterPath = (path: string): string =>
  Array.from(path, (sign) => ('*?+[]!\\'.includes(sign) ? `\\${sign}` : sign)).join('');

/** Whether a file is a workflow of GitHub (docs.github.com/actions/concepts/workflows-and-actions/workflows). */
export const isWorkflowFile = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
