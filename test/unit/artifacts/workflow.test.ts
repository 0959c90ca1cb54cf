import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import { tagsScript } from '../../../src/artifacts/workflow-scripts.ts';
import { decide, readFrom } from '../../../src/flows/context.ts';
import { memoryProject } from '../../../src/project/memory.ts';
import { mergeTexts } from '../../../src/reconcile/merge.ts';
import { tagsOf } from '../../../src/ship/tags.ts';
import { marketFiles } from '../../support/workspaces.ts';

type Files = Readonly<Record<string, string>>;

/** One small service in each language, with tests. */
const typescript: Files = {
  'package.json': JSON.stringify({
    name: 'shop',
    type: 'module',
    version: '1.2.3',
    scripts: { start: 'node src/index.js', test: 'node --test' },
    engines: { node: '24' },
  }),
  'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { '': {} } }),
  'src/index.js': "import { createServer } from 'node:http';\ncreateServer((q, r) => r.end('x')).listen(3000);\n",
  'src/index.test.js': "import { test } from 'node:test';\ntest('x', () => {});\n",
};
const python: Files = {
  'pyproject.toml': '[project]\nname = "shop"\nversion = "1.0.0"\nrequires-python = ">=3.13"\n',
  'requirements.txt': 'fastapi==0.120.0\nuvicorn==0.38.0\n',
  'main.py':
    "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/')\ndef root():\n    return {'ok': True}\n\n\nif __name__ == '__main__':\n    import uvicorn\n\n    uvicorn.run(app, host='0.0.0.0', port=8000)\n",
};
const go: Files = {
  'go.mod': 'module example.com/shop\n\ngo 1.26\n',
  'main.go':
    'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("x")) })\n\thttp.ListenAndServe(":8080", nil)\n}\n',
  'main_test.go': 'package main\n\nimport "testing"\n\nfunc TestOne(t *testing.T) {}\n',
};

async function planOf(files: Files, config: object = {}) {
  const project = memoryProject({ ...files, 'dockwright.json': JSON.stringify(config) });
  const context = await decide(await readFrom(project, { cwd: '.' }), { all: true }, [], true);
  const all = artifactsOf(context.plan, project.files());
  return { plan: context.plan, workflow: all.find(({ kind }) => kind === 'workflow') };
}

async function textOf(files: Files, config: object = {}): Promise<string> {
  const { workflow } = await planOf(files, { ci: { provider: 'github' }, ...config });
  return workflow?.content ?? 'no workflow';
}

type Step = { name: string; uses?: string; run?: string; with?: Record<string, unknown>; env?: Record<string, string> };
type Read = {
  on: Record<string, { paths?: string[] } | null>;
  permissions: object;
  jobs: Record<string, { 'timeout-minutes': number; permissions: Record<string, string>; steps: Step[] }>;
};

const read = (text: string): Read => parse(text) as Read;
const stepsOf = (text: string): Step[] => Object.values(read(text).jobs).flatMap(({ steps }) => steps);
const named = (text: string, name: string): Step | undefined => stepsOf(text).find((one) => one.name.startsWith(name));

const hasActionlint = spawnSync('actionlint', ['-version']).status === 0;

