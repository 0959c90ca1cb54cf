import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { HostileCase, Step } from './cases.ts';
import { spies } from './spy.ts';

/** A temporary folder with everything that a case may touch, and that must be as before afterwards. */
export type Sandbox = {
  readonly name: string;
  readonly project: string;
  /** where hostile commands leave their mark: it has to stay empty */
  readonly touched: string;
  /** a folder beside the project, with a file that is no business of the project */
  readonly outside: string;
  readonly home: string;
  /** the temporary folder of the commands */
  readonly tmp: string;
  /** what the programs that were started were given; see spy.ts */
  readonly calls: string;
  /** the environment of the commands */
  readonly env: Readonly<Record<string, string>>;
  /** values that must turn up nowhere, by where they stand */
  readonly canaries: Readonly<Record<string, string>>;
  /** replaces the placeholders of a text */
  readonly fill: (text: string) => string;
  /** forgets what was started until now */
  readonly forget: () => void;
  readonly remove: () => void;
};

const canary = () => `cnry${randomBytes(12).toString('hex')}`;

/** The canaries: variables of the shell, values of files of the user, and a short one. */
function canaries(): Record<string, string> {
  return {
    DB_SECRET: canary(),
    AWS_SECRET_ACCESS_KEY: canary(),
    GITHUB_TOKEN: canary(),
    NPM_TOKEN: canary(),
    // harmless to Node.js, and to be found again
    NODE_OPTIONS: `--title=${canary()}`,
    '.env': canary(),
    '.env, short': canary().slice(0, 14),
    'file outside': canary(),
    'env file outside': canary(),
    'file at home': canary(),
  };
}

/** How the commands reach the engine, though HOME is another: the endpoint of the current context, and the plugins. */
function engineEnvironment(): Record<string, string> {
  const config = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  const host = execFileSync('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], {
    encoding: 'utf8',
  }).trim();
  return { ...(existsSync(config) ? { DOCKER_CONFIG: config } : {}), DOCKER_HOST: process.env['DOCKER_HOST'] ?? host };
}

const git = (cwd: string, ...args: string[]) =>
  execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main', ...args],
    {
      cwd,
      stdio: 'pipe',
      env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), GIT_CONFIG_NOSYSTEM: '1' },
    },
  );

