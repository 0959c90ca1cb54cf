/**
 * Lines that a build server obeys. GitHub's runner reads both streams of a step and takes `::name …::` at the beginning of a line, white
 * space before it left out, and `##[name …]` anywhere in one (actions/runner, ActionCommand.cs); Azure's agent takes `##vso[…]` anywhere
 * (azure-pipelines-agent, Command.cs), TeamCity `##teamcity[…]`. No line of ours but the annotations of `check --format github` may hold
 * any of them, wherever it is printed: what is run on a laptop today is run in a workflow tomorrow.
 */
const opening = /^[\s\u0085]*(?=::)/;

/** Where a line would be taken for a command: the places of the characters that have to be shown as their escapes. */
export function commandsIn(line: string): readonly number[] {
  const start = opening.exec(line);
  return [
    ...(start ? [start[0].length] : []),
    ...[...line.matchAll(/##(?=[\w.-]*\[)/g)].map((match) => match.index + 1),
  ];
}

/** A text with the characters at these places (ASCII, in order) as escapes. */
export function escapedAt(text: string, places: readonly number[]): string {
  let out = '';
  let from = 0;
  for (const at of places) {
    out += `${text.slice(from, at)}\\x${text.charCodeAt(at).toString(16)}`;
    from = at + 1;
  }
  return out + text.slice(from);
}

/** A line of text that no build server obeys. */
export const withoutWorkflowCommands = (line: string): string => escapedAt(line, commandsIn(line));

/** JSON that no build server obeys, and that is read as the same value. */
export const inertJson = (json: string): string => json.replace(/##(?=[\w.-]*\[)/g, '#\\u0023');
