import { afterEach, describe, expect, it } from 'vitest';
import { progress } from '../../../src/cli/progress.ts';
import {
  columns,
  cut,
  json,
  linesOf,
  liveLine,
  note,
  out,
  style,
  useColor,
  wrapped,
  wrappedColumns,
} from '../../../src/cli/terminal.ts';
import { inertJson, withoutWorkflowCommands } from '../../../src/cli/workflow.ts';
import { commandIn, rawIn, withoutColors } from '../../support/output.ts';

/** What `act` writes to a stream. */
function written(stream: 'stdout' | 'stderr', act: () => void): string {
  const target = process[stream];
  const before = target.write;
  let text = '';
  target.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof target.write;
  try {
    act();
  } finally {
    target.write = before;
  }
  return text;
}

/** Runs `act` as if somebody looked at standard error. */
function watched(columnsOfTerminal: number, act: () => void): string {
  const { stderr } = process;
  const before = { isTTY: stderr.isTTY, columns: stderr.columns, ci: process.env['CI'] };
  delete process.env['CI'];
  Object.assign(stderr, { isTTY: true, columns: columnsOfTerminal });
  try {
    return written('stderr', act);
  } finally {
    Object.assign(stderr, { isTTY: before.isTTY, columns: before.columns });
    if (before.ci !== undefined) process.env['CI'] = before.ci;
  }
}

afterEach(() => useColor(false));

describe('a line', () => {
  it('keeps our colors and shows those of others', () => {
    useColor(true);
    const line = `${style.bad('a\u001B[31mb')} ${style.bold('c')}\u001B[0m`;
    expect(written('stdout', () => out(line))).toBe('\u001B[31ma\\x1b[31mb\u001B[39m \u001B[1mc\u001B[22m\\x1b[0m\n');
    useColor(false);
    expect(written('stderr', () => note(style.dim('a\nb')))).toBe('a\\nb\n');
  });

  it('is no command to a build server, also where a color ends inside it', () => {
    for (const colored of [false, true]) {
      useColor(colored);
      for (const line of [
        '::error::x',
        ' \t ::stop-commands::x',
        '\u00A0\u3000::x',
        `${style.dim('')}::x`,
        `${style.bad(':')}${style.good(':error::x')}`,
        'a ##[group]b ##[add-path]c',
        `${style.bold('#')}${style.bold('#')}[group]x`,
        '####[x]',
        '##vso[task.setvariable variable=x]y',
        "##teamcity[message text='x']",
      ]) {
        const text = withoutColors(written('stdout', () => out(line)));
        expect(rawIn(text)).toEqual([]);
        for (const read of text.split('\n')) expect(commandIn(read), text).toBeUndefined();
      }
    }
  });

  it('stays as it is where it only looks like one', () => {
    for (const line of ['http://[::1]:80', 'std::move', '## [a]', '# a [b]', '#[derive]', '##', 'a ::error::x', 'a\tb'])
      expect(written('stdout', () => out(line))).toBe(`${line}\n`);
  });

  it('is one line, and several are cut by whoever means them', () => {
    expect(written('stdout', () => out('a\r\nb'))).toBe('a\\r\\nb\n');
    expect(linesOf('\u001B[32mok\u001B[0m\r\nb\u001B[2J')).toEqual(['ok', 'b\u001B[2J']);
  });
});

describe('a document', () => {
  it('is read as the same value', () => {
    const json = JSON.stringify({ a: '##[group]', b: '##vso[x]', c: '###[', d: '## [' });
    expect(inertJson(json)).toBe('{"a":"#\\u0023[group]","b":"#\\u0023vso[x]","c":"##\\u0023[","d":"## ["}');
    expect(JSON.parse(inertJson(json))).toEqual(JSON.parse(json));
    expect(withoutWorkflowCommands('x')).toBe('x');
  });
});

describe('a text in a document', () => {
  const shown = (value: object) => JSON.parse(written('stdout', () => json(value))) as unknown;
  it.each(['NPM_TOKEN', 'db_password', 'STRIPE_KEY', 'sessionSecret', 'SECRET_KEY_BASE'])(
    'is not printed under the name of a secret: %s',
    (name) => expect(shown({ args: { [name]: 'canary' } })).toEqual({ args: { [name]: '********' } }),
  );
  it.each([
    ['key', 'runtime'],
    ['passwordVariable', 'DB_PASSWORD'],
    ['CACHE_KEY', 'orders'],
    ['ACCESS_TOKEN_EXPIRE_MINUTES', '30'],
    ['JWT_SECRET_FILE', '/run/secrets/jwt'],
    ['NPM_TOKEN', '${NPM_TOKEN}'],
  ])('is printed where it is none: %s: %s', (name, value) =>
    expect(shown({ [name]: value })).toEqual({ [name]: value }),
  );
});

