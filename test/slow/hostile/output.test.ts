import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dockwright, dockwrightHere, type Ran } from '../../support/cli.ts';
import { annotationIn, commandIn, linesRead, rawIn, withoutColors } from '../../support/output.ts';
import { project, put, sound } from '../../unit/hostile/support.ts';
import { hostileFiles, ordinary, texts } from '../../unit/hostile/texts.ts';

/** More in a job of its own: `CASES=2000 npx vitest run --project slow test/slow/hostile/output.test.ts`. */
const count = Number(process.env['CASES'] ?? 12);
const seed = Number(process.env['SEED'] ?? 20_261_121);

const commands: readonly (readonly string[])[] = [
  ['generate', '--dry-run'],
  ['generate', '--dry-run', '--diff'],
  [],
  ['inspect'],
  ['plan'],
  ['check'],
  ['commands'],
  ['explain', 'Dockerfile:14'],
  ['explain', '.env.example:6'],
  ['explain', 'docker-compose.yml:9'],
];

/** Everything that a run printed is harmless; with `annotations`, those of standard output are read and left out first. */
function harmless(ran: Ran, what: string, annotations = false): void {
  for (const [name, stream] of Object.entries({ out: ran.out, err: ran.err })) {
    expect(rawIn(withoutColors(stream)), `${what}: ${name} has raw characters`).toEqual([]);
    for (const line of linesRead(withoutColors(stream))) {
      const annotation = annotations && name === 'out' ? annotationIn(line) : undefined;
      if (annotation) {
        expect(
          Object.keys(annotation.properties).filter((key) => !['file', 'line', 'endLine', 'title'].includes(key)),
        ).toEqual([]);
        for (const text of [...Object.values(annotation.properties), ...linesRead(annotation.message)]) {
          expect(rawIn(text), `${what}: an annotation`).toEqual([]);
          expect(commandIn(text), `${what}: an annotation`).toBeUndefined();
        }
      } else expect(commandIn(line), `${what}: ${name}`).toBeUndefined();
    }
  }
  expect(ran.code, `${what}: ${ran.err}`).not.toBe(70);
}

describe('whatever stands in a project', () => {
  it(
    'nothing that is printed moves the cursor, turns text around or is a command to a build server',
    async () => {
      let made = 0;
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(texts, fc.boolean(), fc.boolean(), async (text, color, generatedBefore) => {
          const root = project(sound);
          if (generatedBefore) expect((await dockwrightHere(['--yes', '--cwd', root])).code).toBe(0);
          for (const [path, content] of Object.entries(hostileFiles(text)))
            if (!generatedBefore || !['Dockerfile', 'docker-compose.yml'].includes(path)) put(root, path, content);
          for (const words of commands) {
            const args = [...words, '--cwd', root];
            const ran = await dockwrightHere(args, color);
            harmless(ran, words.join(' '));
            if ([0, 1].includes(ran.code ?? -1)) made += 1;
            else refused += 1;
            const asJson = await dockwrightHere([...args, '--json'], color);
            harmless(asJson, `${words.join(' ')} --json`);
            expect(() => JSON.parse(asJson.out)).not.toThrow();
          }
          harmless(
            await dockwrightHere(['check', '--format', 'github', '--cwd', root], color),
            'check --format github',
            true,
          );
        }),
        { numRuns: count, seed },
      );
      expect(made).toBeGreaterThan(count);
      expect(refused).toBeGreaterThan(count);
    },
    60_000 + count * 4_000,
  );

  it('the words of the command line come back as harmless as they went', async () => {
    const nasty = '\u001B[2J\n::error::x\u202E##[group]';
    for (const args of [
      [nasty],
      [`--${nasty}`],
      ['--set', nasty],
      ['explain', nasty],
      ['explain', `${nasty}:1`],
      ['--accept', `${nasty}=x`],
    ]) {
      const root = project(sound);
      for (const more of [[], ['--json']]) {
        const ran = await dockwrightHere([...args, ...more, '--cwd', root]);
        harmless(ran, JSON.stringify(args));
        expect(ran.code).toBe(2);
      }
    }
  });

  it('what is printed in colors is the same text', async () => {
    const root = project({
      ...sound,
      ...hostileFiles({ ...ordinary, defaultValue: '\u001B[31mred\u001B[39m', name: 'tea\u202E' }),
    });
    const [plain, colored] = [
      await dockwrightHere(['--dry-run', '--cwd', root]),
      await dockwrightHere(['--dry-run', '--cwd', root], true),
    ];
    expect(colored.out).not.toBe(plain.out);
    expect(withoutColors(colored.out)).toBe(plain.out);
    expect(plain.out).toContain('LEVEL = \\x1b[31mred\\x1b[39m');
    expect(plain.out).toContain('ntea\\u202e');
  });

  it('a document has the same values, however it is written', async () => {
    const value = '\u001B[2J\u202E\u{E0041}\u009B##[group]👩‍👩‍👧';
    const root = project({ ...sound, ...hostileFiles({ ...ordinary, defaultValue: value }) });
    const { out } = await dockwrightHere(['inspect', '--json', '--cwd', root]);
    const { repository } = JSON.parse(out) as {
      repository: { apps: { variables: { name: string; default?: string }[] }[] };
    };
    expect(repository.apps[0]?.variables.find((one) => one.name === 'LEVEL')?.default).toBe(value);
    expect(out).toContain('#\\u0023[group]👩‍👩‍👧');
  });
});

describe('the program itself', () => {
  const nasty = '\u001B[2J\u202E';

  it('is as careful with colors from the environment, and in a workflow', async () => {
    const files = {
      ...sound,
      ...hostileFiles({
        ...ordinary,
        natural: '\n::error::made up',
        status: '\n::error::made up',
        id: '\r::stop-commands::x',
        defaultValue: `${nasty}##[group]`,
      }),
    };
    const root = project(files);
    const env = { FORCE_COLOR: '1', GITHUB_ACTIONS: 'true', CI: 'true' };
    const [preview, check] = await Promise.all([
      dockwright(['--dry-run'], root, env),
      dockwright(['check', '--format', 'github'], root, env),
    ]);
    harmless(preview, 'preview');
    harmless(check, 'check', true);
    expect(preview.out).toContain('\u001B[1m');
    expect(check.out).toMatch(/^::error /m);
    expect(check.err).toContain('\\n::error::made up');
  });

  it('prints what libraries warn of, and what nobody catches, no other way', async () => {
    const root = project();
    const preload = join(root, 'preload.cjs');
    const text = JSON.stringify(`${nasty}\n::error::x`);
    writeFileSync(
      preload,
      `const wait = setInterval(() => {
        if (process.listenerCount('uncaughtException') === 0) return;
        clearInterval(wait);
        process.emitWarning(${text}, 'Nasty\\n');
        setTimeout(() => { throw new Error(${text}); }, 1);
      }, 1);`,
    );
    const ran = await dockwright(['--dry-run'], root, { NODE_OPTIONS: `--require ${preload}`, DEBUG: '1' });
    harmless({ ...ran, code: 0 }, 'a crash');
    expect(ran.code).toBe(70);
    expect(ran.err).toContain('Nasty\\n: \\x1b[2J\\u202e\\n::error::x');
    expect(ran.err).toContain('\n  \\x1b[2J\\u202e\\n::error::x');
  });
});
