import type { Instruction, Stage } from './types.ts';

/** The stages: each from its FROM to the next. */
export function stagesOf(instructions: readonly Instruction[]): readonly Stage[] {
  const starts = instructions.flatMap((instruction, index) => (instruction.keyword === 'FROM' ? [index] : []));
  return starts.flatMap((start, index): Stage[] => {
    const from = instructions[start];
    if (from === undefined) return [];
    const [base, as, name] = from.args.map((piece) => piece.text);
    const platform = from.flags.find((flag) => flag.name === 'platform')?.value;
    return [
      {
        index,
        base: base ?? '',
        ...(as?.toLowerCase() === 'as' && name !== undefined ? { name: name.toLowerCase() } : {}),
        ...(platform === undefined ? {} : { platform }),
        from,
        instructions: instructions.slice(start + 1, starts[index + 1] ?? instructions.length),
      },
    ];
  });
}
