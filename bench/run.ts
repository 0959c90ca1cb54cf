/**
 * Measures what the README of this folder shows, and writes it: `npm run bench` (after `npm run build`). Every number is of this run; what needs a
 * Docker Engine is left out, and said so, where there is none.
 */
import { appendFileSync, cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { openArchive } from '../src/engine/archive.ts';
import { loadContext } from '../src/flows/context.ts';
import { baselineDockerfile } from '../src/ship/baseline.ts';
import { workloadOf } from '../src/ship/verify.ts';
import { cli, docker, node, repeat, root, timesOf } from './measure.ts';
import { startPart } from './start.ts';
import { workspacePart } from './workspace.ts';

const example = join(root, 'examples/orders-api');
const notTheProject = ['case.json', 'expected', 'node_modules', '.env', 'dist'];
type Row = readonly [what: string, measured: string, wanted: string, held: boolean | undefined];

const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
const megabytes = (value: number) => `${(value / 1e6).toFixed(1)} MB`;

type Sizes = { readonly gzip: number; readonly zstd: number };

/** Compressed sizes of an image as a registry would hold it: layers, manifest and configuration. */
async function sizesOf(context: string, dockerfile: string, temporary: string, target?: string): Promise<Sizes> {
  const size = async (compression: string): Promise<number> => {
    const file = join(temporary, 'image.tar');
    const output = `type=oci,dest=${file},force-compression=true,${compression}`;
    const chosen = target === undefined ? [] : ['--target', target];
    docker(['buildx', 'build', '--provenance=false', '--file', dockerfile, ...chosen, '--output', output, context]);
    const { layers, overhead } = openArchive(file);
    return layers.reduce((sum, layer) => sum + layer.size, overhead);
  };
  return { gzip: await size('compression=gzip'), zstd: await size('compression=zstd,compression-level=19') };
}

async function images(app: string, temporary: string): Promise<Row[]> {
  const { plan } = await loadContext({ cwd: app });
  const { image } = workloadOf(plan);
  const single = join(temporary, 'Dockerfile.single');
  writeFileSync(single, baselineDockerfile(image) ?? '');
  const ours = await sizesOf(app, join(app, image.dockerfile), temporary, image.targets.production);
  const bare = await sizesOf(app, join(root, 'bench/bare-runtime/Dockerfile'), temporary);
  const hand = await sizesOf(app, join(root, 'bench/hand-made/orders-api/Dockerfile'), temporary);
  const plain = await sizesOf(app, single, temporary);
  const both = ({ gzip, zstd }: Sizes) => `${megabytes(gzip)} / ${megabytes(zstd)}`;
  const within = (limit: Sizes, factor: number) => ours.gzip <= limit.gzip * factor && ours.zstd <= limit.zstd * factor;
  return [
    // a label and a health check are in the configuration of one and not of the other: 10 kB for them
    [
      'image of the orders API, gzip / zstd 19',
      both(ours),
      '≤ bare runtime + 25 %, ≤ hand-made',
      within(bare, 1.25) && within({ gzip: hand.gzip + 1e4, zstd: hand.zstd + 1e4 }, 1),
    ],
    ['bare runtime (`bench/bare-runtime`)', both(bare), '', undefined],
    ['hand-made answer (`bench/hand-made`), same app', both(hand), '', undefined],
    ['plain single stage, same app', both(plain), '', undefined],
  ];
}

/** The other examples: size against a hand-made image and a single stage, and how long building takes. */
async function others(temporary: string): Promise<string> {
  const rows: string[] = [];
  for (const name of ['links-api', 'nightly-report', 'csv-tool', 'storefront']) {
    const from = join(root, 'examples', name);
    const app = join(temporary, name);
    cpSync(from, app, { recursive: true, filter: (source) => !notTheProject.includes(relative(from, source)) });
    node([cli, '--yes'], app);
    const { plan, facts } = await loadContext({ cwd: app });
    const { image } = workloadOf(plan);
    const file = join(app, image.dockerfile);
    const target = image.targets.production;
    const build = (...more: string[]) => {
      const begin = performance.now();
      docker(['buildx', 'build', '--file', file, '--target', target, ...more, '--output', 'type=cacheonly', app]);
      return performance.now() - begin;
    };
    const cold = build('--no-cache');
    build();
    appendFileSync(join(app, 'value' in facts.entry ? facts.entry.value : ''), `\n// an edit of ${process.pid}\n`);
    const edited = build();
    const single = join(temporary, `Dockerfile.${name}`);
    writeFileSync(single, baselineDockerfile(image) ?? '');
    const ours = await sizesOf(app, file, temporary, target);
    const hand = await sizesOf(app, join(root, 'bench/hand-made', name, 'Dockerfile'), temporary);
    const plain = await sizesOf(app, single, temporary);
    const more = ((ours.gzip / hand.gzip - 1) * 100).toFixed(1);
    rows.push(
      `| ${name} | ${megabytes(ours.gzip)} | ${megabytes(hand.gzip)} | ${more} % | ${ours.gzip <= hand.gzip * 1.05 ? 'yes' : 'no'} | ${megabytes(plain.gzip)} | ${seconds(cold)} | ${seconds(edited)} |`,
    );
  }
  return [
    '| Example | Generated, gzip | Hand-made (`bench/hand-made`) | More | ≤ 5 % | Single stage | Cold build, no cache | Build after an edit |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

/** What a developer waits for after an edit, and what an orchestrator waits for at the end. */
function running(app: string): Row[] {
  const name = `dockwright-bench-${process.pid}`;
  const env = { TAG: name, PORT: '0' };
  const compose = (...args: string[]) => docker(['compose', '--project-name', name, ...args], { cwd: app, env });
  try {
    compose('build');
    const rebuild = repeat(5, (index) => {
      appendFileSync(join(app, 'src/index.ts'), `\nconsole.debug('edit ${index} of ${process.pid}');\n`);
      compose('build', 'app');
    });
    compose('up', '--detach', '--wait');
    const id = compose('ps', '--quiet', 'app');
    const codes = new Set<string>();
    const stops: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      compose('up', '--detach', '--wait');
      const begin = performance.now();
      docker(['stop', id]);
      stops.push(performance.now() - begin);
      codes.add(docker(['inspect', '--format', '{{.State.ExitCode}}', id]));
    }
    const stop = timesOf(stops);
    const exit = [...codes].join(', ');
    return [
      [
        '`docker compose build` after an edit of one file',
        `${seconds(rebuild.median)} (best ${seconds(rebuild.best)})`,
        '≤ 2 s',
        rebuild.median <= 2000,
      ],
      [
        '`docker stop`',
        `${seconds(stop.median)} (best ${seconds(stop.best)}), exit code ${exit}`,
        '≤ 0.5 s, 0',
        stop.median <= 500 && exit === '0',
      ],
    ];
  } finally {
    // only what this run made: the images of the backing services stay
    compose('down', '--volumes', '--timeout', '5');
    docker(['image', 'rm', '--force', `orders-api:${name}`]);
  }
}

const table = (rows: readonly Row[]): string =>
  [
    '| What | Measured | Wanted | Held |',
    '| --- | --- | --- | --- |',
    ...rows.map(([what, measured, wanted, held]) => {
      const verdict = held === undefined ? '' : held ? 'yes' : 'no';
      return `| ${what} | ${measured} | ${wanted} | ${verdict} |`;
    }),
  ].join('\n');

function engineVersion(): string | undefined {
  try {
    return docker(['version', '--format', '{{.Server.Version}}']);
  } catch {
    return undefined;
  }
}

const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-bench-')));
try {
  const app = join(temporary, 'orders-api');
  cpSync(example, app, { recursive: true, filter: (source) => !notTheProject.includes(relative(example, source)) });
  const start = startPart();
  const large = workspacePart();
  const engine = engineVersion();
  node([cli, '--yes'], app);
  const rest = engine === undefined ? [] : [...(await images(app, temporary)), ...running(app)];
  const rows = rest;
  const more = engine === undefined ? '' : `\n${await others(temporary)}\n`;
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}${engine === undefined ? '' : `, Docker Engine ${engine}`}`;
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const text = `<!-- \`npm run bench\` writes this from a run. -->
# Measurements

Made by \`npm run build && npm run bench\`.

## Start

${start}

## Reading a large repository

${large}

## Images

Version ${version}, ${new Date().toISOString().slice(0, 10)}, on ${machine}. Times are the median of five runs and the best of them; other work on the machine shows in the median.

${table(rows)}
${more}${engine === undefined ? '\nThere was no Docker Engine: sizes, rebuild and stop were not measured.\n' : '\nSizes are what a registry would hold: layers, manifest and configuration. Images are compared within this run only: base images change.\n'}`;
  writeFileSync(join(root, 'bench/README.md'), text);
  console.log(table(rows) + more);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
