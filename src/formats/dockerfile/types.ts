/** A half-open range of offsets (UTF-16 units) into the text that was parsed. */
export type Span = { readonly start: number; readonly end: number };

/** A piece of an instruction: its text with continuations taken out, and where it stands in the source. */
export type InstructionPart = { readonly text: string; readonly span: Span };

export type Flag = { readonly name: string; readonly value?: string; readonly text: string; readonly span: Span };

/** One pair of ENV, ARG or LABEL; quotes and escapes are still in `value`: expandWord takes them out. */
export type Pair = {
  readonly name: string;
  readonly value?: string;
  /** `ENV name value`, the old way without an equals sign */
  readonly legacy: boolean;
  readonly span: Span;
};

export type Heredoc = {
  readonly name: string;
  readonly fd: number;
  /** `<<-`: leading tabs are taken off the content and the terminator */
  readonly chomp: boolean;
  /** false when any part of the delimiter was quoted */
  readonly expand: boolean;
  /** the lines as written, before chomping */
  readonly content: string;
  readonly contentSpan: Span;
  /** the content and the line of the terminator, without that line's own line break */
  readonly span: Span;
  readonly startLine: number;
  readonly endLine: number;
};

export type Comment = { readonly text: string; readonly span: Span; readonly line: number };

export type Directive = {
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly span: Span;
  readonly line: number;
};

/**
 * How the arguments were read: `json` an array of strings; `shell` one command line; `words` split at white space;
 * `pairs` name and value; `text` one string; `trigger` the instruction inside ONBUILD; `unknown` kept as it is; `none` nothing there.
 */
export type Form = 'json' | 'shell' | 'words' | 'pairs' | 'text' | 'trigger' | 'unknown' | 'none';

export type Instruction = {
  /** upper case */
  readonly keyword: string;
  readonly written: string;
  readonly keywordSpan: Span;
  /** from the keyword to the end of its last line (the terminator of its last heredoc), without the line break */
  readonly span: Span;
  readonly startLine: number;
  readonly endLine: number;
  readonly flags: readonly Flag[];
  readonly form: Form;
  readonly args: readonly InstructionPart[];
  /** ENV, ARG and LABEL only */
  readonly pairs: readonly Pair[];
  /** HEALTHCHECK's first word, as written: NONE, CMD */
  readonly probe?: InstructionPart;
  /** everything after the flags, with continuations taken out */
  readonly rest: InstructionPart;
  /** the arguments began with `[` but are not JSON, so that BuildKit takes them as they stand, without a word */
  readonly brokenJson: boolean;
  readonly heredocs: readonly Heredoc[];
  /** comment lines between the instruction before and this one, directives left out */
  readonly comments: readonly Comment[];
  /** lines of nothing inside a continuation, which BuildKit warns of */
  readonly emptyContinuations: readonly number[];
  readonly raw: string;
  /** what ONBUILD holds back */
  readonly inner?: Instruction;
};

export type Stage = {
  readonly index: number;
  /** lower case, as BuildKit compares it */
  readonly name?: string;
  /** as written, variables and all */
  readonly base: string;
  readonly platform?: string;
  readonly from: Instruction;
  /** what follows the FROM */
  readonly instructions: readonly Instruction[];
};

/** Something that BuildKit refuses. The tree is whole all the same. */
export type Problem = { readonly line: number; readonly message: string };

export type Dockerfile = {
  readonly source: string;
  readonly bom: boolean;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** every instruction in order, those before the first FROM too */
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** comments after the last instruction */
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
};