/** Sets up the input of a case in a folder of its own, over the deployment of the small server in `base`. */
export function sandbox(it: HostileCase, base: string, words: Readonly<Record<string, string>>): Sandbox {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')));
  const at = (name: string) => {
    mkdirSync(join(path, name));
    return join(path, name);
  };
  const [touched, outside, home, tmp, calls, bin] = ['touched', 'outside', 'home', 'tmp', 'calls', 'bin'].map(at);
  if (!touched || !outside || !home || !tmp || !calls || !bin) throw new Error('No sandbox.');
  const project = join(path, 'project');
  const secret = canaries();
  const fill = filler({
    ...words,
    TOUCHED: touched,
    OUTSIDE: outside,
    PROJECT: project,
    HOME: home,
    PATH: `${bin}:${process.env['PATH']}`,
    HOSTNAME: hostname(),
    ...Object.fromEntries(Object.entries(secret).map(([name, value]) => [`CANARY ${name}`, value])),
  });
  writeFileSync(join(outside, 'secret.txt'), `${secret['file outside']}\n`);
  writeFileSync(join(outside, 'out.env'), `OUTSIDE_SECRET=${secret['env file outside']}\n`);
  // what we remember of a user's own folders lies below it
  mkdirSync(join(home, '.local/state'), { recursive: true });
  writeFileSync(join(home, '.netrc'), `machine example.org login me password ${secret['file at home']}\n`);
  spies(bin, calls, tmp);
  const place = { project, outside, home, fill };
  makeProject(it, base, place, path);
  writeFileSync(
    join(project, it.folder, '.env'),
    `DOTENV_SECRET=${secret['.env']}\nDOTENV_PIN=${secret['.env, short']}\n`,
  );
  for (const step of it.after) perform(step, place);
  const shell = Object.entries(secret).filter(([name]) => /^[A-Z_]+$/.test(name));
  return {
    name: basename(path).toLowerCase(),
    project,
    touched,
    outside,
    home,
    tmp,
    calls,
    canaries: secret,
    env: {
      PATH: `${bin}:${process.env['PATH']}`,
      HOME: home,
      TMPDIR: tmp,
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      ...engineEnvironment(),
      ...Object.fromEntries(shell),
      ...Object.fromEntries(Object.entries(it.env).map(([name, value]) => [name, fill(value)])),
    },
    fill,
    forget: () => {
      for (const call of readdirSync(calls)) rmSync(join(calls, call), { recursive: true, force: true });
      for (const mark of readdirSync(touched)) rmSync(join(touched, mark), { recursive: true, force: true });
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Replaces {{NAME}} by what it stands for; an unknown name is a fault of the case. */
function filler(words: Readonly<Record<string, string>>): (text: string) => string {
  return (text) =>
    text.replace(/\{\{([^{}]+)\}\}/g, (_, name: string) => {
      const word = words[name];
      if (word === undefined)
        throw new Error(`A hostile case names {{${name}}}: known are ${Object.keys(words).join(', ')}.`);
      return word;
    });
}

type Place = {
  readonly project: string;
  readonly outside: string;
  readonly home: string;
  readonly fill: (text: string) => string;
};

function makeProject(it: HostileCase, base: string, place: Place, path: string): void {
  const origin = it.history === 'clone' ? join(path, 'origin') : place.project;
  const within = { ...place, project: origin };
  mkdirSync(join(origin, it.folder), { recursive: true });
  if (it.base === 'app') cpSync(base, join(origin, it.folder), { recursive: true });
  cpSync(it.input, origin, {
    recursive: true,
    filter: (source) => relative(it.input, source) !== 'case.json',
  });
  for (const file of filesIn(it.input)) {
    if (file !== 'case.json') writeFileSync(join(origin, file), place.fill(readFileSync(join(it.input, file), 'utf8')));
  }
  if (it.history !== 'none') git(origin, 'init', '--quiet');
  for (const step of it.setup) perform(step, within);
  if (it.history === 'none') return;
  git(origin, 'add', '--all', '--force');
  git(origin, 'commit', '--quiet', '--message', 'the input');
  if (it.history === 'clone') git(path, 'clone', '--quiet', origin, place.project);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());

function perform(step: Step, { project, outside, home, fill }: Place): void {
  const put = (root: string, name: string, content: string | Uint8Array, mode?: string) => {
    const file = join(root, fill(name));
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, content);
    if (mode) chmodSync(file, Number.parseInt(mode, 8));
  };
  if ('write' in step) {
    if ('base64' in step) put(project, step.write, Buffer.from(step.base64, 'base64'));
    else if ('json' in step) put(project, step.write, fill(`${JSON.stringify(step.json, null, 2)}\n`));
    else put(project, step.write, fill(step.text), step.mode);
  } else if ('append' in step) {
    appendFileSync(join(project, step.append), fill(step.text));
  } else if ('replace' in step) {
    const file = join(project, step.replace);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(step.from)) throw new Error(`${step.replace} does not hold ${step.from}.`);
    writeFileSync(
      file,
      text.replace(step.from, () => fill(step.to)),
    );
  } else if ('link' in step) {
    const link = join(project, step.link);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { recursive: true, force: true });
    symlinkSync(fill(step.to), link);
  } else if ('fifo' in step) {
    execFileSync('mkfifo', [join(project, step.fifo)]);
  } else if ('remove' in step) {
    rmSync(join(project, step.remove), { recursive: true });
  } else if ('outside' in step) {
    put(outside, step.outside, fill(step.text), step.text.startsWith('#!') ? '755' : undefined);
  } else if ('home' in step) {
    put(home, step.home, fill(step.text));
  } else if ('bare' in step) {
    bareRepository(join(project, step.bare), fill(step.config));
  } else {
    git(project, ...step.git.map(fill));
  }
}

/** Makes a folder of a project a bare repository at the same time: with ordinary files, which a clone brings along. */
function bareRepository(folder: string, config: string): void {
  git(dirname(folder), 'init', '--quiet', '--bare', folder);
  const tree = git(folder, 'mktree', '--missing').toString().trim();
  const commit = git(folder, 'commit-tree', tree, '-m', 'bare').toString().trim();
  git(folder, 'update-ref', 'refs/heads/main', commit);
  rmSync(join(folder, 'hooks'), { recursive: true, force: true });
  writeFileSync(join(folder, 'config'), config);
}
