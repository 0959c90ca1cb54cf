import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLine, shellCommands, shellFor } from '../../../../src/formats/shell/commands.ts';

describe('shellCommands', () => {
  beforeAll(() => shellFor(['a && b']));

  it('gives the commands in a row, with their variables and what joins them', () => {
    const { commands, plain } = shellCommands(
      `NODE_ENV=production A="b c" bun run start && node 'my file.js' | pino; echo done`,
    );
    expect(plain).toBe(true);
    expect(commands).toEqual([
      { argv: ['bun', 'run', 'start'], env: { NODE_ENV: 'production', A: 'b c' }, dynamic: false, background: false },
      { argv: ['node', 'my file.js'], env: {}, dynamic: false, background: false, after: '&&' },
      { argv: ['pino'], env: {}, dynamic: false, background: false, after: '|' },
      { argv: ['echo', 'done'], env: {}, dynamic: false, background: false, after: ';' },
    ]);
  });

  it('says where words are only known at run time, and quoted dollars are not', () => {
    expect(shellCommands('bun $FILE').commands[0]?.dynamic).toBe(true);
    expect(shellCommands('bun "$(date).ts"').commands[0]?.dynamic).toBe(true);
    expect(shellCommands(`bun '$FILE' "a b"`).commands[0]?.dynamic).toBe(false);
  });

  it('says where more is going on than commands in a row', () => {
    expect(shellCommands('if [ -f a ]; then bun a; fi').plain).toBe(false);
    expect(shellCommands('bun a &').commands[0]?.background).toBe(true);
  });

  it('reads plain words as the whole grammar does', () => {
    const known =
      'bun run -- - . .. 1 a=b A=b=c --x=y if then fi for in while until do done case esac function select time coproc export declare local readonly typeset let alias eval exec set unset test source';
    const word = fc.oneof(
      fc.constantFrom(...known.split(' ')),
      fc.string({ unit: fc.constantFrom(...'abzAZ019_./@:=-'), minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const line = words.join(' ');
        expect(shellCommands(line)).toEqual(parseLine(line));
      }),
      { numRuns: 3000, seed: 22 },
    );
  });
});
