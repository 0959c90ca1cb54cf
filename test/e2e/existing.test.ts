import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Generation, generate, isPending, writeGeneration } from '../../src/flows/generate.ts';
import { copyExisting, existingCases, filesOf } from '../support/existing.ts';
import { repository } from '../support/projects.ts';
import { halfOf } from '../support/share.ts';
import { withEngine } from './engine.ts';
import { ask } from './whole-way.ts';

// EXISTING=NAME runs one of them
const asked = process.env['EXISTING']?.split(',');
const chosen = halfOf(existingCases.filter(({ name }) => asked?.includes(name) ?? true)).flatMap(
  ({ name, expected }) => [
    { name, title: name, expected, edits: [] as readonly string[] },
    // what is offered as an edit of the author's files makes possible what it says
    ...(expected.edited
      ? [
          {
            name,
            title: `${name}, edited`,
            expected: { ...expected, forms: expected.edited.forms, absent: [] },
            edits: expected.edited.files,
          },
        ]
      : []),
  ],
);

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

withEngine('Docker files of an author', () => {
  describe.each(chosen)('$title', ({ name, expected, edits }) => {
    let copy: ReturnType<typeof copyExisting>;
    let generation: Generation;
    const git = (...args: string[]) => execFileSync('git', args, { cwd: copy.root, stdio: 'pipe' });
    beforeAll(async () => {
      copy = copyExisting(name, expected);
      chmodSync(copy.root, 0o755);
      git('init', '--quiet');
      git('add', '--all', '--force');
      git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', 'the project');
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

    it.each(['base', 'development', 'production'] as const)(
      'start in the form for %s, and keep their data',
      async (form) => {
        const { compose, kept } = generation.context.plan;
        const base = kept && kept.compose.length > 0 ? kept.compose : [compose.file];
        const isThere = form === 'base' ? expected.base !== false : kept?.forms[form] !== 'none';
        if (!expected.http || !isThere) return;
        const files = [...new Set([...base, ...(form === 'base' ? [] : [compose[form]])])];
        const run = start(
          copy.root,
          `existing-${name}${edits.length > 0 ? '-edited' : ''}-${form}-${process.pid}`.slice(0, 60),
          files,
        );
        const url = () =>
          `http://127.0.0.1:${run('port', expected.service, String(expected.port)).trim().split(':').at(-1)}`;
        const up = async () => {
          run('up', '--build', '--detach', '--wait', '--wait-timeout', '90');
          // what has no check of its own is not ready because it runs
          for (let round = 0; round < 40; round += 1) {
            const isUp = await fetch(`${url()}/`).then(
              () => true,
              () => false,
            );
            if (isUp) return;
            await new Promise((done) => setTimeout(done, 500));
          }
        };
        try {
          await up();
          await ask(url(), expected.http);
          run('down', '--timeout', '5');
          await up();
          await ask(url(), expected.again ?? expected.http);
        } finally {
          run('down', '--volumes', '--timeout', '5', '--rmi', 'local', '--remove-orphans');
        }
      },
    );
  });
});
