import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildArguments, readCheck } from '../../../src/engine/buildx.ts';
import { inspectContainer, readContainer } from '../../../src/engine/containers.ts';
import { cleanEnvironment, dockerFailed, findEngine } from '../../../src/engine/docker.ts';
import { programs } from '../../../src/engine/programs.ts';
import { ownerGone, ownerOf, removeRun } from '../../../src/engine/run-labels.ts';

describe('cleanEnvironment', () => {
  it('lets the engine be found and nothing else in', () => {
    const env = {
      PATH: '/bin',
      DOCKER_HOST: 'ssh://x',
      HTTPS_PROXY: 'p',
      POSTGRES_PASSWORD: 's',
      COMPOSE_FILE: 'x.yml',
      TAG: 'v1',
      GONE: undefined,
    };
    expect(cleanEnvironment({ EXTRA: 'e' }, env)).toEqual({
      ...programs.docker.set,
      PATH: '/bin',
      DOCKER_HOST: 'ssh://x',
      HTTPS_PROXY: 'p',
      EXTRA: 'e',
    });
  });
  it('keeps git, remote compose files and env files out, whatever the shell says', () => {
    const env = {
      BUILDX_GIT_INFO: 'true',
      BUILDX_GIT_LABELS: 'full',
      GIT_DIR: '/elsewhere',
      GIT_SSH_COMMAND: 'x',
      COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'true',
      COMPOSE_ENV_FILES: '.env',
      SSH_ASKPASS: 'x',
      PYTHONPATH: 'x',
      ENV: 'x',
    };
    expect(cleanEnvironment({}, env)).toEqual({
      ...programs.docker.set,
      BUILDX_GIT_INFO: 'false',
      COMPOSE_EXPERIMENTAL_GIT_REMOTE: 'false',
    });
  });
  it('makes absolute what is meant from the folder of the person, as the program runs in another', () => {
    const env = { PATH: '/bin::.:rel:/usr/bin', DOCKER_CONFIG: 'conf', HOME: '/home/x', DOCKER_HOST: 'ssh://x' };
    expect(cleanEnvironment({}, env)).toMatchObject({
      PATH: ['/bin', '/usr/bin'].join(delimiter),
      DOCKER_CONFIG: resolve('conf'),
      HOME: '/home/x',
      DOCKER_HOST: 'ssh://x',
    });
  });
});

