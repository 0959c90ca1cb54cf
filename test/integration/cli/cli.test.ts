import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlanSchema } from '../../../src/model/plan.ts';
import { dockwright, dockwrightHere } from '../../support/cli.ts';
import { copyProject, repository } from '../../support/projects.ts';

let copy: ReturnType<typeof copyProject>;
beforeEach(() => {
  copy = copyProject(join(repository, 'examples/orders-api'));
});
afterEach(() => copy.remove());

/** The command in this process: one of its own takes most of a second to start. */
const here = (...args: string[]) => dockwrightHere([...args, '--cwd', copy.root]);

describe('the command line', () => {
  it('says its version and its help', async () => {
    const [version, help] = await Promise.all([
      dockwright(['--version'], copy.root),
      dockwright(['--help'], copy.root),
    ]);
    const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };
    expect(version).toMatchObject({ code: 0, out: `${manifest.version}\n` });
    expect(help.code).toBe(0);
    for (const name of ['generate', 'inspect', 'plan', 'explain', 'check', 'build', 'verify'])
      expect(help.out).toContain(name);
  });

  it('names the nearest right word, and ends with 2', async () => {
    const [command, option, key] = await Promise.all([
      dockwright(['verfy'], copy.root),
      dockwright(['--dry-rum'], copy.root),
      dockwright(['--set', 'prot=3000'], copy.root),
    ]);
    expect(command).toMatchObject({ code: 2, out: '' });
    expect(command.err).toContain('Did you mean verify?');
    expect(option).toMatchObject({ code: 2, out: '' });
    expect(option.err).toContain('Did you mean --dry-run?');
    expect(key).toMatchObject({ code: 2, out: '' });
    expect(key.err).toContain('Did you mean "port"?');
  });

  it('writes nothing without a terminal and without --yes', async () => {
    const before = readdirSync(copy.root).sort();
    const ran = await dockwright([], copy.root);
    expect(ran.code).toBe(2);
    expect(ran.out).toContain('Will be written');
    expect(ran.err).toContain('Nothing was written');
    expect(readdirSync(copy.root).sort()).toEqual(before);
  });

  it('writes with --yes what it showed, and says only what is true', async () => {
    const ran = await here('--yes');
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('nothing has been built or started yet');
    expect(ran.out).toContain('curl http://127.0.0.1:3000/ready');
    for (const file of ['Dockerfile', 'docker-compose.yml', '.env', 'src/health.ts', '.dockwright/state.json'])
      expect(existsSync(join(copy.root, file)), file).toBe(true);
    const secret = /^POSTGRES_PASSWORD=(.+)$/m.exec(readFileSync(join(copy.root, '.env'), 'utf8'))?.[1] ?? '';
    expect(secret.length).toBeGreaterThan(20);
    expect(ran.out + ran.err).not.toContain(secret);
    const again = await here();
    expect(again).toMatchObject({ code: 0 });
    expect(again.out).toContain('Everything is up to date');
  });

  it('leaves the source alone where the edit is not wanted', async () => {
    const app = readFileSync(join(copy.root, 'src/app.ts'), 'utf8');
    const ran = await here('--yes', '--set', 'health.generate=false');
    expect(ran.code).toBe(0);
    expect(readFileSync(join(copy.root, 'src/app.ts'), 'utf8')).toBe(app);
    expect(existsSync(join(copy.root, 'src/health.ts'))).toBe(false);
    expect(readFileSync(join(copy.root, 'Dockerfile'), 'utf8')).not.toContain('/ready');
  });

  it('writes into another folder with --output, and nothing into the repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dockwright-output-'));
    const before = readdirSync(copy.root).sort();
    const ran = await here('--yes', '--output', folder);
    expect(ran.code).toBe(0);
    expect(readdirSync(copy.root).sort()).toEqual(before);
    expect(readdirSync(folder)).toContain('Dockerfile');
    rmSync(folder, { recursive: true });
  });

  it('never touches a file that was there', async () => {
    writeFileSync(join(copy.root, 'Dockerfile'), 'FROM scratch\n');
    const ran = await here('--yes');
    expect(ran.code).toBe(0);
    expect(ran.out).toContain('Dockerfile is your own');
    expect(readFileSync(join(copy.root, 'Dockerfile'), 'utf8')).toBe('FROM scratch\n');
  });

  it('answers with one JSON document', async () => {
    const plan = await here('plan', '--json');
    const explain = await here('explain', 'Dockerfile:6', '--json');
    const wrong = await dockwrightHere(['plan', '--json', '--cwd', join(copy.root, 'nowhere')]);
    expect(PlanSchema.safeParse(JSON.parse(plan.out)).success).toBe(true);
    expect(JSON.parse(explain.out)).toMatchObject({ file: 'Dockerfile', line: 6, origin: 'generated' });
    expect(wrong.code).toBe(2);
    expect(JSON.parse(wrong.out)).toMatchObject({ error: { code: 'no-folder', next: [expect.any(String)] } });
  });

  it('shows the offending line of a broken specification', async () => {
    writeFileSync(join(copy.root, 'specs/assertions.json'), '{\n  "assertions": [\n    { "id": 7 }\n  ]\n}\n');
    const ran = await here('--dry-run');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('specs/assertions.json:3');
    expect(ran.err).toContain('{ "id": 7 }');
  });

  it('explains a line of the user as theirs', async () => {
    await here('--yes');
    const file = join(copy.root, 'Dockerfile');
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.splice(7, 0, '# my own remark');
    writeFileSync(file, lines.join('\n'));
    const mine = await here('explain', 'Dockerfile:8', '--json');
    const shifted = await here('explain', 'Dockerfile:10', '--json');
    expect(JSON.parse(mine.out)).toMatchObject({ origin: 'mine', text: '# my own remark' });
    expect(JSON.parse(shifted.out)).toMatchObject({ origin: 'generated', key: 'images.app.stages.deps' });
  });
});
