import { describe, expect, it } from 'vitest';
import { language } from '../../../../src/languages/go/index.ts';
import type { Facts } from '../../../../src/model/facts.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const mod = 'module example.com/shop\n\ngo 1.27\n';

const inspect = (files: Readonly<Record<string, string>>, root = '.'): Promise<Facts> =>
  language.inspect({
    project: memoryProject({ 'go.mod': mod, ...files }),
    root,
    config: {},
    archetype: undefined,
    existing: [],
    examples: new Map(),
    hints: [],
  });

const program = (imports: readonly string[], body: string): string =>
  `package main\n\nimport (\n${imports.map((one) => `\t"${one}"`).join('\n')}\n)\n\nfunc main() {\n${body}\n}\n`;

const server = program(['net/http'], '\thttp.ListenAndServe(":8080", nil)');
const ticking = program(
  ['time', 'os', 'github.com/redis/go-redis/v9'],
  '\tredis.NewClient(&redis.Options{Addr: os.Getenv("REDIS_ADDR")})\n\tfor range time.Tick(5) {\n\t}',
);
const waiting = program(['os/signal', 'syscall'], '\tsignal.Notify(c, syscall.SIGTERM)\n\t<-c');
const tool = program(['flag', 'fmt'], '\tflag.Parse()\n\tfmt.Println("done")');
const plain = program(['fmt'], '\tfmt.Println("done")');

describe('several programs of which one listens', () => {
  it.each([
    ['what ticks', 'worker', ticking],
    ['what waits for a signal', 'mailer', waiting],
    ['what subscribes', 'consumer', program(['example.com/bus'], '\tbus.Subscribe("orders")')],
  ])('%s works beside it from the same image', async (_, name, text) => {
    const files = { 'cmd/server/main.go': server, [`cmd/${name}/main.go`]: text };
    expect(language.applications(memoryProject({ 'go.mod': mod, ...files }))).toEqual(['.']);
    const facts = await inspect(files);
    expect(facts.archetype).toMatchObject({ value: 'web-service' });
    expect(facts.processes).toMatchObject([{ name, command: { argv: [`/usr/local/bin/${name}`] } }]);
    expect(facts.details).toMatchObject({ main: 'cmd/server', programs: [{ name, main: `cmd/${name}` }] });
    expect(facts.notes).toEqual([]);
  });

  it('has the variables and services of all that run', async () => {
    const facts = await inspect({ 'cmd/server/main.go': server, 'cmd/worker/main.go': ticking });
    expect(facts.variables.map(({ name }) => name)).toEqual(['REDIS_ADDR']);
    expect(facts.services.map(({ service }) => service)).toEqual(['redis']);
    expect(facts.signals.value).toEqual([]);
  });

  it.each([
    ['what is called with flags', tool],
    ['what ends', plain],
    [
      'what has commands, and is interrupted',
      program(['os/signal', 'os', 'github.com/spf13/cobra'], '\tsignal.NotifyContext(ctx, os.Interrupt)'),
    ],
  ])('%s is left out with the reason', async (_, text) => {
    const facts = await inspect({ 'cmd/server/main.go': server, 'cmd/seed/main.go': text });
    expect(facts.processes).toBeUndefined();
    expect((facts.details as { programs?: object }).programs).toBeUndefined();
    expect(facts.notes).toMatchObject([
      { code: 'program-left-out', message: expect.stringContaining('cmd/seed is a program that exits') },
    ]);
  });

  it('a server in the root of the module has its worker below cmd', async () => {
    const facts = await inspect({ 'main.go': server, 'cmd/app/main.go': waiting });
    expect(facts.details).toMatchObject({ main: '.', programs: [{ name: 'app-worker', main: 'cmd/app' }] });
  });

  it('a program that migrates is the job, where it takes no arguments', async () => {
    const facts = await inspect({ 'cmd/server/main.go': server, 'cmd/migrate/main.go': plain });
    expect(facts.migration).toMatchObject({ value: { argv: ['/usr/local/bin/migrate'] } });
    expect(facts.details).toMatchObject({ job: 'migrate', programs: [{ name: 'migrate', main: 'cmd/migrate' }] });
    const asked = await inspect({ 'cmd/server/main.go': server, 'cmd/migrate/main.go': tool });
    expect(asked.migration).toBeUndefined();
    expect(asked.notes).toMatchObject([{ code: 'nothing-migrates' }]);
  });
});

describe('several programs', () => {
  it.each([
    ['of which two listen', { 'cmd/api/main.go': server, 'cmd/web/main.go': server }, ['cmd/api', 'cmd/web']],
    ['of which none listens', { 'cmd/a/main.go': tool, 'cmd/b/main.go': ticking }, ['cmd/a', 'cmd/b']],
    [
      'beside an application of another language',
      { 'package.json': '{"name":"web"}', 'cmd/api/main.go': server, 'cmd/b/main.go': ticking },
      ['cmd/api', 'cmd/b'],
    ],
  ])('%s stay an application each', (_, files, roots) => {
    expect(language.applications(memoryProject({ 'go.mod': mod, ...files }))).toEqual(roots);
  });
});
