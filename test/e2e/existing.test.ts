import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { type Generation, generate, isPending, writeGeneration } from '../../src/flows/generate.ts';
import { verify } from '../../src/flows/verify.ts';
import { copyExisting, existingCases, filesOf } from '../support/existing.ts';
import { repository } from '../support/projects.ts';
import { turnOf } from '../support/share.ts';
import { withEngine } from './engine.ts';
import { ask } from './whole-way.ts';

// EXISTING=NAME runs one of them
const asked = process.env['EXISTING']?.split(',');
const chosen = turnOf(
  existingCases.filter(({ name }) => asked?.includes(name) ?? true),
  5,
).flatMap(({ name, expected }) => [
  { name, title: name, expected, edits: [] as readonly string[] },
  // what is offered as an edit of the author's files makes possible what it says
  ...(expected.edited
    ? [
        {
          name,
          title: `${name}, edited`,
          expected: {
            ...expected,
            forms: expected.edited.forms,
            absent: [],
            ...(expected.edited.http ? { http: expected.edited.http } : {}),
          },
          edits: expected.edited.files,
        },
      ]
    : []),
]);

type Model = {
  name: string;
  services: Record<string, { ports?: { published?: string; host_ip?: string }[]; container_name?: string }>;
  volumes?: Record<string, { name?: string; external?: boolean }>;
  networks?: Record<string, { name?: string; external?: boolean }>;
};

