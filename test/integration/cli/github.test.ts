import { describe, expect, it } from 'vitest';
import { annotationLine, annotationsOf } from '../../../src/cli/report/github.ts';
import type { CheckReport, Drift } from '../../../src/index.ts';

const none: Drift = { drifted: false, files: [], causes: [] };
const artifacts = { id: 'artifacts', title: 'in step', status: 'fail', ok: false, detail: 'x' } as const;
const lines = (file: string, start: number, end: number, text: string) => ({
  file,
  start,
  end,
  old: end < start ? [] : ['old'],
  new: [text],
});
const drifted: Drift = {
  drifted: true,
  files: [
    { path: 'compose.yml', state: 'changed', drifted: true, why: 'changed' },
    { path: 'new.yml', state: 'missing', drifted: true, why: 'not generated yet' },
  ],
  causes: [
    {
      why: 'assertion A-1: a cache',
      assertions: ['A-1'],
      from: [],
      decisions: [
        {
          key: 'a',
          choice: 'Redis',
          why: 'asked',
          lines: [lines('compose.yml', 8, 7, 'redis:'), lines('other.yml', 2, 4, 'x')],
        },
      ],
    },
    {
      why: 'header',
      assertions: [],
      from: [],
      decisions: [
        {
          key: 'h',
          choice: 'h',
          why: 'h',
          lines: [lines('compose.yml', 1, 1, '# A'), lines('other.yml', 1, 1, '# A')],
        },
      ],
    },
  ],
};
const report = (items: CheckReport['items'], drift = none): CheckReport => ({ version: 1, ready: false, items, drift });

describe('annotations', () => {
  it('escape what GitHub reads as its own', () => {
    expect(
      annotationLine({
        file: 'a,b:c%d.yml',
        line: 3,
        endLine: 5,
        title: 'x: y, z',
        message: '50 % off: a,b\r\nsecond',
      }),
    ).toBe('::error file=a%2Cb%3Ac%25d.yml,line=3,endLine=5,title=x%3A y%2C z::50 %25 off: a,b%0D%0Asecond');
    // an escape that was there already stays what it was
    expect(annotationLine({ title: 't', message: '%0A' })).toBe('::error title=t::%250A');
    expect(annotationLine({ title: 't', line: 3, message: 'no file, no line' })).toBe(
      '::error title=t::no file, no line',
    );
  });

  it('say each item that fails, with its place and the next step', () => {
    const item = {
      id: 'x',
      title: 'all is well',
      status: 'fail',
      ok: false,
      detail: 'it is not',
      next: 'fix it',
    } as const;
    const passing = { id: 'y', title: 'fine', status: 'pass', ok: true, detail: '' } as const;
    const found = annotationsOf(report([{ ...item, file: 'package.json', line: 2 }, passing]), 'apps/api');
    expect(found.map(annotationLine)).toEqual([
      '::error file=apps/api/package.json,line=2,title=Dockwright%3A failed%3A all is well::it is not%0ANext: fix it',
    ]);
  });

  it('say each cause once in each file, the same change of several files once, and the files that are missing', () => {
    const found = annotationsOf(report([artifacts], drifted));
    expect(found.map(({ file, line, endLine, title }) => [file, line, endLine, title])).toEqual([
      ['compose.yml', 8, undefined, 'Dockwright: drift: assertion A-1: a cache'],
      ['other.yml', 2, 4, 'Dockwright: drift: assertion A-1: a cache'],
      ['compose.yml', 1, undefined, 'Dockwright: drift: header'],
      ['new.yml', undefined, undefined, 'Dockwright: drift'],
    ]);
    expect(found[0]?.message).toBe('Redis: asked\n+ redis:\nNext: run `dockwright` and review the diff');
    expect(found[2]?.message).toContain('Also in other.yml');
  });

  it('say that the artifacts are behind where no lines can be shown', () => {
    const drift = { ...none, drifted: true, files: drifted.files.slice(1) };
    expect(annotationsOf(report([artifacts], drift)).map((one) => one.title)).toEqual(['Dockwright: failed: in step']);
  });
});
