import { describe, expect, it } from 'vitest';
import { buildFailed } from '../../../src/ship/image.ts';
import { instruction, instructions } from '../../../src/ship/measure.ts';

describe('instructions', () => {
  it('skips what made no layer and matches the rest from the end', () => {
    const history = [
      { created_by: 'COPY /out / # buildkit' },
      { created_by: 'ENV A=b', empty_layer: true },
      { created_by: 'RUN /bin/sh -c apt-get   update # buildkit' },
    ];
    expect(instructions(history, 3)).toEqual(['from the base', 'COPY /out /', 'RUN /bin/sh -c apt-get update']);
  });
  it('has an answer without a history', () => {
    expect(instructions(undefined, 1)).toEqual(['from the base']);
    expect(instruction('/bin/sh -c #(nop)  CMD ["x"]')).toBe('CMD ["x"]');
  });
});

describe('buildFailed', () => {
  const rest = [
    'Dockerfile:2',
    '--------------------',
    '   1 |     FROM x',
    '   2 | >>> RUN exit 3',
    'ERROR: failed to build: exit code: 3',
  ];
  it('names the step, the line and the line itself', () => {
    const error = buildFailed(
      [{ id: 'a', name: '[2/2] RUN exit 3', cached: false, seconds: 1, error: 'exit code: 3' }],
      rest,
      '',
    );
    expect(error).toMatchObject({
      code: 'build-failed',
      exit: 4,
      where: { file: 'Dockerfile', line: 2, text: 'RUN exit 3' },
    });
    expect(error.message).toContain('[2/2] RUN exit 3');
  });
  it('falls back on what docker said', () => {
    expect(buildFailed([], ['ERROR: no such target'], '').message).toContain('no such target');
    expect(buildFailed([], [], 'cannot connect').message).toContain('cannot connect');
  });
  it('says when trying again may help', () => {
    expect(buildFailed([], ['ERROR: failed to do request: EOF'], '').retry).toBe(true);
    expect(buildFailed([], rest, '').retry).toBe(false);
  });
});