/** A form under a name of its own, published on free ports of this machine. */
function start(root: string, name: string, files: readonly string[]) {
  const run = (args: readonly string[]) =>
    execFileSync('docker', ['compose', ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const model = JSON.parse(run([...files.flatMap((file) => ['-f', file]), 'config', '--format', 'json'])) as Model;
  for (const service of Object.values(model.services)) {
    delete service.container_name;
    for (const port of service.ports ?? []) {
      delete port.published;
      port.host_ip = '127.0.0.1';
    }
  }
  for (const part of [...Object.values(model.volumes ?? {}), ...Object.values(model.networks ?? {})])
    if (!part.external) delete part.name;
  model.name = name;
  writeFileSync(join(root, '.form.json'), JSON.stringify(model));
  return (...args: string[]) => run(['-p', name, '-f', '.form.json', ...args]);
}

type Form = 'base' | 'development' | 'production';
type Run = ReturnType<typeof start>;

const nameOf = (name: string, form: string): string => `existing-${name}-${form}-${process.pid}`.slice(0, 60);

const urlOf = (run: Run, service: string, port: number): string =>
  `http://127.0.0.1:${run('port', service, String(port)).trim().split(':').at(-1)}`;

/** Starts a form, and waits until it answers: what has no check of its own is not ready because it runs. */
async function up(run: Run, service: string, port: number): Promise<void> {
  run('up', '--build', '--detach', '--wait', '--wait-timeout', '90');
  for (let round = 0; round < 40; round += 1) {
    // after calls that block, a request of Node.js 20 may never be sent, and never end by itself
    const isUp = await fetch(`${urlOf(run, service, port)}/`, { signal: AbortSignal.timeout(5_000) }).then(
      (response) => response.body?.cancel().then(() => true) ?? true,
      () => false,
    );
    if (isUp) return;
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Makes a folder a repository with everything in a commit. */
function commit(root: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  chmodSync(root, 0o755);
  git('init', '--quiet');
  git('add', '--all', '--force');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'the project');
}

withEngine('Docker files of an author', () => {
  describe.each(chosen)('$title', ({ name, expected, edits }) => {
    let copy: ReturnType<typeof copyExisting>;
    let generation: Generation;
    beforeAll(async () => {
      copy = copyExisting(name, expected);
      commit(copy.root);
      const accept = Object.fromEntries(edits.map((file) => [file, 'edited' as const]));
      generation = await generate({ cwd: copy.root, accept });
      await writeGeneration(generation, { edits: true, env: true });
    });
    afterAll(() => copy?.remove());

    it('stay byte for byte, and a second run has nothing to do', async () => {
      for (const file of filesOf(name)) {
        const own = readFileSync(join(repository, 'fixtures/existing', name, file), 'utf8');
        if (edits.includes(file)) continue;
        expect(readFileSync(join(copy.root, file), 'utf8'), file).toBe(own);
      }
      for (const file of expected.absent ?? []) expect(existsSync(join(copy.root, file)), file).toBe(false);
      if (expected.forms) expect(generation.context.plan.kept?.forms).toEqual(expected.forms);
      if (expected.says) expect(JSON.stringify(generation.context.plan.kept?.notWritten)).toContain(expected.says);
      expect(isPending(await generate({ cwd: copy.root }))).toBe(false);
    });

    it.runIf(expected.builds)('build, and are verified by nothing that cannot be started', async () => {
      const tag = `existing-${name}-${process.pid}:local`;
      try {
        const report = await build({ cwd: copy.root, tag, baseline: false });
        expect(report.next.join('\n')).toContain(expected.says);
      } finally {
        execFileSync('docker', ['rmi', '--force', tag], { stdio: 'ignore' });
      }
      await expect(verify({ cwd: copy.root })).rejects.toMatchObject({ code: 'docker-file-broken' });
    });
    /** The compose files of a form that the author's set has, or that was added. */
    const filesIn = ({ compose, kept }: Generation['context']['plan'], form: Form): readonly string[] => {
      const base = kept && kept.compose.length > 0 ? kept.compose : [compose.file];
      return [...new Set([...base, ...(form === 'base' ? [] : [compose[form]])])];
    };

    it.each(['base', 'development', 'production'] as const)(
      'start in the form for %s, and keep their data',
      async (form) => {
        const { plan } = generation.context;
        const isThere = form === 'base' ? expected.base !== false : plan.kept?.forms[form] !== 'none';
        if (!expected.http || !isThere) return;
        const run = start(copy.root, nameOf(`${name}${edits.length > 0 ? '-edited' : ''}`, form), filesIn(plan, form));
        try {
          await up(run, expected.service, expected.port);
          await ask(urlOf(run, expected.service, expected.port), expected.http);
          run('down', '--timeout', '5');
          await up(run, expected.service, expected.port);
          await ask(urlOf(run, expected.service, expected.port), expected.again ?? expected.http);
        } finally {
          run('down', '--volumes', '--timeout', '5', '--rmi', 'local', '--remove-orphans');
        }
      },
    );

    it('are proved by verify, service by service', async () => {
      if (!expected.proved) return;
      const report = await verify({ cwd: copy.root });
      const rows = [{ name: report.workload ?? '', items: report.items }, ...(report.others ?? [])];
      const proved = Object.fromEntries(
        rows.map((row) => [row.name, row.items.filter(({ status }) => status === 'pass').map(({ id }) => id)]),
      );
      expect(Object.keys(proved).sort()).toEqual(Object.keys(expected.proved).sort());
      for (const [service, ids] of Object.entries(expected.proved))
        expect(proved[service], JSON.stringify(rows, null, 1)).toEqual(expect.arrayContaining([...ids]));
    });

    it('are replaced by a set that answers, and finds their data', async () => {
      if (!expected.http) return;
      const own = copyExisting(name, expected);
      const title = nameOf(name, 'replaced');
      const before = () => start(own.root, title, filesIn(generation.context.plan, 'base'));
      try {
        commit(own.root);
        // what the author's own set wrote; where it starts no application there is nothing to find
        if (expected.again && expected.base !== false) {
          const run = before();
          try {
            await up(run, expected.service, expected.port);
            await ask(urlOf(run, expected.service, expected.port), expected.http);
          } finally {
            run('down', '--timeout', '5', '--rmi', 'local');
          }
        }
        const made = await generate({ cwd: own.root, set: { existing: 'replace' } });
        await writeGeneration(made, { edits: true, env: true });
        const { plan } = made.context;
        const [service = 'app', workload] =
          Object.entries(plan.workloads).find(([, { shape }]) => shape === 'service') ?? [];
        const port = Object.values(workload?.ports ?? {})[0]?.container ?? expected.port;
        const run = start(own.root, title, [plan.compose.file, plan.compose.production]);
        try {
          await up(run, service, port);
          const kept = expected.base === false ? expected.http : (expected.again ?? expected.http);
          await ask(urlOf(run, service, port), kept);
        } finally {
          run('down', '--volumes', '--timeout', '5', '--rmi', 'local', '--remove-orphans');
        }
      } finally {
        own.remove();
      }
    });
  });
});
