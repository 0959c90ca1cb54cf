import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsOf, type EverydayCommand } from '../../src/flows/commands.ts';
import { repository } from '../support/projects.ts';
import { halfOf } from '../support/share.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, generated } from './whole-way.ts';

/** A port that is free, and nine behind it that most likely are. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Examples of each shape that runs; a command of `dockwright` itself and one that goes on for ever are run by other tests. */
const examples = ['orders-api', 'links-api', 'storefront', 'nightly-report', 'csv-tool'];
const ofDockwright = (one: EverydayCommand) => one.argv[0] === 'dockwright';

withEngine('the everyday commands', () => {
  describe.each(halfOf(examples))('of %s', (name) => {
    let copy: Copy;
    let commands: readonly EverydayCommand[] = [];
    const env = { ...process.env, PAYMENT_API_URL: 'http://127.0.0.1:9', PAYMENT_API_KEY: 'not-a-real-key' };
    const clean = () => {
      const down = ['compose', '--profile', '*', 'down', '--volumes', '--timeout', '5', '--rmi', 'local'];
      spawnSync('docker', down, { cwd: copy.root, env });
    };
    let port = 0;
    beforeAll(async () => {
      copy = await generated(join(repository, 'examples', name));
      commands = commandsOf(copy.generation.context.plan);
      // the commands name the project as it is called: a volume that a killed run left under that name holds another password
      clean();
      port = await freePort();
    });
    afterAll(() => {
      clean();
      for (const image of docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']).split('\n'))
        if (image.startsWith(`${name}:`) || image.startsWith(`${name}-`)) docker(['image', 'rm', '--force', image]);
      copy.remove();
    });

    it('end well, one after the other', { timeout: 400_000 }, () => {
      const published = Object.values(copy.generation.context.plan.workloads['app']?.ports ?? {})[0]?.publish?.default;
      for (const one of commands.filter((each) => !ofDockwright(each) && each.argv.length > 0)) {
        const argv = one.argv.map((word) =>
          published ? word.replace(`127.0.0.1:${published}`, `127.0.0.1:${port}`) : word,
        );
        const range = one.env ? `${port}-${port + 9}` : String(port);
        const options = { cwd: copy.root, env: { ...env, PORT: range }, encoding: 'utf8' as const };
        // what wants a terminal gets one from script(1); what goes on for ever is started in the background
        const result = one.terminal
          ? spawnSync('script', ['--quiet', '--return', '--command', argv.join(' '), '/dev/null'], {
              ...options,
              // what looks from beside has to see the files of the app
              input: one.id === 'debug' ? 'ls /proc/1/root/; exit\n' : 'exit 0\n',
            })
          : spawnSync(argv[0] ?? '', [...argv.slice(1), ...(one.stays ? ['--detach'] : [])], {
              ...options,
              input: 'a,b\n1,2\n',
            });
        expect(`${one.id} ${result.status} ${result.status === 0 ? '' : result.stderr + result.stdout}`).toBe(
          `${one.id} 0 `,
        );
      }
    });
  });
});
