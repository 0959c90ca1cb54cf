import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCompose } from '../../../../src/formats/compose/index.ts';
import { UserError } from '../../../../src/model/errors.ts';

const serviceKeys = [
  ...[
    'image',
    'build',
    'command',
    'entrypoint',
    'environment',
    'env_file',
    'label_file',
    'ports',
    'volumes',
    'depends_on',
  ],
  ...[
    'networks',
    'secrets',
    'configs',
    'extends',
    'links',
    'volumes_from',
    'network_mode',
    'pid',
    'labels',
    'healthcheck',
  ],
  ...[
    'deploy',
    'ulimits',
    'extra_hosts',
    'dns',
    'tmpfs',
    'devices',
    'gpus',
    'logging',
    'develop',
    'provider',
    'scale',
    'models',
  ],
  ...[
    'blkio_config',
    'post_start',
    'sysctls',
    'mem_limit',
    'stop_grace_period',
    'read_only',
    'x-b',
    'unknown',
    '__proto__',
  ],
];
const innerKeys = [
  'a',
  'file',
  'service',
  'path',
  'context',
  'args',
  'ssh',
  'target',
  'source',
  'type',
  'test',
  'external',
  'name',
];
const moreKeys = [
  'driver',
  'driver_opts',
  'o',
  'device',
  'ipam',
  'config',
  'subnet',
  'watch',
  'resources',
  'limits',
  'constructor',
  '<<',
];

const word = fc.oneof(
  fc.constantFrom(
    'a',
    'web',
    '${A}',
    '${A:-b}',
    '$',
    '${',
    '..',
    '../x',
    '/etc',
    '~',
    './d:/d',
    '80:80',
    '1-3:1-3',
    'A=1',
    '10s',
    '64m',
  ),
  fc.constantFrom(
    'service:web',
    'https://x/y.git',
    'compose.yaml',
    'true',
    '',
    ':',
    '::',
    '-',
    'bind',
    'local',
    "echo 'a",
    '*',
  ),
  fc.string({ maxLength: 8, unit: 'grapheme' }),
);
const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null), fc.double());
const { inner } = fc.letrec<{ inner: unknown }>((tie) => ({
  inner: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('inner'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...innerKeys, ...moreKeys), word), tie('inner'), { maxKeys: 4 }),
  ),
}));
const service = fc.oneof(leaf, fc.dictionary(fc.constantFrom(...serviceKeys), inner, { maxKeys: 6 }));
const parts = fc.dictionary(fc.constantFrom('a', 'web', 'default', 'b'), inner, { maxKeys: 3 });
const file = fc.record(
  {
    services: fc.oneof(
      inner,
      fc.dictionary(fc.constantFrom('web', 'a', 'b', 'x-y', '__proto__'), service, { maxKeys: 4 }),
    ),
    networks: parts,
    volumes: parts,
    secrets: parts,
    configs: parts,
    include: inner,
    name: leaf,
    models: parts,
  },
  { requiredKeys: ['services'] },
);

describe('readCompose', () => {
  it('reads any data, or says which line is wrong', () => {
    fc.assert(
      fc.property(file, file, (first, second) => {
        const texts: Record<string, string> = {
          'compose.yaml': JSON.stringify(first),
          'over.yaml': JSON.stringify(second),
        };
        const asked: string[] = [];
        const read = (path: string) => {
          asked.push(path);
          return Object.hasOwn(texts, path) ? texts[path] : undefined;
        };
        try {
          const { model, place } = readCompose({ files: ['compose.yaml', 'over.yaml'], read, variables: { A: '1' } });
          expect(JSON.parse(JSON.stringify(model))).toEqual(model);
          for (const name of Object.keys(model.services ?? {}))
            expect(place(['services', name])?.line).toBeGreaterThan(0);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          expect(error.where?.file).toMatch(/./);
        }
        for (const path of asked) expect(path).not.toMatch(/^(\/|~|\.\.(\/|$))|\0|:\/\//);
      }),
      { numRuns: 250 },
    );
  });
});
