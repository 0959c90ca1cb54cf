export { parseDockerfile } from './parse.ts';
export { printDockerfile } from './print.ts';
export { jsonForm, quoteEnvValue, quoteShell } from './quoting.ts';
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
