export { keywords } from './arguments.ts';
export type { Edit } from './edit.ts';
export {
  editDockerfile,
  insertAfter,
  lineBreakOf,
  removeInstruction,
  replaceInstruction,
  spanWithComments,
} from './edit.ts';
export type { Expanded } from './expand.ts';
export { expandWord, expandWords } from './expand.ts';
export type { Command, FlagValue, FormatOptions, Raw, Typed, Values } from './format.ts';
export { formatInstruction } from './format.ts';
export { parseDockerfile } from './parse.ts';
export { printDockerfile } from './print.ts';
export { jsonForm, quoteEnvValue, quoteFlag, quotePath, quoteShell } from './quoting.ts';
export type { Scope, Variable } from './scope.ts';
export { platformArgs, scopes, valuesOf } from './scope.ts';
export type {
  Comment,
  Directive,
  Dockerfile,
  Flag,
  Form,
  Heredoc,
  Instruction,
  Pair,
  Piece,
  Problem,
  Span,
  Stage,
} from './types.ts';