describe('what docker prints', () => {
  let folder: string;
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  });
  /** A docker that prints this, whatever it is asked. */
  function printing(text: string): void {
    folder = mkdtempSync(join(tmpdir(), 'dockwright-docker-'));
    writeFileSync(join(folder, 'out'), text);
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\ncat ${join(folder, 'out')}\n`, { mode: 0o755 });
    process.env['PATH'] = [folder, path].join(delimiter);
  }
  it.each(['', 'null', '[]', '"x"', 'not JSON', '{"ServerVersion":7}', '{"ClientInfo":{"Plugins":{}}}', '{'])(
    'is an error of an outside program, and no bug of ours, where it is %j',
    async (text) => {
      printing(text);
      const unreadable = { name: 'UserError', exit: 4 };
      await expect(findEngine()).rejects.toMatchObject(unreadable);
      await expect(inspectContainer('abc')).rejects.toMatchObject(unreadable);
    },
  );
  it('is nothing of a run where the engine does not answer: all of it may be there still', async () => {
    printing('');
    writeFileSync(join(folder, 'docker'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    expect(await removeRun('dockwright-verify-00000000')).toEqual(['dockwright-verify-00000000']);
  });
  it('is an engine where it is one, also with parts that are missing or null', async () => {
    printing('{"ServerVersion":"28.5","DriverStatus":null,"ClientInfo":{"Plugins":null}}');
    expect(await findEngine()).toEqual({
      version: '28.5',
      architecture: '',
      containerd: false,
      buildx: false,
      compose: false,
    });
    rmSync(folder, { recursive: true });
    printing('{"ServerErrors":["Cannot connect"],"ClientInfo":{}}');
    expect(await findEngine()).toBeUndefined();
  });
});

describe('buildArguments', () => {
  const request = {
    context: '/p',
    dockerfile: '/p/Dockerfile',
    output: { to: 'archive', file: '/t/i.tar', tag: 'a:b' },
  } as const;
  it('sets the times of layers, and attests nothing', () => {
    const args = buildArguments(request);
    expect(args).toContain('type=oci,dest=/t/i.tar,name=a:b,rewrite-timestamp=true');
    expect(args).toContain('--provenance=false');
    expect(args.at(-1)).toBe('/p');
  });
  it('names secrets, never their values', () => {
    const secrets = [
      { id: 'NPM_TOKEN', value: 'very secret' },
      { id: 'PATH', value: 'secret too' },
    ];
    const args = buildArguments({ ...request, secrets });
    expect(args).toContain('id=NPM_TOKEN,env=DOCKWRIGHT_BUILD_SECRET_0');
    // the docker CLI gets no variable by a name of the project: this one would decide which programs it starts
    expect(args).toContain('id=PATH,env=DOCKWRIGHT_BUILD_SECRET_1');
    expect(args.join(' ')).not.toContain('secret too');
    expect(args.join(' ')).not.toContain('very secret');
  });
  it('passes target, arguments, platforms and labels', () => {
    const args = buildArguments({
      ...request,
      target: 'test',
      buildArgs: { A: 'b c' },
      platforms: ['linux/amd64', 'linux/arm64'],
      labels: { x: 'y' },
      noCache: true,
    }).join('\n');
    for (const part of [
      '--target\ntest',
      '--build-arg\nA=b c',
      '--platform\nlinux/amd64,linux/arm64',
      '--label\nx=y',
      '--no-cache',
    ]) {
      expect(args).toContain(part);
    }
  });
});

describe('readCheck', () => {
  it('reads warnings with their lines', () => {
    const warning = { ruleName: 'FromAsCasing', detail: 'as', location: { ranges: [{ start: { line: 3 } }] } };
    expect(readCheck(JSON.stringify({ warnings: [warning] }), '')).toEqual([
      { rule: 'FromAsCasing', detail: 'as', line: 3 },
    ]);
  });
  it('has nothing to say of a clean file', () => {
    expect(readCheck('{"warnings":null}', '#1 DONE')).toEqual([]);
  });
  it('takes silence and an error for findings, never for a clean file', () => {
    expect(readCheck('', 'ERROR: unknown instruction: FORM')).toEqual([
      { rule: 'BuildError', detail: 'ERROR: unknown instruction: FORM' },
    ]);
    expect(readCheck('{"warnings":null,"buildError":{"message":"no stage"}}', '')).toEqual([
      { rule: 'BuildError', detail: 'no stage' },
    ]);
  });
});

describe('readContainer', () => {
  const raw = {
    Id: 'abc',
    RestartCount: 1,
    State: {
      Status: 'running',
      ExitCode: 0,
      StartedAt: 't',
      Health: { Status: 'unhealthy', Log: [{ ExitCode: 1, Output: 'no\n' }] },
    },
    Config: { User: '65532' },
    HostConfig: {
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': '' },
      CapDrop: ['ALL'],
      CapAdd: null,
      SecurityOpt: ['no-new-privileges:true'],
    },
    Mounts: [{ Type: 'volume', Destination: '/data', RW: true }],
    NetworkSettings: { Ports: { '3000/tcp': [{ HostPort: '49153' }], '9/udp': [{ HostPort: '1' }], '80/tcp': null } },
  };
  it('reads what it asks for', () => {
    expect(readContainer(JSON.stringify(raw))).toMatchObject({
      health: 'unhealthy',
      checks: ['exit 1: no'],
      restarts: 1,
      readOnly: true,
      tmpfs: ['/tmp'],
      capAdd: [],
      ports: new Map([[3000, 49153]]),
    });
  });
  it('knows a container without a check', () => {
    const bare = { ...raw, State: { Status: 'exited', ExitCode: 137, StartedAt: 't' } };
    expect(readContainer(JSON.stringify(bare))).toMatchObject({ health: 'none', checks: [], exitCode: 137 });
  });
});

describe('ownerGone', () => {
  const dead = () => false;
  it('is true only for a process of this host that is no more', () => {
    expect(ownerGone(ownerOf(123, 'here'), dead, 'here')).toBe(true);
    expect(ownerGone(ownerOf(123, 'here'), () => true, 'here')).toBe(false);
    expect(ownerGone(ownerOf(123, 'there'), dead, 'here')).toBe(false);
    expect(ownerGone('', dead, 'here')).toBe(false);
    expect(ownerGone('here/', dead, 'here')).toBe(false);
  });
  it('sees this very process', () => {
    expect(ownerGone(ownerOf())).toBe(false);
  });
});

describe('dockerFailed', () => {
  it('shows what docker said last and a command that can be pasted', () => {
    const error = dockerFailed(['compose', 'up', "it's"], 'one\n\nno space left');
    expect(error).toMatchObject({ code: 'docker-failed', exit: 4, retry: false });
    expect(error.message).toContain('no space left');
    expect(error.next[0]).toContain("'it'\\''s'");
  });
});
