import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repository } from '../support/projects.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

/**
 * The generated workflow, step by step on this machine: every `run:` in the shell that GitHub gives it, and for `uses:` of build the command that its
 * inputs stand for. What is of GitHub alone (its cache, its page of findings, its token) is left out, and so are scanner and SBOM, which the test bed has
 * only on request.
 */
const own = `workflow-${randomBytes(4).toString('hex')}`;
const registryName = `${own}-registry`;
let copy: Copy;
let place = '';

type Step = {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
};

/** What one run of a job knows. */
type Run = {
  readonly folder: string;
  readonly github: Readonly<Record<string, string>>;
  readonly outputs: Map<string, string>;
};

const lines = (value: unknown): string[] =>
  String(value ?? '')
    .split('\n')
    .filter(Boolean);

/** A value with its expressions filled in; they are names of outputs and of the run. */
function filled(run: Run, value: unknown): string {
  return String(value).replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
    if (name === "'${{'") return '${{';
    if (name === 'runner.temp') return join(run.folder, 'temp');
    if (name === 'github.sha') return run.github['GITHUB_SHA'] ?? '';
    if (name === "github.event_name == 'schedule'") return 'false';
    const [, id, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/.exec(name) ?? [];
    return run.outputs.get(`${id}.${output}`) ?? '';
  });
}

const isSkipped = (run: Run, { if: when = '' }: Step): boolean =>
  when.includes('outputs.push') && run.outputs.get('names.push') !== 'true';

function build(run: Run, { id = 'none', with: inputs = {} }: Step): void {
  const metadata = join(run.folder, 'metadata.json');
  const value = (name: string): string[] =>
    inputs[name] === undefined ? [] : [`--${name}`, filled(run, inputs[name])];
  const isCheck = inputs['call'] !== undefined;
  docker(
    [
      ...['buildx', 'build', '--metadata-file', metadata],
      ...value('file'),
      ...value('target'),
      ...value('call'),
      ...lines(inputs['build-args']).flatMap((line) => ['--build-arg', filled(run, line)]),
      ...lines(inputs['tags']).flatMap((line) => ['--tag', filled(run, line)]),
      ...(inputs['load'] ? ['--load'] : []),
      ...(inputs['provenance'] === undefined ? [] : ['--provenance', filled(run, inputs['provenance'])]),
      // the engine's own builder knows no push without a tag; the workflow has one in a container
      ...(inputs['outputs'] === undefined
        ? []
        : ['--output', filled(run, inputs['outputs']).replace(',push-by-digest=true', ':upload')]),
      filled(run, inputs['context']),
    ],
    copy.root,
  );
  if (isCheck) return;
  const said = JSON.parse(readFileSync(metadata, 'utf8')) as Record<string, string>;
  run.outputs.set(`${id}.digest`, said['containerimage.digest'] ?? '');
  run.outputs.set(`${id}.imageid`, said['containerimage.config.digest'] ?? said['containerimage.digest'] ?? '');
}

function shell(run: Run, { id = 'none', env = {}, run: script = '' }: Step) {
  const output = join(run.folder, 'output');
  writeFileSync(output, '');
  const values = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(run, value)]));
  const ended = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', filled(run, script)], {
    cwd: copy.root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: run.folder,
      LC_ALL: 'C.UTF-8',
      DOCKER_CONFIG: process.env['DOCKER_CONFIG'] ?? join(process.env['HOME'] ?? '', '.docker'),
      COMPOSE_PROJECT_NAME: own,
      PORT: '0',
      RUNNER_TEMP: join(run.folder, 'temp'),
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: join(run.folder, 'summary.md'),
      ...run.github,
      ...values,
    },
  });
  for (const line of lines(readFileSync(output, 'utf8'))) {
    const at = line.indexOf('=');
    run.outputs.set(`${id}.${line.slice(0, at)}`, line.slice(at + 1));
  }
  return ended;
}

