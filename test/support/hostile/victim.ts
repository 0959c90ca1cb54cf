import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { contentsOf } from '../folder.ts';

/** Another project on the same engine: it has to be whole after whatever a hostile repository tries. */
export type Victim = {
  /** placeholders for the inputs */
  readonly words: Readonly<Record<string, string>>;
  /** all of it that could be harmed, to be compared */
  readonly state: () => Readonly<Record<string, unknown>>;
  readonly remove: () => void;
};

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 });
}

/**
 * Stands for a database: keeps data in a volume and writes down every connection, so that a visitor from a foreign container shows in
 * the data.
 */
const database = `
const { appendFileSync, existsSync, writeFileSync } = require('node:fs');
if (!existsSync('/data/precious')) writeFileSync('/data/precious', 'precious');
require('node:net').createServer((socket) => { appendFileSync('/data/visitors', 'x'); socket.end(); }).listen(5432);
process.on('SIGTERM', () => process.exit(0));
`;

/** A process that is gone: its number was given to a program that ended. */
function deadProcess(): number {
  return spawnSync('true').pid;
}

/**
 * Starts the victim: a compose project of two containers, a network, volumes and images. One container, one volume, one network and two
 * images look as a run of ours whose process was killed; another container does so down to the form of the name.
 */
export function startVictim(): Victim {
  const name = `hostile-victim-${process.pid}`;
  const run = `${name}-precious`;
  const likeOurs = `dockwright-verify-${process.pid.toString(16).padStart(8, '0')}`;
  // VICTIM_ALIVE is for an engine on which others run releases that remove whatever carries the label of a dead process
  const owner = `${hostname()}/${process.env['VICTIM_ALIVE'] ? process.pid : deadProcess()}`;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-victim-')));
  const labels = { 'io.dockwright.run': run, 'io.dockwright.owner': owner };
  const image = 'node:26-trixie-slim';
  writeFileSync(
    join(folder, 'Dockerfile'),
    `FROM ${image}\nLABEL ${Object.entries(labels)
      .map(([key, value]) => `${key}="${value}"`)
      .join(' ')}\n`,
  );
  mkdirSync(join(folder, 'files'));
  writeFileSync(join(folder, 'files/precious.txt'), 'precious\n');
  writeFileSync(join(folder, 'compose.json'), JSON.stringify(project(name, run, { image, labels }), null, 2));
  docker('image', 'build', '--quiet', '--tag', `${run}:prod`, '--tag', `${run}-db:prod`, folder);
  docker('image', 'tag', `${run}:prod`, `${likeOurs}:local`);
  const frontend = `${name}-frontend:1`;
  docker('image', 'tag', 'docker/dockerfile:1', frontend);
  docker('compose', '--project-name', name, '--file', join(folder, 'compose.json'), 'up', '--detach', '--wait');
  const like = ['--label', `io.dockwright.run=${likeOurs}`, '--label', `io.dockwright.owner=${owner}`];
  docker('volume', 'create', ...like, `${name}-like-ours`);
  docker(
    'run',
    '--detach',
    '--name',
    `${name}-like-ours`,
    ...like,
    '--volume',
    `${name}-like-ours:/data`,
    image,
    'node',
    '-e',
    database,
  );
  const containers = [`${name}-db`, `${name}-web`, `${name}-like-ours`];
  const images = [`${run}:prod`, `${run}-db:prod`, `${likeOurs}:local`, frontend];
  return {
    words: {
      VICTIM: `${name}-db`,
      VICTIM_PROJECT: name,
      VICTIM_VOLUME: `${name}_data`,
      VICTIM_NETWORK: `${name}_default`,
      VICTIM_IMAGE: `${run}:prod`,
      VICTIM_FOLDER: folder,
      VICTIM_RUN: run,
      FRONTEND: frontend,
    },
    state: () => ({
      containers: containers.map(containerState),
      volumes: [`${name}_data`, `${name}_cache`, `${name}-like-ours`].map(volumeState),
      network: networkState(`${name}_default`),
      images: images.map((tag) => [tag, inspected('image', tag, '{{.Id}}')]),
      folder: contentsOf(folder),
    }),
    remove: () => {
      spawnSync('docker', ['container', 'rm', '--force', '--volumes', ...containers]);
      spawnSync('docker', ['compose', '--project-name', name, 'down', '--volumes']);
      spawnSync('docker', ['volume', 'rm', '--force', `${name}_data`, `${name}_cache`, `${name}-like-ours`]);
      spawnSync('docker', ['image', 'rm', ...images]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const project = (name: string, run: string, { image, labels }: { image: string; labels: Record<string, string> }) => ({
  name,
  services: {
    db: {
      image,
      container_name: `${name}-db`,
      command: ['node', '-e', database.replaceAll('$', '$$$$')],
      volumes: ['data:/data'],
      environment: { PASSWORD: 'of-the-victim' },
      restart: 'unless-stopped',
    },
    // inherits the labels of its image, and has them itself
    web: {
      image: `${run}:prod`,
      container_name: `${name}-web`,
      command: ['sleep', 'infinity'],
      init: true,
      labels,
      volumes: ['cache:/data'],
    },
  },
  networks: { default: { labels } },
  volumes: { data: {}, cache: { labels } },
});

/** A field of something on the engine; "gone" where there is no such thing. */
function inspected(kind: string, name: string, format: string): string {
  const { status, stdout } = spawnSync('docker', [kind, 'inspect', '--format', format, name], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : 'gone';
}

const containerState = (name: string) => [
  name,
  inspected(
    'container',
    name,
    '{{.Id}} {{.State.Status}} {{.State.StartedAt}} {{.RestartCount}} {{.Image}} {{json .Mounts}} {{json .HostConfig.Binds}}',
  ),
  spawnSync(
    'docker',
    ['container', 'exec', name, 'sh', '-c', 'cd /data && find . -type f -exec sha256sum {} + | sort'],
    { encoding: 'utf8' },
  ).stdout,
];

const volumeState = (name: string) => [name, inspected('volume', name, '{{.CreatedAt}} {{json .Labels}}')];

/** Which containers are in the network: nobody else may join it. */
const networkState = (name: string) => [
  name,
  inspected('network', name, '{{.Id}} {{range $id, $container := .Containers}}{{$id}} {{end}}').split(' ').sort(),
];
