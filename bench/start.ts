/**
 * Measures how long the command line takes to start and to preview the orders API, and how much memory it takes: `npm run bench:start`, after
 * `npm run build`. `BENCH_NODES` names more programs of Node.js, with `:` between them. On a machine that others work on, root measures with
 * `chrt --fifo 5 npm run bench:start`, which lets other work wait. Writes its part of README.md.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cli, root, type Times, timesOf } from './measure.ts';

const runs = 25;
const notTheProject = ['case.json', 'expected', 'node_modules', '.env', 'dist'];

/** Both times in milliseconds: until it ended, and what the processor worked for it. Memory in bytes, at its peak. */
type Sample = { readonly milliseconds: number; readonly processor: number; readonly memory: number };
type Samples = Readonly<Record<'bare' | 'version' | 'preview', readonly Sample[]>>;

/** Where one Node.js is measured: its program, the application, and a home with a cache of its own. */
type Place = { readonly program: string; readonly app: string; readonly home: string };

/** Runs one command and waits for its end; the system counts the memory that it held at its peak, and the time of the processor. */
function sample({ program, app, home }: Place, words: readonly string[]): Sample {
  const file = join(home, 'usage');
  const env = { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, '.cache') };
  // other work, and what limits the time of whoever goes first, gets a turn in between
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  const begin = performance.now();
  const run = spawnSync(program, words, { cwd: app, env, stdio: 'ignore' });
  const milliseconds = performance.now() - begin;
  if (run.status !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${run.status}`);
  // once more for what it used: asking for it takes time
  const probe = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.resourceUsage())));`;
  const required = join(home, 'probe.cjs');
  writeFileSync(required, probe);
  spawnSync(program, ['--require', required, ...words], { cwd: app, env, stdio: 'ignore' });
  const used = JSON.parse(readFileSync(file, 'utf8')) as NodeJS.ResourceUsage;
  const processor = (used.userCPUTime + used.systemCPUTime) / 1000;
  return { milliseconds, processor, memory: used.maxRSS * 1024 };
}

/** One after the other in turn, so that other work on the machine meets all of them. The first run of each only fills the caches. */
function samplesOf(place: Place): Samples {
  const commands = { bare: ['-e', '0'], version: [cli, '--version'], preview: [cli, '--dry-run'] };
  for (const words of Object.values(commands)) sample(place, words);
  const rounds = Array.from({ length: runs }, () => ({
    bare: sample(place, commands.bare),
    version: sample(place, commands.version),
    preview: sample(place, commands.preview),
  }));
  return {
    bare: rounds.map(({ bare }) => bare),
    version: rounds.map(({ version }) => version),
    preview: rounds.map(({ preview }) => preview),
  };
}

type Measure = 'milliseconds' | 'processor';

/** What is made of the two values of each round. */
const paired = (
  a: readonly Sample[],
  b: readonly Sample[],
  what: Measure,
  make: (a: number, b: number) => number,
): Times => timesOf(a.map((sample, index) => make(sample[what], b[index]?.[what] ?? Number.NaN)));

function rowsOf(place: Place): readonly string[] {
  const version = spawnSync(place.program, ['--version'], { encoding: 'utf8' }).stdout.trim();
  const { bare, version: own, preview } = samplesOf(place);
  const ratio = paired(own, bare, 'milliseconds', (a, b) => a / b).median;
  const times = (samples: readonly Sample[], what: Measure = 'milliseconds') =>
    timesOf(samples.map((one) => one[what]));
  const beyond = (what: Measure) => {
    const { median } = paired(preview, own, what, (a, b) => a - b);
    const least = times(preview, what).best - times(own, what).best;
    return { median, words: `${Math.round(median)} ms (the best of each: ${Math.round(least)})` };
  };
  const memory = Math.max(...preview.map((one) => one.memory)) / 1e6;
  const limit = Number(/^v(\d+)/.exec(version)?.[1]) < 22 ? 150 : 120;
  const both = ({ median, best }: Times) => `${Math.round(median)} ms (best ${Math.round(best)})`;
  const held = (is: boolean) => (is ? 'yes' : 'no');
  const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    row(version, '`node -e 0`, for comparison', both(times(bare)), '', ''),
    row(version, '`--version`', both(times(own)), '', ''),
    row(version, 'the same against `node -e 0`', `${ratio.toFixed(2)} times`, '≤ 1.4 times', held(ratio <= 1.4)),
    row(version, '`--dry-run` on the orders API', both(times(preview)), '', ''),
    row(
      version,
      'the same beyond `--version`',
      beyond('milliseconds').words,
      `≤ ${limit} ms`,
      held(beyond('milliseconds').median <= limit),
    ),
    row(version, 'the same of the processor', beyond('processor').words, '', ''),
    row(version, 'peak memory of the same', `${memory.toFixed(1)} MB`, '≤ 80 MB', held(memory <= 80)),
  ];
}

/** The table, with each Node.js that is asked for. */
export function startTable(): string {
  const named = (process.env['BENCH_NODES'] ?? '').split(delimiter).filter((program) => program !== '');
  // below the temporary folder nothing compiled is kept: others may write there
  const home = realpathSync(mkdtempSync(join(homedir(), '.dockwright-bench-')));
  try {
    const app = join(home, 'orders-api');
    const example = join(root, 'examples/orders-api');
    cpSync(example, app, { recursive: true, filter: (source) => !notTheProject.includes(relative(example, source)) });
    const rows = [process.execPath, ...named].flatMap((program) => rowsOf({ program, app, home }));
    return ['| Node.js | What | Measured | Wanted | Held |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

const begin = '<!-- start: `npm run bench:start` writes this part -->';
const end = '<!-- end of start -->';

/** The part of the page that this file writes. */
export const startPart = (): string => {
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`;
  return `${begin}

${new Date().toISOString().slice(0, 10)}, on ${machine}: the median of ${runs} rounds and the best of them. A round runs the three commands one after the
other; what is compared is of one round. The compiled form is kept from the second run on (\`src/engine/program.ts\`). Other work on the machine shows in
every number, and least in the time of the processor (where it is shared: \`chrt --fifo 5 npm run bench:start\`).

${startTable()}

${end}`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = join(root, 'bench/README.md');
  const text = readFileSync(page, 'utf8');
  const part = startPart();
  const at = text.indexOf(begin);
  if (at < 0 || !text.includes(end)) throw new Error('bench/README.md has no marks of this part');
  writeFileSync(page, text.slice(0, at) + part + text.slice(text.indexOf(end) + end.length));
  console.log(part);
}