/** Runs a job; gives back what each step did, and the page of the run. */
function job(name: string, github: Readonly<Record<string, string>>) {
  const folder = join(copy.root, '..', `run-${randomBytes(4).toString('hex')}`);
  mkdirSync(join(folder, 'temp'), { recursive: true });
  const run: Run = { folder, github, outputs: new Map() };
  const { jobs } = parse(readFileSync(join(copy.root, '.github/workflows/image.yml'), 'utf8')) as {
    jobs: Record<string, { steps: Step[] }>;
  };
  const failed: string[] = [];
  for (const step of jobs[name]?.steps ?? []) {
    if (failed.length > 0 || isSkipped(run, step)) continue;
    if (step.uses?.startsWith('docker/build-push-action@')) build(run, step);
    if (step.run === undefined) continue;
    const { status, stdout, stderr } = shell(run, step);
    if (status !== 0) failed.push(step.name, stdout, stderr);
  }
  const page = join(folder, 'summary.md');
  const summary = existsSync(page) ? readFileSync(page, 'utf8') : '';
  rmSync(folder, { recursive: true, force: true });
  return { failed, summary, outputs: run.outputs };
}

const commit = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: copy.root, encoding: 'utf8' }).trim();
const pushed = (type: 'branch' | 'tag', name: string) => ({
  GITHUB_SHA: commit(),
  GITHUB_REF_NAME: name,
  GITHUB_REF_TYPE: type,
  GITHUB_EVENT_NAME: 'push',
});
const digestOf = (tag: string) =>
  (
    JSON.parse(docker(['buildx', 'imagetools', 'inspect', '--format', '{{json .Manifest}}', `${place}:${tag}`])) as {
      digest: string;
    }
  ).digest;

withEngine('the workflow', () => {
  beforeAll(async () => {
    docker(['run', '--detach', '--name', registryName, '--publish', '127.0.0.1::5000', 'registry:2']);
    place = `${docker(['port', registryName, '5000/tcp']).trim()}/acme/orders`;
    copy = await generated(join(repository, 'examples/orders-api'), {
      name: own,
      registry: place,
      budget: '500MB',
      ci: { provider: 'github' },
    });
    // on a build server nothing is there but what is committed
    rmSync(join(copy.root, '.env'), { force: true });
  });
  afterAll(() => {
    docker(['rm', '--force', '--volumes', registryName]);
    spawnSync('docker', ['image', 'rm', '--force', `${own}:local`]);
    copy?.remove();
  });

  it('checks the Dockerfile and runs the tests', () => {
    expect(job('checks', pushed('branch', 'feature')).failed).toEqual([]);
  });

  it('starts what it builds and pushes nothing from another branch', () => {
    const { failed, summary } = job('image', pushed('branch', 'feature'));
    expect(failed).toEqual([]);
    expect(summary).toContain(`| \`${own}:local\` |`);
    expect(summary).toContain('The budget is 500 MB compressed.');
    expect(existsSync(join(copy.root, '.env'))).toBe(false);
    expect(() => digestOf('feature')).toThrow();
  });

  it('pushes what it started from main and from a version, and moves no version', () => {
    const main = job('image', pushed('branch', 'main'));
    expect(main.failed).toEqual([]);
    const digest = main.outputs.get('push-app.digest') ?? '';
    expect(digestOf('main')).toBe(digest);
    expect(digestOf(commit().slice(0, 12))).toBe(digest);
    expect(main.summary).toContain(`docker run --rm ${place}@${digest}`);
    const version = job('image', pushed('tag', 'v1.0.0'));
    expect(version.failed).toEqual([]);
    const first = digestOf('1.0.0');
    expect(version.summary).toContain('- Tag: `1.0.0`');
    appendFileSync(join(copy.root, 'src/index.ts'), '\nconsole.log("changed");\n');
    const again = job('image', pushed('tag', 'v1.0.0'));
    expect(again.failed).toEqual([]);
    expect(digestOf('1.0.0')).toBe(first);
  });

  it('pushes nothing that does not become healthy', () => {
    writeFileSync(join(copy.root, 'src/index.ts'), 'throw new Error("broken ::error::x");\n');
    const { failed } = job('image', pushed('branch', 'main'));
    expect(failed[0]).toBe('Start it and wait until it is healthy');
    expect(failed[1]).toContain('::stop-commands::');
  });
});
