import { describe, expect, it } from 'vitest';
import { UserError } from '../../../../src/model/errors.ts';
import { isolate } from '../../../../src/ship/isolation/isolate.ts';
import { throwRefused } from '../../../../src/ship/isolation/refusal.ts';
import { effective, isolated, options } from './support.ts';

const outside = [{ type: 'bind', source: '/srv/files', target: '/files' }];

function thrown(service: Record<string, unknown>, allow: readonly string[] = []): UserError {
  try {
    throwRefused(isolated(service, {}, allow).isolation, allow);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what is refused', () => {
  it('stops the run, with the key, its line, the reason and the flag that allows it', () => {
    const error = thrown({ volumes: outside, pid: 'host' });
    expect(error).toMatchObject({ code: 'isolation-refused', exit: 2, where: { file: 'docker-compose.yml', line: 8 } });
    expect(error.message).toContain('web.volumes, web.pid');
    expect(error.next[0]).toBe(
      'web.volumes (docker-compose.yml:8): /srv/files is outside the project. Remove it, or allow it for one run: --allow web.volumes',
    );
    expect(error.details).toMatchObject({
      isolation: [
        { service: 'web', key: 'volumes', action: 'refused', place: { line: 8 } },
        { service: 'web', key: 'pid', action: 'refused', place: { line: 7 } },
      ],
    });
  });

  it('shows the line', () => {
    const { isolation } = isolated({ pid: 'host' });
    const read = () => '1\n2\n3\n4\n5\n6\n    pid: host\n8';
    expect(() => throwRefused(isolation, [], read)).toThrow(
      expect.objectContaining({ where: { file: 'docker-compose.yml', line: 7, text: '    pid: host' } }),
    );
  });

  it('says that a socket is the socket of the engine', () => {
    const socket = [{ type: 'bind', source: '/run/user/1000/docker.sock', target: '/s' }];
    expect(thrown({ volumes: socket }).next[0]).toContain('socket of the container engine');
  });

  it('passes where a person allows it, and is listed', () => {
    const allow = ['web.volumes', 'web.pid', 'web.provider'];
    const { web, isolation } = isolated({ volumes: outside, pid: 'host', provider: { type: 'x' } }, {}, allow);
    expect(() => throwRefused(isolation, allow)).not.toThrow();
    expect(web).toMatchObject({ pid: 'host', volumes: outside, provider: { type: 'x' } });
    expect(isolation.map((note) => note.action)).toEqual(['allowed', 'allowed', 'allowed']);
  });

  it('is not allowed by the name of another key, service or definition', () => {
    for (const name of ['web.volume', 'db.volumes', 'volumes', 'web', 'web.volumes.0', '*']) {
      const error = thrown({ volumes: outside }, [name]);
      expect(error).toMatchObject({ code: 'allow-unknown', exit: 2 });
      expect(error.next.join(' ')).toContain('web.volumes');
    }
    expect(thrown({}, ['web.volumes']).next.join(' ')).toContain('nothing');
  });

  it('never lets two things through by one name', () => {
    const model = {
      services: { configs: { image: 'x', volumes: outside } },
      configs: { volumes: { file: '/etc/shadow' } },
    };
    const { isolation } = isolate(effective(model), options({ allow: ['configs.volumes'] }));
    expect(() => throwRefused(isolation, ['configs.volumes'])).toThrow(/more than one/);
  });

  it('reports what the parser did not read, which no flag lets through', () => {
    const refused = [{ key: 'include', why: 'It is a remote file: https://example.org/x.git' }];
    const unread = [{ key: 'include', why: 'the env file of an include is not read' }];
    const { isolation } = isolate(effective({ services: {} }, { refused, unread }), options({ allow: ['include'] }));
    expect(isolation).toEqual([
      { ...refused[0], action: 'refused' },
      { ...unread[0], action: 'dropped' },
    ]);
    expect(() => throwRefused(isolation, ['include'])).toThrow(/does not match anything/);
    expect(() => throwRefused(isolation, [])).toThrow(/include/);
  });
});
