/**
 * Writes `docs/screens.md` from real runs of the built command line: `npm run screens`. Everything happens in copies below the temporary folder. The
 * runs of `verify` need a Docker Engine.
 */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');
const cli = join(root, 'dist/cli.mjs');
const notTheProject = ['case.json', 'expected', 'node_modules', '.env', 'dist'];
const base = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-screens-')));

type Screen = {
  readonly title: string;
  /** what the reader sees, and what to do with it */
  readonly about: string;
  readonly args: readonly string[];
  readonly folder: string;
  /** what happened before */
  readonly before?: (folder: string) => void;
  /** leaves out the progress, which a terminal shows while it runs */
  readonly quiet?: boolean;
};

/** A copy of an example or a fixture. */
function copy(name: string, source: string): string {
  const folder = join(base, name);
  const from = join(root, source);
  cpSync(from, folder, { recursive: true, filter: (path) => !notTheProject.includes(relative(from, path)) });
  return folder;
}

function small(name: string, files: Readonly<Record<string, string>>): string {
  const folder = join(base, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

function replaceIn(folder: string, path: string, from: string | RegExp, to: string): void {
  const file = join(folder, path);
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${path} has no ${from}`);
  writeFileSync(file, changed);
}

/** What a run prints, at 100 columns and without color. */
function run({ args, folder, quiet = false }: Screen): string {
  const env = { ...process.env, COLUMNS: '100', NO_COLOR: '1', CI: '1' };
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  const text = `${stdout}${quiet ? '' : stderr}`.replaceAll(folder, '~/project').replaceAll(base, '~').trimEnd();
  return `$ dockwright ${args.join(' ')}\n\n${text}\n\n[exit code ${status}]`;
}

const orders = copy('orders-api', 'examples/orders-api');
const server = "require('node:http').createServer((_, answer) => answer.end('ok')).listen(process.env.PORT || 3000);\n";
const two = small('two', {
  'package.json': '{ "name": "shop", "private": true, "workspaces": ["api", "admin"] }\n',
  'api/package.json': '{ "name": "api", "scripts": { "start": "node server.js" } }\n',
  'api/server.js': server,
  'admin/package.json': '{ "name": "admin", "scripts": { "start": "node server.js" } }\n',
  'admin/server.js': server,
});

const screens: readonly Screen[] = [
  {
    title: 'The preview',
    about: 'What was found, with file and line, and what would be written. Nothing is written.',
    args: ['--dry-run'],
    folder: orders,
  },
  {
    title: 'Writing',
    about: 'The same with `--yes`: each written file, and the next steps.',
    args: ['--yes'],
    folder: orders,
  },
  {
    title: 'Why a line is there',
    about: 'Every generated line has a decision with its evidence.',
    args: ['explain', 'Dockerfile:12'],
    folder: orders,
  },
  { title: 'A clean project', about: '`check` is for CI: exit code 0 means ready.', args: ['check'], folder: orders },
  {
    title: 'The project moved on',
    about:
      'The port changed in the source, but the generated files still have the old one. `check` shows the fact and the affected lines.',
    args: ['check'],
    folder: orders,
    before: (folder) => replaceIn(folder, 'src/env.ts', 'default(3000)', 'default(3100)'),
  },
  {
    title: 'A conflict',
    about: 'You and the project changed the same line. Nothing is written until you choose.',
    args: ['--yes'],
    folder: orders,
    before: (folder) => replaceIn(folder, 'Dockerfile', /EXPOSE \d+/, 'EXPOSE 9999'),
  },
  {
    title: 'Everyday commands',
    about: 'The commands for this project, with its names and ports.',
    args: ['commands'],
    folder: orders,
  },
  {
    title: 'A question',
    about:
      'The repository contains two applications, and there is no terminal to ask in: the message shows the flags to use.',
    args: ['--yes'],
    folder: two,
  },
  {
    title: 'A mistyped command',
    about: 'Errors say what is wrong, and what to do next.',
    args: ['chek'],
    folder: orders,
  },
  {
    title: 'A deployment that does not come up',
    about: '`verify` starts it as in production. Here the server exits at startup; the log shows the cause.',
    args: ['verify'],
    quiet: true,
    folder: copy('broken', 'fixtures/apps/node-http-plain'),
    before: (folder) => {
      spawnSync(process.execPath, [cli, '--yes'], { cwd: folder });
      appendFileSync(join(folder, 'Dockerfile'), '\nCMD ["node", "missing.js"]\n');
    },
  },
];

const parts = screens.flatMap((screen, at) => {
  const { title, about, folder, before } = screen;
  before?.(folder);
  console.log(title);
  return [`## ${at + 1}. ${title}`, about, `\`\`\`text\n${run(screen)}\n\`\`\``];
});
writeFileSync(
  join(root, 'docs/screens.md'),
  `${['<!-- Written by `npm run screens` from real runs. -->\n# Screens', 'For newcomers: the ten screens that matter, at 100 columns and without color.', ...parts].join('\n\n')}\n`,
);
rmSync(base, { recursive: true, force: true });
