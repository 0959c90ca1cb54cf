import {
  type Dockerfile,
  formatInstruction,
  type Instruction,
  linesAfter,
  linesBeforeStage,
  parseDockerfile,
  sourceBeside,
} from '../formats/dockerfile/index.ts';
import { addedEntry, changedValue, removedEntry } from '../formats/yaml/edit.ts';
import { map, printYaml } from '../formats/yaml/print.ts';
import { UserError } from '../model/errors.ts';
import type { Check, KeptEdit } from '../model/plan.ts';
import { healthcheck } from './compose.ts';

type TextEdit = { readonly start: number; readonly end: number; readonly text: string };
type Change<T extends KeptEdit['change']['type']> = Extract<KeptEdit['change'], { readonly type: T }>;

/**
 * A change of a Docker file of the author's as edits of its text (offsets in UTF-16 units, without a byte order mark): every other byte stays.
 * Undefined: the file has no place for it that is known.
 */
export function keptEditOf(text: string, { change }: Pick<KeptEdit, 'change'>): TextEdit | undefined {
  try {
    switch (change.type) {
      case 'image-check':
        return imageCheck(parseDockerfile(text), change);
      case 'copy':
        return copied(parseDockerfile(text), change);
      case 'stage':
        return addedStage(parseDockerfile(text), change);
      case 'service-check':
        return serviceCheck(text, change);
      case 'target':
        return target(text, change);
      case 'not-ignored':
        return { start: text.length, end: text.length, text: ignoreLine(text, change.path) };
    }
  } catch (error) {
    // what cannot be read has no place for anything
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The start interval is left out: a frontend or an engine that is older than it refuses the flag. */
const checkFlags = ({ interval, timeout, startPeriod, retries }: Check) =>
  [
    ['interval', `${interval}s`],
    ['timeout', `${timeout}s`],
    ['start-period', `${startPeriod}s`],
    ['retries', String(retries)],
  ] as const;

/** In front of what the stage starts, else at its end. */
function imageCheck(tree: Dockerfile, { stage: index, check }: Change<'image-check'>): TextEdit | undefined {
  const stage = tree.stages[index];
  if (!stage) return undefined;
  const all = [stage.from, ...stage.instructions];
  const start = all.findIndex(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  const before = start === -1 ? all.at(-1) : all[start - 1];
  const line = formatInstruction(
    { keyword: 'HEALTHCHECK', flags: checkFlags(check), command: { argv: check.argv } },
    { escape: tree.escape },
  );
  return before && linesAfter(tree, before, line);
}

const at = (tree: Dockerfile, line: number): Instruction | undefined =>
  tree.instructions.find(({ startLine }) => startLine === line);

function copied(tree: Dockerfile, { line, beside, path, to }: Change<'copy'>): TextEdit | undefined {
  const instruction = at(tree, line);
  if (!instruction) return undefined;
  // who owns the others owns this one too
  const flags = instruction.flags.flatMap(({ name, value }) =>
    name === 'chown' && value !== undefined ? [[name, value] as const] : [],
  );
  return (
    sourceBeside(instruction, beside, path) ??
    linesAfter(
      tree,
      instruction,
      formatInstruction({ keyword: 'COPY', flags, sources: [path], to: `${to}/` }, { escape: tree.escape }),
    )
  );
}

function addedStage(tree: Dockerfile, change: Change<'stage'>): TextEdit | undefined {
  const { name, env, command, repeats } = change;
  const [before, from] = [tree.stages[change.before], tree.stages[change.from]];
  if (!before || !from || tree.stages.some((stage) => stage.name === name)) return undefined;
  const lines = (repeats ?? []).map((line) => at(tree, line)?.raw);
  const way = { escape: tree.escape };
  const platform = from.platform === undefined ? {} : { platform: from.platform };
  const head =
    repeats === undefined
      ? from.name && formatInstruction({ keyword: 'FROM', image: from.name, as: name }, way)
      : formatInstruction({ keyword: 'FROM', image: from.base, ...platform, as: name }, way);
  if (!head || lines.includes(undefined)) return undefined;
  const text = [
    head,
    ...lines,
    ...(Object.keys(env).length > 0 ? [formatInstruction({ keyword: 'ENV', values: env }, way)] : []),
    formatInstruction({ keyword: 'CMD', argv: command }, way),
  ];
  return linesBeforeStage(tree, before, text.join('\n'));
}

const serviceCheck = (text: string, { service, check }: Change<'service-check'>): TextEdit | undefined =>
  addedEntry(text, ['services', service], 'healthcheck', printYaml(map([healthcheck(check, 'kept')])).text);

function target(text: string, { service, before, stage }: Change<'target'>): TextEdit | undefined {
  const path = ['services', service, 'build', 'target'];
  return stage === undefined ? removedEntry(text, path) : changedValue(text, path, before, stage);
}

/** A line at the end counts above all others. */
function ignoreLine(text: string, path: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text === '' || text.endsWith('\n') ? '' : lineBreak}!${path}${lineBreak}`;
}