describe('the workflow', () => {
  const projects = [
    ['of TypeScript', typescript],
    ['of Python', python],
    ['of Go', go],
    ['of a workspace', marketFiles()],
  ] as const;

  describe.each(projects)('%s', (_name, files) => {
    it('limits each job, gives it what it needs and keeps no token', async () => {
      const text = await textOf(files, { registry: 'ghcr.io/acme/shop' });
      const { permissions, jobs } = read(text);
      expect(permissions).toEqual({});
      for (const job of Object.values(jobs)) {
        expect(job['timeout-minutes']).toBeGreaterThan(0);
        expect(job.permissions['contents']).toBe('read');
      }
      const checkouts = stepsOf(text).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkouts).toHaveLength(Object.keys(jobs).length);
      for (const one of checkouts) expect(one.with?.['persist-credentials']).toBe(false);
    });

    it('names each action by a commit, with the release in a comment', async () => {
      const lines = (await textOf(files)).split('\n').filter((line) => line.includes('uses: '));
      expect(lines.length).toBeGreaterThan(5);
      for (const line of lines) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    });

    it('fills in no expression in a shell', async () => {
      for (const { run } of stepsOf(await textOf(files, { registry: 'ghcr.io/acme/shop' })))
        expect(run ?? '').not.toContain('${{');
    });

    it.skipIf(!hasActionlint)('passes actionlint', async () => {
      const text = await textOf(files, { registry: 'registry.example.com/acme/shop', budget: '80MB' });
      execFileSync('actionlint', ['-no-color', '-'], { input: text });
    });

    it('needs no Dockwright unless the project says where it comes from', async () => {
      const body = (await textOf(files))
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .join('\n');
      expect(body.toLowerCase()).not.toContain('dockwright');
      const text = await textOf(files, { ci: { provider: 'github', dockwright: ['npx', 'dw tool'] } });
      expect(named(text, 'Prove the runtime contract')?.run?.trim()).toBe("npx 'dw tool' verify");
    });
  });

  it('runs the tests in the test stage, where there is one', async () => {
    for (const files of [typescript, go])
      expect(named(await textOf(files), 'Test shop')?.with?.['target']).toBe('test');
    expect(named(await textOf(python), 'Test shop')).toBeUndefined();
  });

  it('starts only for what the images of a workspace are made from', async () => {
    const { on } = read(await textOf(marketFiles()));
    expect(on['push']?.paths).toContain('*');
    expect(on['push']?.paths?.some((path) => path.endsWith('/**'))).toBe(true);
    expect(on['pull_request']?.paths).toEqual(on['push']?.paths);
    expect(read(await textOf(typescript)).on['push']?.paths).toBeUndefined();
  });

  it('pushes nothing without a registry, and logs in as the registry wants it', async () => {
    expect(named(await textOf(typescript), 'Log in')).toBeUndefined();
    const own = named(await textOf(typescript, { registry: 'ghcr.io/acme/shop' }), 'Log in');
    expect(own?.with?.['password']).toBe('${{ secrets.GITHUB_TOKEN }}');
    const other = named(await textOf(typescript, { registry: 'registry.example.com/acme/shop' }), 'Log in');
    expect(other?.with).toEqual({
      registry: 'registry.example.com',
      username: '${{ secrets.REGISTRY_USERNAME }}',
      password: '${{ secrets.REGISTRY_PASSWORD }}',
    });
  });

  it('ends at the severity that `scan.failOn` names, else at critical findings that have a fix', async () => {
    const inputs = async (config: object) => named(await textOf(typescript, config), 'Fail on findings')?.with;
    expect(await inputs({})).toMatchObject({ severity: 'CRITICAL', 'ignore-unfixed': true });
    expect(await inputs({ scan: { failOn: 'high' } })).toMatchObject({ severity: 'CRITICAL,HIGH' });
    expect(await inputs({ scan: { failOn: 'high' } })).not.toHaveProperty('ignore-unfixed');
  });

  it.each([
    ['an expression', '${{ secrets.GITHUB_TOKEN }}', "${{ '${{' }} secrets.GITHUB_TOKEN }}"],
    ['a command', '$(touch /tmp/x)', '$(touch /tmp/x)'],
    ['a quote', `it's "x"`, `it's`],
  ])('keeps %s in a value of the project from being run', async (_name, value, kept) => {
    const files = {
      ...typescript,
      '.env.example': `MOTTO=${value.includes('"') ? `'${value.replaceAll("'", '')}'` : value}\n`,
      'src/index.js': `${typescript['src/index.js']}if (!process.env.MOTTO) throw new Error('MOTTO');\n`,
    };
    const text = await textOf(files);
    const start = named(text, 'Start it');
    const run = start?.run ?? '';
    expect(run).not.toContain('touch');
    expect(run).not.toContain('secrets');
    if (start?.env?.['VALUES'] !== undefined && !value.includes('"'))
      expect(start.env['VALUES']).toContain(kept.slice(0, 8));
  });
});

