import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeBase } from '../support/hostile/base.ts';
import { type HostileCase, hostileCases, type Run } from '../support/hostile/cases.ts';
import { before, faults } from '../support/hostile/judge.ts';
import { runIn } from '../support/hostile/run.ts';
import { sandbox } from '../support/hostile/sandbox.ts';
import { which } from '../support/hostile/spy.ts';
import { startVictim, type Victim } from '../support/hostile/victim.ts';
import { repository } from '../support/projects.ts';
import { halfOf, shardOf } from '../support/share.ts';
import { withEngine } from './engine.ts';

/** How many cases run side by side. */
const LANES = Number(process.env['LANES'] ?? 2);

/** HOSTILE=share: what runs for each change, by turns of the commits; HOSTILE=NAME,…: these folders; default: all. */
const asked = process.env['HOSTILE'];
const isNamed = (title: string) =>
  asked === undefined ||
  asked === 'all' ||
  asked.split(',').some((name) => title === name || title.startsWith(`${name}:`));
const chosen = shardOf(
  asked === 'share'
    ? halfOf(hostileCases.filter(({ share }) => share))
    : hostileCases.filter(({ title }) => isNamed(title)),
);

/** The command line under test: built from this source, unless another is named. */
const cli = process.env['DOCKWRIGHT_CLI'] ?? join(repository, 'dist/cli.mjs');

function buildWhereOld(): void {
  if (process.env['DOCKWRIGHT_CLI']) return;
  const source = join(repository, 'src');
  const newest = Math.max(
    ...readdirSync(source, { recursive: true, encoding: 'utf8' }).map((file) => statSync(join(source, file)).mtimeMs),
  );
  if (existsSync(cli) && statSync(cli).mtimeMs > newest) return;
  execFileSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'error'], { cwd: repository });
}

/** Notes what a case came to where HOSTILE_REPORT names a file: a line of JSON each. */
function report(title: string, found: readonly string[], seconds: number): void {
  const file = process.env['HOSTILE_REPORT'];
  if (file) appendFileSync(file, `${JSON.stringify({ title, seconds: Math.round(seconds), found })}\n`);
}

/** Lets so many through at a time. */
function lanes(count: number): <T>(act: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (act) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await act();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** That a run ended otherwise, or did not start a service, as an engine under load may do: nothing that reached out. */
const isAboutTheEngine = (fault: string) =>
  /: (The exit code is \d+ instead of|The service \S+ was not started)/.test(fault);

/** What is looked for, with the names of this run. */
const filled = (run: Run, fill: (text: string) => string): Run => ({
  ...run,
  ...(run.says ? { says: run.says.map(fill) } : {}),
  ...(run.never ? { never: run.never.map(fill) } : {}),
  ...(run.names ? { names: run.names.map(fill) } : {}),
});

withEngine('a hostile repository', () => {
  const lane = lanes(LANES);
  let victim: Victim | undefined;
  let whole: ReturnType<Victim['state']>;
  let base: { readonly folder: string; readonly remove: () => void };
  beforeAll(() => {
    buildWhereOld();
    base = makeBase(cli);
    victim = startVictim();
    whole = victim.state();
  });
  afterAll(() => {
    victim?.remove();
    base?.remove();
  });

  /** Runs the commands of a case one after the other, and gathers everything that is wrong. */
  async function play(input: HostileCase): Promise<string[]> {
    const box = sandbox(input, base.folder, victim?.words ?? {});
    try {
      const found: string[] = [];
      for (const [index, run] of input.runs.entries()) {
        for (const format of run.formats ?? ['text']) {
          const tag = run.args[0] === 'build' ? `hostile-${process.pid}-${box.name}-${index}:local` : undefined;
          const args = [
            ...run.args.map(box.fill),
            ...(format === 'json' ? ['--json'] : []),
            ...(tag ? ['--tag', tag] : []),
          ];
          const was = before(box);
          const ran = await runIn(box, cli, args, join(box.project, input.folder), run.within ?? 180);
          const wrong = faults(box, filled({ ...run, args }, box.fill), ran, was, tag);
          if (process.env['VERBOSE'])
            console.log(`${input.title}: ${args.join(' ')} (${ran.seconds.toFixed(1)} s)\n${ran.stderr}${ran.stdout}`);
          const shown = args.filter((word) => word !== '--tag' && word !== tag).join(' ');
          found.push(...wrong.map((fault) => `${shown}: ${fault}`));
          box.forget();
        }
      }
      return found;
    } finally {
      box.remove();
    }
  }

  /** An engine that did not start something once is asked a second time, and what it said is shown; what did harm is not played again. */
  async function playTwice(input: HostileCase): Promise<string[]> {
    const found = await play(input);
    if (found.length === 0 || !found.every(isAboutTheEngine)) return found;
    console.warn(`${input.title} is played again, as the engine did not do its part:\n${found.join('\n')}`);
    return play(input);
  }

  describe.concurrent('can do nothing outside its containers', () => {
    for (const input of chosen) {
      const lacking = input.needs.filter((program) => !which(program));
      it.skipIf(lacking.length > 0)(`${input.finding} ${input.title}`, { timeout: 1_800_000 }, () =>
        lane(async () => {
          const begin = performance.now();
          const found = await playTwice(input);
          const seconds = (performance.now() - begin) / 1000;
          const now = victim?.state() ?? {};
          const harmed = Object.keys(whole).filter((part) => JSON.stringify(now[part]) !== JSON.stringify(whole[part]));
          report(input.title, [...found, ...harmed.map((part) => `HARM: ${part}`)], seconds);
          const expected = whole;
          // the next case is judged by itself
          whole = now;
          expect(found).toEqual([]);
          expect(now).toEqual(expected);
        }),
      );
    }
  });
});
