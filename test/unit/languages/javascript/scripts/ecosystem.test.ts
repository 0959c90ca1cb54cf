import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const web = "require('http').createServer((q, r) => r.end()).listen(process.env.PORT || 3000);\n";
const stays = 'setInterval(() => 1, 1000);\n';
const project = (start: string, more: Files, rest: object = {}): Files => ({
  'package.json': JSON.stringify({
    name: 'shop',
    private: true,
    scripts: { start, send: 'node jobs/mail.js', ...rest },
    engines: { node: '24' },
    dependencies: { pm2: '7' },
  }),
  'web.js': web,
  'jobs/mail.js': stays,
  'jobs/clock.js': stays,
  ...more,
});

const read = async (files: Files) => {
  const { commands, processes, leftOut } = await factsOf(files);
  return {
    start: said(commands.start),
    processes: (processes ?? []).map(({ name, command: { argv, env } }) => [name, argv.join(' '), env ?? {}]),
    leftOut: (leftOut ?? []).map(({ what, why }) => `${what}: ${why}`),
  };
};

const both = [
  "{ name: 'web', script: './web.js', instances: 2, env: { MODE: 'one' }, env_production: { MODE: 'many', PORT: 6400 } }",
  "{ name: 'mails', script: 'jobs/mail.js', args: '--all', node_args: ['--max-old-space-size=200'], env_production: { QUEUE: true } }",
];

describe('a file that tells pm2 to start several programs', () => {
  it.each<[string, string, string]>([
    [
      'pm2-runtime start ecosystem.config.js --env production',
      'ecosystem.config.js',
      `module.exports = { apps: [${both}] };`,
    ],
    [
      'pm2 start ecosystem.config.cjs --env production && pm2 logs',
      'ecosystem.config.cjs',
      `const apps = [${both}];\nmodule.exports = { apps };`,
    ],
    [
      'NODE_ENV=production pm2-runtime ecosystem.config.mjs --env=production',
      'ecosystem.config.mjs',
      `export default { apps: [${[...both].reverse()}] };`,
    ],
  ])(
    'gives the application and a process for each, with its arguments and variables: %s',
    async (start, file, text) => {
      const found = await read(project(start, { [file]: text }));
      expect(found.start).toMatchObject({ argv: ['node', './web.js'], env: { MODE: 'many', PORT: '6400' } });
      expect(found.processes).toEqual([
        ['mails', 'node --max-old-space-size=200 jobs/mail.js --all', expect.objectContaining({ QUEUE: 'true' })],
      ]);
    },
  );

  it('in JSON, in another mode, and through a script of the manifest', async () => {
    const apps = [
      { name: 'web', script: 'web.js', env: { MODE: 'one' }, env_staging: { MODE: 'two' } },
      { name: 'mails', script: 'npm', args: 'run send' },
    ];
    const found = await read(project('pm2-runtime process.json', { 'process.json': JSON.stringify({ apps }) }));
    expect(found.start).toMatchObject({ argv: ['node', 'web.js'], env: { MODE: 'one' } });
    expect(found.processes).toEqual([['mails', 'node jobs/mail.js', {}]]);
  });

  it('starts those alone that the line names', async () => {
    const text = `module.exports = { apps: [${both}, { name: 'tick', script: 'jobs/clock.js' }] };`;
    const found = await read(
      project('pm2-runtime ecosystem.config.js --only web,tick', { 'ecosystem.config.js': text }),
    );
    expect(found.processes).toEqual([['tick', 'node jobs/clock.js', {}]]);
  });

  it('leaves out, and says why, what no container of the image can start', async () => {
    const text = `module.exports = { apps: [${both[0]},
      { name: 'nightly', script: 'jobs/clock.js', cron_restart: '0 3 * * *', autorestart: false },
      { name: 'model', script: 'model.py', interpreter: 'python3' },
      { name: 'admin', script: 'index.js', cwd: './admin' }] };`;
    const found = await read(project('pm2-runtime ecosystem.config.js', { 'ecosystem.config.js': text }));
    expect(found.processes).toEqual([]);
    expect(found.leftOut).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^process nightly: .*0 3 \* \* \*/),
        expect.stringMatching(/^process model: `python3 model\.py` does not start a file/),
        expect.stringMatching(/^process admin: it runs in the folder \.\/admin/),
      ]),
    );
  });

  it('names a process once where a script of the manifest starts the same file', async () => {
    const files = { 'ecosystem.config.js': `module.exports = { apps: [${both}] };` };
    const found = await read(project('pm2-runtime ecosystem.config.js', files, { worker: 'node jobs/mail.js' }));
    expect(found.processes.map(([name]) => name)).toEqual(['mails']);
  });

  it('is no such thing for one program, nor for a manager that hands over to a script', async () => {
    const one = await read(
      project('pm2-runtime ecosystem.config.js', { 'ecosystem.config.js': `module.exports = { apps: [${both[0]}] };` }),
    );
    expect(one).toMatchObject({ start: { argv: ['node', './web.js'], env: { MODE: 'one' } }, processes: [] });
    const handed = await read(project('pm2-runtime start npm --name web -- run serve', {}, { serve: 'node web.js' }));
    expect(handed).toMatchObject({ start: { argv: ['node', 'web.js'] }, processes: [] });
  });
});

describe('the key "processes"', () => {
  const files = project('node web.js', { Procfile: 'web: node web.js\nmails: node jobs/mail.js\n' });
  const withKey = async (processes: Readonly<Record<string, false | string[]>>) => {
    const facts = await factsOf(files, { processes });
    const named = (facts.processes ?? []).map(({ name, command: { argv }, by }) => [name, argv.join(' '), by]);
    return { named, leftOut: (facts.leftOut ?? []).map(({ what }) => what) };
  };

  it('names a process, another command for one, or none', async () => {
    expect((await withKey({ tick: ['node', 'jobs/clock.js'] })).named).toEqual([
      ['tick', 'node jobs/clock.js', 'config'],
      ['mails', 'node jobs/mail.js', undefined],
    ]);
    expect((await withKey({ mails: ['node', 'jobs/clock.js', '--mails'] })).named).toEqual([
      ['mails', 'node jobs/clock.js --mails', 'config'],
    ]);
    expect(await withKey({ mails: false })).toMatchObject({ named: [], leftOut: ['process mails'] });
  });

  it('is refused where it starts no file of the application', async () => {
    await expect(withKey({ mails: ['node', 'jobs/none.js'] })).rejects.toMatchObject({ code: 'process-not-started' });
    await expect(withKey({ mails: ['redis-server'] })).rejects.toMatchObject({ code: 'process-not-started' });
  });
});
