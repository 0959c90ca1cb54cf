import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRevision } from '../../../src/flows/revision.ts';

let top: string;
let canary: string;
let program: string;
beforeAll(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'dockwright-hostile-git-')));
  canary = join(top, 'canary');
  program = join(top, 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch '${canary}'\n[ "$1" = ends ] || cat\n`);
  chmodSync(program, 0o755);
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' });

function put(path: string, text: string) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

let count = 0;
/** A repository whose configuration has more lines, and whose tree has more files; one file is changed since. */
function repository(config: string, files: Readonly<Record<string, string>> = {}): string {
  count += 1;
  const root = join(top, `r${count}`);
  mkdirSync(root);
  git(root, 'init', '-q');
  for (const [path, text] of Object.entries({ 'a.txt': 'one\n', ...files })) put(join(root, path), text);
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'first');
  writeFileSync(join(root, '.git/config'), `[core]\n\trepositoryformatversion = 0\n\tbare = false\n${config}`);
  put(join(root, 'a.txt'), 'two\n');
  return root;
}

/** What a repository can say to make git start a program; `shown` is a command of git that proves it. */
const settings: readonly [string, () => string, readonly string[]][] = [
  ['core.fsmonitor', () => repository(`\tfsmonitor = ${program}\n`), ['status']],
  [
    'a clean filter',
    () => repository(`[filter "x"]\n\tclean = ${program}\n`, { '.gitattributes': '*.txt filter=x\n' }),
    ['status'],
  ],
  [
    'a process filter',
    () => repository(`[filter "x"]\n\tprocess = ${program}\n`, { '.gitattributes': '*.txt filter=x\n' }),
    ['status'],
  ],
  ['log.showSignature', () => signed(`[log]\n\tshowSignature = true\n[gpg]\n\tprogram = ${program}\n`), ['log', '-1']],
  [
    'an included file',
    () => {
      const root = repository('[include]\n\tpath = ../more\n');
      put(join(root, 'more'), `[core]\n\tfsmonitor = ${program}\n`);
      return root;
    },
    ['status'],
  ],
  [
    'a text converter',
    () => repository(`[diff "x"]\n\ttextconv = ${program}\n`, { '.gitattributes': '*.txt diff=x\n' }),
    ['diff'],
  ],
  ['an outside diff', () => repository(`[diff]\n\texternal = ${program}\n`), ['diff']],
  ['a promisor remote', () => promisor(), ['log', '-1', '-p']],
  ['a bare repository among the files', () => bareInside(), ['status']],
];

/** A commit that claims a signature. */
function signed(config: string): string {
  const root = repository(config);
  const plain = execFileSync('git', ['cat-file', 'commit', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const [head = '', ...rest] = plain.split('\n\n');
  const text = `${head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n${rest.join('\n\n')}`;
  const id = execFileSync('git', ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  put(join(root, '.git/refs/heads/signed'), id);
  writeFileSync(join(root, '.git/HEAD'), 'ref: refs/heads/signed\n');
  return root;
}

/** A partial clone that lacks the objects, and fetches them through a command. */
function promisor(): string {
  const root = repository(
    `[extensions]\n\tpartialClone = origin\n[remote "origin"]\n\turl = ssh://h.invalid/x\n\tpromisor = true\n[core]\n\tsshCommand = ${program} ends\n`,
  );
  const tree = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], { cwd: root, encoding: 'utf8' }).trim();
  rmSync(join(root, '.git/objects', tree.slice(0, 2), tree.slice(2)), { force: true });
  return root;
}

/** The app's folder in a clone is a bare repository of its own, whose files are ordinary files of the clone. */
function bareInside(): string {
  const inner = repository(`\tworktree = .\n\tfsmonitor = ${program}\n`);
  count += 1;
  const app = join(top, `r${count}`, 'app');
  mkdirSync(app, { recursive: true });
  for (const name of ['HEAD', 'config', 'objects', 'refs', 'index'])
    cpSync(join(inner, '.git', name), join(app, name), { recursive: true });
  put(join(app, 'a.txt'), 'two\n');
  return app;
}

describe('a repository that configures a program', () => {
  it.each(settings)('by %s has it run by git, and not by us', { timeout: 60_000 }, async (_, make, shown) => {
    const root = make();
    spawnSync('git', [...shown], { cwd: root, stdio: 'ignore', timeout: 20_000 });
    expect(existsSync(canary), 'git runs it, so that this test can fail').toBe(true);
    rmSync(canary, { force: true });
    await readRevision(root);
    expect(existsSync(canary)).toBe(false);
  });

  it('is still told apart from its commit', async () => {
    expect((await readRevision(repository(`\tfsmonitor = ${program}\n`)))?.state).toBe('dirty');
    expect(await readRevision(bareInside()), 'files that look like a repository are none').toBeUndefined();
  });
});

describe('a .git file', () => {
  it('that names the repository of somebody else is not followed', async () => {
    const other = repository('');
    count += 1;
    const root = join(top, `r${count}`);
    put(join(root, '.git'), `gitdir: ${join(other, '.git')}\n`);
    expect(await readRevision(root)).toBeUndefined();
  });
});
