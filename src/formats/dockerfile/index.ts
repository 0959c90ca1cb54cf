export { keywords } from './arguments.ts';
export { type DockerfileEdit, insertAfter, linesAfter, linesBeforeStage, sourceBeside } from './edit.ts';
export { expandWord, globalArguments, variableTable } from './expand.ts';
export type { Command, FlagValue, FormatOptions, Raw, Typed, Values } from './format.ts';
export { formatInstruction } from './format.ts';
export { parseDockerfile } from './parse.ts';
export { jsonForm, quoteEnvValue, quoteFlag, quotePath, quoteShell, quoteSource } from './quoting.ts';
export type {
  Comment,
  Directive,
  Dockerfile,
  Flag,
  Form,
  Heredoc,
  Instruction,
  InstructionPart as Piece,
  Pair,
  Problem,
  Span,
  Stage,
} from './types.ts';
