import type { Artifact, ArtifactKind, Origin } from '../model/artifact.ts';
import { visible } from '../model/visible.ts';

/** Of a text that others wrote, in a comment: what a specification says in two lines must not become a line that counts. */
export const singleLine = (text: string): string => visible(text.replace(/\t+/g, ' '));

/** A comment of one line, whatever it says. */
export const remark = (text: string): string => `# ${singleLine(text)}`;

/** A text that grows line by line, each with the decision behind it. */
export type Lines = {
  /** adds text of one line or several; '' adds a blank line */
  readonly add: (text: string, decision: string) => void;
  readonly blank: () => void;
  readonly artifact: (path: string, kind: ArtifactKind) => Artifact;
};

/** An empty text. Adjacent lines of one decision become one origin. */
export function lines(): Lines {
  const out: string[] = [];
  const origins: Origin[] = [];
  return {
    add(text, decision) {
      const start = out.length + 1;
      out.push(...text.split('\n'));
      const last = origins.at(-1);
      if (last?.decision === decision && last.end === start - 1)
        origins[origins.length - 1] = { ...last, end: out.length };
      else origins.push({ start, end: out.length, decision });
    },
    blank: () => out.push(''),
    artifact: (path, kind) => ({ path, kind, mode: 0o644, content: `${out.join('\n')}\n`, origins }),
  };
}
