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
    const missing = 'ERROR: failed to build: failed to solve: target stage "x" could not be found';
    expect(buildFailed([], [missing], '').next).toEqual([
      'Use the name of a stage in the Dockerfile: `--target NAME`.',
    ]);
    expect(buildFailed([], ['ERROR: failed to solve: no such file'], '').next.join()).toMatch(/^Fix the step/);
    expect(buildFailed([], [], 'cannot connect').message).toContain('cannot connect');
  });
  const steps = (printed: readonly string[]) => [
    { id: 'a', name: '[deps 2/2] RUN install', cached: false, seconds: 1, error: 'context canceled' },
    { id: 'b', name: '[modules 2/2] RUN install', cached: false, seconds: 1, error: 'exit code: 1', printed },
  ];
  it('shows what the step printed that failed by itself, and not one that was ended with it', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    const error = buildFailed(steps(lines), rest, '');
    expect(error.message).toContain('[modules 2/2]');
    expect(error.printed).toEqual(lines.slice(-12));
    expect(error.next).toEqual([
      'The lines above are the last output of the step.',
      'Fix the step or the files that it reads, then build again.',
    ]);
    expect(buildFailed([], rest, '').next).toEqual(['Fix the step or the files that it reads, then build again.']);
  });
  it.each([
    ['The disk', 'ERROR: failed to solve: write /var/lib/docker/overlay2/x: no space left on device'],
    ['The disk', 'ERROR: failed to copy files: disk quota exceeded'],
    [
      'The engine stopped',
      'ERROR: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ],
    [
      'The engine stopped',
      'ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF',
    ],
  ])('says what helps where nothing of the project does: %s', (begins, said) => {
    expect(buildFailed([], [said], '').next.at(-1)).toMatch(new RegExp(`^${begins}`));
  });
  it.each([
    [
      'Yarn 1',
      '`ignore-engines true` in .yarnrc',
      [
        '[2/4] Fetching packages...',
        'error dep@7.0.28: The engine "node" is incompatible with this module. Expected version ">8  <=18". Got "22.23.3"',
        'error Found incompatible module.',
      ],
    ],
    [
      'npm',
      '`engine-strict=false` in .npmrc',
      [
        'npm error code EBADENGINE',
        'npm error engine Not compatible with your version of node/npm: dep@7.0.28',
        'npm error notsup Required: {"npm":">=8","node":">8  <=18"}',
        'npm error notsup Actual:   {"node":"v22.23.3","npm":"11.19.1"}',
      ],
    ],
    [
      'pnpm',
      '`engine-strict=false` in .npmrc',
      [
        ' ERR_PNPM_UNSUPPORTED_ENGINE  Unsupported environment (bad pnpm and/or Node.js version)',
        'Your Node version is incompatible with "dep@7.0.28".',
        'Expected version: >8  <=18',
        'Got: v22.23.3',
      ],
    ],
  ])('names the version to set where a package refuses the one of the image: %s', (_name, waiver, printed) => {
    expect(buildFailed(steps(printed), rest, '').next).toEqual([
      'dep@7.0.28 only supports node >8 <=18, but the image has 22.23.3.',
      expect.stringMatching(
        /^Set "runtime": "node@18" in dockwright\.json and generate again; node 18 no longer gets fixes \(as of [\d-]+\)\.$/,
      ),
      `Otherwise use a release of dep that runs on node 22.23.3, or, if this one is known to work anyway, set ${waiver}.`,
    ]);
  });
  it('prefers a version that still gets fixes, and knows when there is none at all', () => {
    const next = (range: string, engine = 'node') =>
      buildFailed(
        steps([
          `error @a/dep@1.0.0: The engine "${engine}" is incompatible with this module. Expected version "${range}".`,
        ]),
        rest,
        '',
      ).next;
    expect(next('^18 || ^20 || ^22')[1]).toBe('Set "runtime": "node@22" in dockwright.json and generate again.');
    expect(next('>=99')).toEqual([
      '@a/dep@1.0.0 only supports node >=99.',
      expect.stringMatching(/^Otherwise use a release of @a\/dep that runs on node \d+, or/),
    ]);
    expect(next('>=3', 'yarn')).toHaveLength(2);
  });
  it('says when trying again may help', () => {
    expect(buildFailed([], ['ERROR: failed to do request: EOF'], '').retry).toBe(true);
    expect(buildFailed([], rest, '').retry).toBe(false);
  });
});
