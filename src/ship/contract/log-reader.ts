import { stripVTControlCharacters } from 'node:util';

/** What a log says of a moment, for one line of evidence. */
export type ReadLog = (since: Date) => Promise<string>;

/** What a line that says why something went wrong looks like, the surest first. */
const reasons = [
  /(?:Error|Exception)\b[^:]{0,60}:/,
  /\b(?:error|exception)\b/i,
  /\b(?:fail|cannot|refused|denied|not found|missing)/i,
];

/** So many characters of a line are shown. */
const SHOWN = 200;

/** The line of a log that says why, without the lines of the stack below it; empty: it says nothing. */
export function reasonIn(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => messageOf(stripVTControlCharacters(line).trim()))
    .filter((line) => line !== '' && !/^at\s/.test(line));
  const found = reasons.map((reason) => lines.find((line) => reason.test(line))).find((line) => line !== undefined);
  const line = found ?? lines.at(-1) ?? '';
  return line.length > SHOWN ? `${line.slice(0, SHOWN - 1)}…` : line;
}

/** What a line of JSON says: the message of its error, else its own. */
function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { err, error, msg, message } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const texts = [inner(err), inner(error), msg, message];
    return texts.find((text): text is string => typeof text === 'string' && text !== '')?.split('\n')[0] ?? line;
  } catch {
    return line;
  }
}

const inner = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
