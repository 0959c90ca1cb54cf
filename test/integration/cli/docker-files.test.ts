import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dockwrightHere } from '../../support/cli.ts';

type Question = {
  readonly message: string;
  readonly options?: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  readonly initialValues?: readonly string[];
};

/** What was asked, and what is answered to questions that begin so: values, a choice of the options, or going away. */
const clack = vi.hoisted(() => ({
  asked: [] as Question[],
  answers: {} as Record<string, unknown>,
}));
vi.mock('@clack/prompts', () => {
  const ask = (question: Question) => {
    clack.asked.push(question);
    const found = Object.entries(clack.answers).find(([begin]) => question.message.startsWith(begin))?.[1];
    const values = (question.options ?? []).map(({ value }) => value);
    return Promise.resolve(found === 'all' ? values : (found ?? Symbol('gone')));
  };
  return { multiselect: ask, select: ask, confirm: ask, isCancel: (answer: unknown) => typeof answer === 'symbol' };
});

const dockerfile = `FROM node:22-slim
WORKDIR /srv
COPY package.json server.js ./
ENV PORT=8300
USER 10001
CMD ["node", "server.js"]
`;
let root: string;
beforeEach(() => {
  clack.asked.length = 0;
  clack.answers = {};
  root = mkdtempSync(join(tmpdir(), 'dockwright-asked-'));
  const scripts = { start: 'node server.js' };
  writeFileSync(
    join(root, 'package.json'),
    JSON.stringify({ name: 'pier', version: '1.0.0', type: 'module', scripts }),
  );
  writeFileSync(
    join(root, 'server.js'),
    "import { createServer } from 'node:http';\ncreateServer((request, response) => response.end(request.url === '/health' ? 'ok' : 'hi')).listen(Number(process.env.PORT));\n",
  );
  writeFileSync(join(root, 'Dockerfile'), dockerfile);
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'the project');
});
afterEach(() => rmSync(root, { recursive: true }));

const text = (file: string) => readFileSync(join(root, file), 'utf8');
const run = (...args: string[]) => dockwrightHere([...args, '--cwd', root]);
const messages = () => clack.asked.map(({ message }) => message);

describe('Docker files of an author at a terminal', () => {
  const before = { in: process.stdin.isTTY, out: process.stdout.isTTY, ci: process.env['CI'] };
  beforeAll(() => {
    delete process.env['CI'];
    process.stdin.isTTY = true;
    process.stdout.isTTY = true;
  });
  afterAll(() => {
    process.stdin.isTTY = before.in;
    process.stdout.isTTY = before.out;
    if (before.ci !== undefined) process.env['CI'] = before.ci;
  });
  const existing = 'This project already has Docker files';
  const write = 'Write these files?';
  const edits = 'Which edits should be made to your files';

  it('are kept where the answer is so, and nothing is asked again', async () => {
    clack.answers = { [existing]: 'keep', [edits]: [], [write]: ['artifacts'] };
    expect((await run()).code).toBe(0);
    const [question] = clack.asked;
    expect(question?.message).toContain('(Dockerfile)');
    expect(question?.options?.map(({ value }) => value)).toEqual(['keep', 'replace']);
    for (const { hint } of question?.options ?? []) expect(hint).not.toBe('');
    expect(text('Dockerfile')).toBe(dockerfile);
    expect(text('docker-compose.yml')).toContain('8300');
    clack.asked.length = 0;
    expect((await run()).code).toBe(0);
    expect(messages()).toEqual([]);
  });

  it('are replaced where the answer is so, and no edit of them is offered', async () => {
    clack.answers = { [existing]: 'replace', [write]: ['artifacts'] };
    expect((await run()).code).toBe(0);
    expect(text('Dockerfile')).toContain('@generated');
    expect(messages().filter((message) => message.startsWith(edits))).toEqual([]);
  });

  it.each([
    ['the choice', {}],
    ['the edits', { [existing]: 'keep' }],
    ['the last question', { [existing]: 'keep', [edits]: [] }],
  ])('stay alone where the user goes away at %s', async (_, answers) => {
    clack.answers = answers;
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toContain('Nothing was written');
    expect(text('Dockerfile')).toBe(dockerfile);
    expect(existsSync(join(root, 'docker-compose.yml'))).toBe(false);
  });

  it.each([[['--yes']], [['--dry-run']], [['--set', 'existing=keep']], [['--json', '--dry-run']]])(
    'are no question where %j decides',
    async (args) => {
      clack.answers = { [edits]: [], [write]: ['artifacts'] };
      await run(...args);
      expect(messages().filter((message) => message.startsWith(existing))).toEqual([]);
      expect(text('Dockerfile')).toBe(dockerfile);
    },
  );

  it('are edited only where an edit is chosen, and what is added is shown anew', async () => {
    clack.answers = { [existing]: 'keep', [edits]: 'all', [write]: ['artifacts'] };
    const { out } = await run();
    const question = clack.asked.find(({ message }) => message.startsWith(edits));
    expect(question?.initialValues).toEqual([]);
    expect(question?.options?.map(({ label }) => label)).toEqual(['Dockerfile:6: a health check of the image']);
    expect(text('Dockerfile')).toBe(
      dockerfile.replace('CMD', text('Dockerfile').match(/HEALTHCHECK[\s\S]*(?=CMD \["node", "server)/)?.[0] + 'CMD'),
    );
    expect(out.split('Will be written')).toHaveLength(3);
    expect(text('docker-compose.yml')).not.toContain('healthcheck:');
  });
});

describe('edits of Docker files of an author without a terminal', () => {
  it('are shown with file and line, how to have them, and not made by --yes', async () => {
    const { out } = await run('--yes');
    expect(out).toContain('Dockerfile:6 a health check of the image');
    expect(out).toContain('+HEALTHCHECK');
    expect(out).toContain('`--accept Dockerfile=edited`');
    expect(text('Dockerfile')).toBe(dockerfile);
  });

  it('are listed in the document', async () => {
    const document = async (...args: string[]) =>
      JSON.parse((await run('--json', ...args)).out) as {
        dockerEdits?: { line: number; what: string; change: { path: string; content: string } }[];
        edits: { path: string }[];
        written: string[];
      };
    const { dockerEdits, edits } = await document('--dry-run');
    expect(dockerEdits).toMatchObject([{ line: 6, change: { path: 'Dockerfile' } }]);
    expect(edits).toEqual([]);
    expect((await document('--yes')).written).not.toContain('Dockerfile');
    const made = await document('--yes', '--accept', 'Dockerfile=edited');
    expect(made.written).toContain('Dockerfile');
    expect(made.edits).toMatchObject([{ path: 'Dockerfile' }]);
    expect(made).not.toHaveProperty('dockerEdits');
    expect(text('Dockerfile')).toContain('HEALTHCHECK');
  });

  it('say which file no commit has as it is', async () => {
    expect((await run('--dry-run')).out).not.toContain('commit first');
    writeFileSync(join(root, 'Dockerfile'), `${dockerfile}# later\n`);
    expect((await run('--dry-run')).out).toContain('Dockerfile has uncommitted changes and may be edited');
    const { out } = await run('--yes', '--accept', 'Dockerfile=edited');
    expect(out).toContain('Dockerfile has uncommitted changes and will be edited');
    expect(text('Dockerfile')).toContain('HEALTHCHECK');
  });

  it('name the sides that there are', async () => {
    const { code, err } = await run('--accept', 'Dockerfile=theirs');
    expect(code).toBe(2);
    expect(err).toContain('mine, generated or edited');
  });
});
