import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheHome } from '../../../src/engine/cache-home.ts';
import { compileCacheFolder } from '../../../src/engine/compile-cache.ts';

describe('the folder of caches', () => {
  const home = '/home/ada';

  it('is what the user says, else the custom of the system', () => {
    expect(cacheHome({ platform: 'linux', env: {}, home })).toBe('/home/ada/.cache');
    expect(cacheHome({ platform: 'linux', env: { XDG_CACHE_HOME: '/var/ada' }, home })).toBe('/var/ada');
    expect(cacheHome({ platform: 'darwin', env: {}, home: '/Users/ada' })).toBe('/Users/ada/Library/Caches');
    expect(cacheHome({ platform: 'win32', env: { LOCALAPPDATA: 'C:\\ada\\Local' }, home: 'C:\\ada' })).toBe(
      'C:\\ada\\Local',
    );
    expect(cacheHome({ platform: 'win32', env: {}, home: 'C:\\ada' })).toBe('C:\\ada\\AppData\\Local');
  });

  it('is never relative to where the program is started, and need not be there', () => {
    expect(cacheHome({ platform: 'linux', env: { XDG_CACHE_HOME: 'caches' }, home })).toBe('/home/ada/.cache');
    expect(cacheHome({ platform: 'linux', env: { XDG_CACHE_HOME: '' }, home })).toBe('/home/ada/.cache');
    expect(cacheHome({ platform: 'linux', env: {}, home: '.' })).toBeUndefined();
    expect(cacheHome({ platform: 'linux', env: {}, home: undefined })).toBeUndefined();
  });
});

/** Below the system's temporary folder others may write, so the folders of these tests lie in the home of whoever runs them. */
describe.skipIf(process.platform === 'win32')('the folder of compiled code', () => {
  let home: string;
  let caches: string;
  let project: string;
  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(homedir(), '.dockwright-test-')));
    caches = join(home, '.cache');
    project = join(home, 'project');
    mkdirSync(join(project, '.git'), { recursive: true });
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const mode = (path: string) => lstatSync(path).mode & 0o777;

  it('is made for this user alone, and used again', () => {
    const folder = join(caches, 'dockwright', 'compiled');
    expect(compileCacheFolder(caches, [project])).toBe(folder);
    expect([mode(caches), mode(join(caches, 'dockwright')), mode(folder)]).toEqual([0o700, 0o700, 0o700]);
    writeFileSync(join(folder, 'a'), '');
    expect(compileCacheFolder(caches, [project])).toBe(folder);
    // other caches of Dockwright may be there before
    chmodSync(join(caches, 'dockwright'), 0o755);
    expect(compileCacheFolder(caches, [project])).toBe(folder);
  });

  it('is none where somebody else can write, at any level', () => {
    mkdirSync(join(caches, 'dockwright', 'compiled'), { recursive: true });
    for (const level of [home, caches, join(caches, 'dockwright'), join(caches, 'dockwright', 'compiled')]) {
      for (const open of [0o777, 0o775, 0o757, 0o1777]) {
        const before = mode(level);
        chmodSync(level, open);
        expect(compileCacheFolder(caches, [project]), `${level} ${open.toString(8)}`).toBeUndefined();
        chmodSync(level, before);
      }
    }
    expect(compileCacheFolder(caches, [project])).toBeDefined();
  });

  it('is none where a link or a file is in its place', () => {
    const elsewhere = join(home, 'elsewhere');
    mkdirSync(elsewhere);
    for (const parts of [[], ['dockwright'], ['dockwright', 'compiled']]) {
      for (const put of [(path: string) => symlinkSync(elsewhere, path), (path: string) => writeFileSync(path, '')]) {
        const path = join(caches, ...parts);
        mkdirSync(join(path, '..'), { recursive: true });
        put(path);
        expect(compileCacheFolder(caches, [project]), parts.join('/')).toBeUndefined();
        rmSync(caches, { recursive: true });
      }
    }
    expect(compileCacheFolder(caches, [project])).toBeDefined();
  });

  it('never lies in a project, also where the project is named by a link or from a folder in it', () => {
    const inside = join(project, '.cache');
    mkdirSync(join(project, 'packages'));
    symlinkSync(project, join(home, 'link'));
    for (const named of [project, join(project, 'packages'), join(home, 'link')])
      expect(compileCacheFolder(inside, [named]), named).toBeUndefined();
    expect(compileCacheFolder(join(home, 'link', '.cache'), [project])).toBeUndefined();
    expect(compileCacheFolder(inside, [home, project])).toBeUndefined();
    // the name of a project that begins the same
    expect(compileCacheFolder(`${project}-of-mine`, [project])).toBeDefined();
  });

  it('is none where the user has no folder of caches', () => {
    expect(compileCacheFolder(undefined, [project])).toBeUndefined();
    expect(compileCacheFolder('/proc/nowhere', [project])).toBeUndefined();
  });
});