describe('columns', () => {
  it('are as wide as what is shown, colors left out', () => {
    useColor(true);
    const rows = columns([
      [style.bold('a'), '1'],
      ['\u001B', '2'],
      ['漢字', '3'],
    ]);
    useColor(false);
    expect(rows.map((row) => withoutColors(written('stdout', () => out(row))))).toEqual([
      '  a     1\n',
      '  \\x1b  2\n',
      '  漢字    3\n',
    ]);
  });

  it('end in whole characters where they are cut', () => {
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(cut('abcdefg', 6)).toBe('abcde…');
    expect(cut('abcd😀fg', 6)).toBe('abcd…');
    expect(cut('\u202Eabcdef', 6)).toBe('\\u202…');
  });
});

describe('progress', () => {
  const tell = (json: boolean) => () => {
    const { on, end } = progress({ json });
    on({ type: 'step', id: 'a', title: 'RUN \u202Ex ##[group]\n::error::a' });
    on({ type: 'log', id: 'a', line: '\u001B[32mgreen\u001B[0m \u001B]0;title\u0007' });
    on({ type: 'done', id: 'a', ok: true, seconds: 1, note: '\u009B1m' });
    end();
  };

  it('is a line that the next one takes the place of, as wide as the terminal', () => {
    const text = watched(30, tell(false));
    const parts = text.split('\r\u001B[2K');
    expect(parts).toHaveLength(3);
    for (const part of parts) expect(rawIn(part)).toEqual([]);
    expect(parts[0]).toMatch(/ RUN \\u202ex #\\x23\[group\]\\n:$/);
    expect(parts[1]).toBe('  green \\x1b]0;title\\x07');
    for (const part of parts.slice(0, 2)) expect(part.length).toBeLessThan(30);
    useColor(true);
    const line = watched(8, () => liveLine()?.show(style.dim('123456789')));
    expect(line).toBe('\u001B[2m1234567\u001B[22m');
  });

  it('is nothing live where nobody looks on, and one object a line for programs', () => {
    expect(written('stderr', tell(false)).split('\n')).toHaveLength(2);
    const lines = written('stderr', tell(true)).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['step', 'log', 'done']);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ title: 'RUN \u202Ex ##[group]\n::error::a' });
    for (const line of lines) expect([...rawIn(line), commandIn(line)]).toEqual([undefined]);
  });
});

describe('a table that is wider than the terminal', () => {
  it('breaks its last column between words, and starts each line below the column', () => {
    expect(wrapped('  12  ', 'relative paths of the app start here', 28)).toEqual([
      '  12  relative paths of the',
      '      app start here',
    ]);
    expect(wrapped('  12  ', 'short', 28)).toEqual(['  12  short']);
  });

  it('leaves a long word whole, and a text for which there is too little room', () => {
    expect(wrapped('  ', 'https://example.com/a/long/address is long', 24)).toEqual([
      '  https://example.com/a/long/address',
      '  is long',
    ]);
    expect(wrapped('  a name of 30 characters ...  ', 'two words', 40)).toEqual([
      '  a name of 30 characters ...  two words',
    ]);
  });

  it('counts what is shown, without colors', () => {
    useColor(true);
    expect(wrapped('', `aaaa bbbb cccc ${style.dim('dddd')}`, 20)).toHaveLength(1);
  });

  it('prints whole rows where no terminal shows them', () => {
    const rows = [['a', 'word '.repeat(60).trim()]];
    expect(wrappedColumns(rows).flat()).toEqual(columns(rows));
    const { isTTY, columns: width } = process.stdout;
    Object.assign(process.stdout, { isTTY: true, columns: 80 });
    try {
      expect(wrappedColumns(rows).flat().length).toBeGreaterThan(3);
      expect(
        wrappedColumns(rows)
          .flat()
          .every((line) => line.length <= 80),
      ).toBe(true);
    } finally {
      Object.assign(process.stdout, { isTTY, columns: width });
    }
  });
});
