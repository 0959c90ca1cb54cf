import { describe, expect, it } from 'vitest';
import { asTag, semantic, type Tagged, tagsOf, versionOfTag } from '../../../src/ship/tags.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const plain: Tagged = { commit, dirty: false, branch: 'main', gitTags: [], allTags: [], latest: false };
const table = (known: Partial<Tagged>) => {
  const found = tagsOf({ ...plain, ...known });
  if ('conflict' in found) throw new Error(JSON.stringify(found.conflict));
  return found;
};

describe('the tags of an image', () => {
  it('are the commit, the version and the branch, and latest only where it is asked for', () => {
    expect(table({ version: '1.2.0' }).tags).toEqual(['0123456789ab', '1.2.0', 'main']);
    expect(table({ version: '1.2.0', latest: true }).tags).toEqual(['0123456789ab', '1.2.0', 'main', 'latest']);
    expect(table({ branch: undefined }).tags).toEqual(['0123456789ab']);
  });

  it.each([
    ['feature/login', 'feature-login'],
    ['fix/#12 späti', 'fix--12-sp-ti'],
    ['--wip', 'wip'],
    ['release/2.x', 'release-2.x'],
    ['x'.repeat(200), 'x'.repeat(128)],
  ])('write the branch %s as %s', (branch, tag) => {
    expect(table({ branch }).tags).toEqual(['0123456789ab', tag]);
  });

  it.each(['latest', '1.4.0', 'v1.4.0', 'deadbeef', '///'])(
    'leave out the branch %s, whose tag means something else',
    (branch) => {
      const { tags, leftOut } = table({ branch });
      expect(tags).toEqual(['0123456789ab']);
      expect(leftOut[0]).toContain(branch);
    },
  );

  it('of a tree with changes are one, which says so', () => {
    const { tags, leftOut } = table({ dirty: true, version: '1.2.0', gitTags: ['v1.2.0'], latest: true });
    expect(tags).toEqual(['0123456789ab-dirty']);
    expect(leftOut.join(' ')).toMatch(/version and branch tags.*latest/);
  });

  it('take the version of the git tag that the commit carries, and name both where the manifest differs', () => {
    expect(table({ gitTags: ['v1.2.0'] }).version).toBe('1.2.0');
    expect(table({ gitTags: ['v1.2.0'], version: '1.2.0' }).version).toBe('1.2.0');
    expect(table({ gitTags: ['nightly'], version: '1.2.0' }).version).toBe('1.2.0');
    expect(table({ gitTags: ['1.0rc1'], version: '1.0rc1' }).version).toBe('1.0rc1');
    // a commit that was promoted
    expect(table({ gitTags: ['v1.2.0', 'v1.2.0-rc.1'].reverse(), version: '1.2.0' }).version).toBe('1.2.0');
    expect(table({ gitTags: ['v1.2.0-rc.1', 'v1.2.0'] }).version).toBe('1.2.0');
    expect(tagsOf({ ...plain, gitTags: ['v1.3.0'], version: '1.2.0' })).toEqual({
      conflict: { gitTag: 'v1.3.0', manifest: '1.2.0' },
    });
  });

  it('read the git tags of one of several applications', () => {
    for (const tag of ['api@1.2.0', 'api-v1.2.0', 'api/v1.2.0', 'v1.2.0'])
      expect(versionOfTag(tag, 'api')).toBe('1.2.0');
    expect(versionOfTag('web@1.2.0', 'api')).toBe('web@1.2.0');
    expect(table({ app: 'api', gitTags: ['web@3.0.0', 'api@1.2.0'], version: '1.2.0' }).version).toBe('1.2.0');
  });

  it('write what was built from a version behind a dash', () => {
    expect(table({ version: '1.2.0+build.5' }).tags).toContain('1.2.0-build.5');
  });

  it.each([
    ['a pre-release', { version: '2.0.0-rc.1', allTags: ['v1.0.0'] }],
    ['a pre-release of another notation', { version: '2.0rc1' }],
    ['a back-port', { gitTags: ['v1.2.1'], version: '1.2.1', allTags: ['v1.2.1', 'v2.0.0', 'v2.1.0-rc.1'] }],
    ['a git tag that is no version', { gitTags: ['nightly'], version: '1.2.1' }],
    ['a version of four parts', { gitTags: ['v1.2.1.4'], version: '1.2.1' }],
    ['a version of four parts in the manifest', { version: '1.2.1.4' }],
  ])('leave latest where it is for %s', (_, known) => {
    const { tags, leftOut } = table({ ...known, latest: true });
    expect(tags).not.toContain('latest');
    expect(leftOut.join(' ')).toMatch(/latest is left out/);
  });

  it.each([
    ['the newest version', { gitTags: ['v2.0.0'], allTags: ['v1.9.0', 'v2.0.0', 'v2.1.0-rc.1', 'nightly'] }],
    ['a version without a git tag', { version: '2.0.0', allTags: ['v1.9.0'] }],
    ['one with a build behind it', { version: '2.0.0+5' }],
    ['one of two numbers in the manifest', { version: '2.1', allTags: ['v2.0.5'] }],
    ['a project without versions', {}],
  ])('move latest for %s', (_, known) => {
    expect(table({ ...known, latest: true }).tags).toContain('latest');
  });

  it('are valid whatever they come from', () => {
    for (const text of ['ünïcödé', '.hidden', '-x', 'a b\nc', '🚀rocket', 'a'.repeat(300)])
      expect(asTag(text)).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/);
    expect(semantic('1.2.3-a..b')).toBeUndefined();
    expect(semantic('01.2.3')).toBeUndefined();
    expect(semantic('1.2.3-rc-1.x+5')).toEqual({ numbers: [1, 2, 3], isFinal: false });
  });
});