describe('whether a workflow is written', () => {
  const build = (line: string) => `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${line}\n`;

  it.each([
    ['.github/dependabot.yml', 'version: 2\nupdates: []\n'],
    ['.github/CODEOWNERS', '* @acme\n'],
    ['.github/workflows/lint.yml', build('run: npm run lint')],
    ['.github/workflows/image.yml', build('run: echo "no image"')],
  ])('it is where %s says that the repository lies on GitHub', async (path, text) => {
    const { workflow, plan } = await planOf({ ...typescript, [path]: text });
    expect(workflow?.path).toMatch(/^\.github\/workflows\/[\w-]+\.yml$/);
    expect(workflow?.path).not.toBe(path);
    expect(plan.decisions['ci']?.from[0]?.file).toBe(path);
  });

  it.each([
    ['an action', build('uses: docker/build-push-action@v6')],
    ['Bake', build('uses: docker/bake-action@v5')],
    ['a command', build('run: docker build -t shop .')],
  ])('it is not where a workflow of the project builds an image by %s', async (_name, text) => {
    const { workflow, plan } = await planOf({ ...typescript, '.github/workflows/ci.yml': text });
    expect(workflow).toBeUndefined();
    expect(plan.decisions['ci']?.choice).toBe('no workflow');
  });

  it('it is not without a sign of GitHub, nor where the key says so', async () => {
    expect((await planOf(typescript)).workflow).toBeUndefined();
    const refused = await planOf({ ...typescript, '.github/CODEOWNERS': '* @acme\n' }, { ci: { provider: false } });
    expect(refused.workflow).toBeUndefined();
  });

  it('it is pushed from the branch that a workflow names, else from main', async () => {
    const lint = 'on:\n  push:\n    branches: [trunk]\njobs: {}\n';
    const of = async (files: Files, config = {}) => (await planOf(files, config)).plan.ci.workflow?.branch;
    expect(await of({ ...typescript, '.github/workflows/lint.yml': lint })).toBe('trunk');
    expect(await of({ ...typescript, '.github/workflows/lint.yml': lint.replace('[trunk]', '[trunk, next]') })).toBe(
      'main',
    );
    expect(await of({ ...typescript, '.github/CODEOWNERS': '' }, { ci: { branch: 'release' } })).toBe('release');
  });
});

describe('a workflow that was edited', () => {
  it('keeps the edit when another part is generated anew', async () => {
    const base = await textOf(typescript);
    const fresh = await textOf(typescript, { registry: 'ghcr.io/acme/shop' });
    const mine = base
      .replace('timeout-minutes: 60', 'timeout-minutes: 90')
      .replace('      - name: Sum up', '      - name: Own step\n        run: echo own\n      - name: Sum up');
    const { text, conflicts } = mergeTexts('workflow', { mine, base, fresh });
    expect(conflicts).toEqual([]);
    expect(text).toContain('timeout-minutes: 90');
    expect(text).toContain('run: echo own');
    expect(text).toContain('Upload shop');
  });
});

describe('the tags of the workflow', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const byShell = (type: 'tag' | 'branch', name: string, app = ''): string[] =>
    execFileSync(
      'bash',
      [
        '--noprofile',
        '--norc',
        '-eo',
        'pipefail',
        '-c',
        `inspect() { return 1; }\n${tagsScript}\nprintf '%s\\n' "\${tags[@]}"`,
      ],
      {
        env: {
          GITHUB_SHA: commit,
          GITHUB_REF_NAME: name,
          GITHUB_REF_TYPE: type,
          APP: app,
          REPOSITORY: 'r',
          DIGEST: 'd',
          LC_ALL: 'C.UTF-8',
        },
        encoding: 'utf8',
      },
    )
      .trim()
      .split('\n');

  it.each([
    ['branch', 'main'],
    ['branch', 'feature/a,b$(touch x)'],
    ['branch', 'latest'],
    ['branch', 'v1.2.3'],
    ['branch', 'abcdef0'],
    ['branch', '-.weird'],
    ['branch', 'grüße'],
    ['tag', 'v1.2.3'],
    ['tag', '1.2.3-rc.1'],
    ['tag', '1.2.3+build.5'],
    ['tag', '1.2.3.4'],
    ['tag', '01.2.3'],
    ['tag', 'nightly'],
    ['tag', 'latest'],
  ] as const)('are those of `dockwright tag` for the %s %s', (type, name) => {
    const git = type === 'tag' ? { gitTags: [name], allTags: [name] } : { branch: name, gitTags: [], allTags: [] };
    const table = tagsOf({ commit, dirty: false, latest: false, ...git });
    expect(byShell(type, name)).toEqual('tags' in table ? table.tags : []);
  });

  it.each(['api@1.2.0', 'api-v1.2.0', 'api/1.2.0', 'web@1.2.0'])(
    'are those of one of several applications for %s',
    (name) => {
      const table = tagsOf({ commit, dirty: false, latest: false, gitTags: [name], allTags: [name], app: 'api' });
      expect(byShell('tag', name, 'api')).toEqual('tags' in table ? table.tags : []);
    },
  );
});
