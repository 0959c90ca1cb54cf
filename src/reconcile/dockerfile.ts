import { type Dockerfile, type Instruction, parseDockerfile } from '../formats/dockerfile/index.ts';
import type { MergeContent, MergeNode } from './merge-nodes.ts';

/** A Dockerfile as stages of instructions, each with the comments above it; undefined: BuildKit would refuse the text. */
export function dockerfileUnit(text: string): MergeNode | undefined {
  const tree = parseDockerfile(text);
  if (tree.problems.length > 0) return undefined;
  const units = instructionUnits(tree);
  const stages: MergeNode[][] = [[]];
  for (const [at, unit] of units.entries()) {
    if (tree.instructions[at]?.keyword === 'FROM') stages.push([]);
    stages.at(-1)?.push(unit);
  }
  const parts = stages.map((parts, at): MergeNode => {
    const stage = tree.stages[at - 1];
    const title = stageTitle(at, stage?.name);
    const start = parts[0]?.start ?? 0;
    const inside: MergeContent = { type: 'block', parts };
    return { title, key: title, kind: undefined, text: parts.map((part) => part.text).join(''), start, inside };
  });
  return { title: 'the Dockerfile', key: '', kind: undefined, text, start: 0, inside: { type: 'block', parts } };
}

const stageTitle = (at: number, name: string | undefined): string =>
  at === 0 ? 'the lines before the first stage' : name ? `stage ${name}` : `stage ${at - 1}`;

function instructionUnits(tree: Dockerfile): readonly MergeNode[] {
  let start = 0;
  let stage = 0;
  return tree.instructions.map((instruction, index): MergeNode => {
    if (instruction.keyword === 'FROM') stage += 1;
    const last = index === tree.instructions.length - 1;
    const feed = tree.source.indexOf('\n', instruction.span.end);
    const end = last || feed === -1 ? tree.source.length : feed + 1;
    const text = tree.source.slice(start, end);
    const at = start;
    start = end;
    return {
      title: `${nameOf(instruction) ?? instruction.keyword} in ${stageTitle(stage, tree.stages[stage - 1]?.name)}`,
      key: nameOf(instruction),
      kind: instruction.keyword,
      text,
      start: at,
      inside: pairsOf(tree, instruction, at, end) ?? { type: 'lines', holds: isOne(instruction.keyword) },
    };
  });
}

/** What tells an instruction from others of its keyword in one stage; undefined: nothing that both versions would share. */
function nameOf(instruction: Instruction): string | undefined {
  switch (instruction.keyword) {
    case 'RUN':
    case 'ONBUILD':
      return undefined;
    case 'ENV':
    case 'ARG':
    case 'LABEL':
      return instruction.pairs[0] && `${instruction.keyword} ${instruction.pairs[0].name}`;
    case 'COPY':
    case 'ADD':
      return `${instruction.keyword} ${instruction.args.at(-1)?.text ?? ''}`;
    case 'EXPOSE':
    case 'VOLUME':
      return `${instruction.keyword} ${instruction.args.map((word) => word.text).join(' ')}`;
    default:
      return instruction.keyword;
  }
}

/** `ENV A=1 \ B=2` as a list of pairs, where nothing but white space and a continuation stands between them. */
function pairsOf(tree: Dockerfile, instruction: Instruction, start: number, end: number): MergeContent | undefined {
  const [first] = instruction.pairs;
  const last = instruction.pairs.at(-1);
  if (
    !first ||
    !last ||
    !['ENV', 'LABEL'].includes(instruction.keyword) ||
    instruction.pairs.some((pair) => pair.legacy)
  )
    return undefined;
  const gaps = instruction.pairs
    .slice(1)
    .map((pair, at) => tree.source.slice(instruction.pairs[at]?.span.end, pair.span.start));
  if (gaps.some((gap) => !/^[ \t]*(\\\r?\n[ \t]*)?$/.test(gap))) return undefined;
  const { source } = tree;
  return {
    type: 'list',
    open: source.slice(start, first.span.start),
    items: instruction.pairs.map((pair) => ({
      title: `${instruction.keyword} ${pair.name}`,
      key: pair.name,
      kind: undefined,
      text: source.slice(pair.span.start, pair.span.end),
      start: pair.span.start,
      inside: { type: 'leaf' },
    })),
    between: gaps[0] ?? ' \\\n    ',
    close: source.slice(last.span.end, end),
  };
}

/** Whether a text is still one instruction of that keyword, which BuildKit takes. */
const isOne = (keyword: string) => (text: string) => {
  const tree = parseDockerfile(keyword === 'FROM' || keyword === 'ARG' ? text : `FROM scratch\n${text}`);
  const own = tree.instructions.filter((instruction, at) => at > 0 || instruction.keyword === keyword);
  return tree.problems.length === 0 && own.length === 1 && own[0]?.keyword === keyword;
};
