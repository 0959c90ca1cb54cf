import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isOutside, printCompose, readCompose, valuesIn } from '../../../../src/formats/compose/index.ts';
import { UserError } from '../../../../src/model/errors.ts';
import { broken, type Case, cases } from './cases.ts';
import { read } from './oracle.ts';

const stored = fileURLToPath(new URL('./expected/models.json', import.meta.url));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** An error that a call throws; a failed assertion where it throws none. */
function errorOf(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const one = (text: string): Case => ({ files: { 'compose.yaml': text } });

describe('the effective model of compose files', () => {
  if (process.env['UPDATE_EXPECTED'] === '1') {
    const models = Object.entries(cases).map(([name, project]) => [name, read(project).model]);
    writeFileSync(stored, `${JSON.stringify(Object.fromEntries(models), null, 1)}\n`);
  }
  const expected = JSON.parse(readFileSync(stored, 'utf8')) as Record<string, unknown>;

  it('is stored for each case', () => {
    expect(Object.keys(expected)).toEqual(Object.keys(cases));
    expect(Object.keys(cases).length).toBeGreaterThan(60);
  });
  it.each(Object.entries(cases))('has %s', (name, project) => {
    expect(plain(read(project).model)).toEqual(expected[name]);
  });
  it.each(Object.entries(broken))('refuses %s, with the line', (_name, project) => {
    const error = errorOf(() => read(project));
    expect(error.message).toMatch(project.says);
    expect(error.message).toMatch(/^[A-Za-z".$_-].*\.$/s);
    expect(error.where).toMatchObject({ line: project.line, text: expect.stringMatching(/./) });
  });
});

describe('what is never read', () => {
  /** Reads a project, and every path that was asked for. */
  function watched(project: Case) {
    const asked: string[] = [];
    const { files, main = ['compose.yaml'], variables = {} } = project;
    const result = readCompose({
      files: main,
      read: (path) => {
        asked.push(path);
        return files[path];
      },
      variables,
    });
    return { ...result, asked };
  }
  const canary = 'canary-7c1d5a90b2';
  const secrets = {
    '.env': `SECRET=${canary}\n`,
    'app.env': `TOKEN=${canary}\n`,
    'labels.txt': `l=${canary}\n`,
    'db/.env': `DB=${canary}\n`,
  };

  it('is an env file: none of its values reaches the model', () => {
    const text = `services:
  app:
    image: a:$SECRET
    env_file: [.env, { path: app.env, required: false, format: raw }]
    label_file: ./labels.txt
    environment: [SECRET, "COPY=\${TOKEN}", "DB=\${DB:-none}"]
include:
  - { path: db/compose.yaml, env_file: [app.env] }
`;
    const files = {
      'compose.yaml': text,
      'db/compose.yaml': 'services: { db: { image: "b$DB", env_file: .env } }\n',
      ...secrets,
    };
    const { model, asked, unread, refused } = watched({ files });
    expect(asked).toEqual(['compose.yaml', 'db/compose.yaml']);
    expect([...valuesIn(model)].filter((value) => value.includes(canary))).toEqual([]);
    expect(model.services?.['app']).toMatchObject({
      image: 'a:',
      env_file: [
        { path: '.env', required: true },
        { path: 'app.env', required: false, format: 'raw' },
      ],
      label_file: ['labels.txt'],
      environment: { SECRET: null, COPY: '', DB: 'none' },
    });
    expect(model.services?.['db']).toMatchObject({ image: 'b', env_file: [{ path: 'db/.env' }] });
    expect(unread).toEqual([
      {
        key: 'include',
        why: 'The env file of an include is not read: app.env',
        place: { file: 'compose.yaml', line: 8 },
      },
    ]);
    expect(refused).toEqual([]);
  });
  it('is a variable of this shell', () => {
    const { model } = watched(one('services: { app: { image: "a:$PATH", environment: [PATH, HOME] } }\n'));
    expect(model.services?.['app']).toMatchObject({ image: 'a:', environment: { PATH: null, HOME: null } });
  });
  it.each([
    'https://example.org/stack.git',
    'http://example.org/x.yaml',
    'git@example.org:x/y.git',
    'user@example.org:x',
    'ssh://git@example.org/x',
    'github.com/x/y',
    'oci://registry/x:1',
    'git://x',
  ])('is the remote file %s', (path) => {
    for (const include of [`[${JSON.stringify(path)}]`, `[{ path: [own.yaml, ${JSON.stringify(path)}] }]`]) {
      const { refused, asked } = watched(one(`services: { a: { image: a } }\ninclude: ${include}\n`));
      expect(refused).toEqual([
        { key: 'include', why: `It is a remote file: ${path}`, place: { file: 'compose.yaml', line: 2 } },
      ]);
      expect(asked).toEqual(['compose.yaml']);
    }
    const { refused, asked, model } = watched(
      one(`services:\n  a:\n    command: x\n    extends: { service: b, file: ${JSON.stringify(path)} }\n`),
    );
    expect(refused).toMatchObject([{ service: 'a', key: 'extends', place: { line: 4 } }]);
    expect(asked).toEqual(['compose.yaml']);
    expect(model.services?.['a']).not.toHaveProperty('extends');
  });
  it.each(['../x.yaml', '/etc/x.yaml', '~/x.yaml', 'a/../../x.yaml', 'C:\\x.yaml', '\\\\host\\x', 'a\0b'])(
    'is %j, which is outside the project',
    (path) => {
      const spelled = JSON.stringify(path);
      const texts = [
        `include: [${spelled}]`,
        `include: [{ path: a.yaml, project_directory: ${spelled} }]`,
        `services: { a: { image: a, extends: { file: ${spelled}, service: b } } }`,
      ];
      for (const text of texts) {
        const { refused, asked } = watched(
          one(`services: { z: { image: a } }\n${text}\n`.replace(/^.*\n(?=services)/, '')),
        );
        expect(refused).toMatchObject([{ why: `It is outside the project: ${path}` }]);
        expect(asked).toEqual(['compose.yaml']);
      }
    },
  );
  it('is what an included file names above its own folder and outside of the project', () => {
    const files = {
      'compose.yaml': 'include: [deep/a.yaml]\n',
      'deep/a.yaml': 'include: [../b.yaml, ../../c.yaml]\nservices: { a: { image: a } }\n',
      'b.yaml': 'services: { b: { image: b } }\n',
    };
    const { refused, asked, files: seen, model } = watched({ files });
    expect(asked).toEqual(['compose.yaml', 'deep/a.yaml', 'b.yaml']);
    expect(seen).toEqual(asked);
    expect(Object.keys(model.services ?? {})).toEqual(['a', 'b']);
    expect(refused).toMatchObject([{ key: 'include', place: { file: 'deep/a.yaml', line: 1 } }]);
  });
});

describe('what would take for ever', () => {
  const times = (count: number, text: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => text(index)).join('');
  const bombs: Readonly<Record<string, Case>> = {
    'anchors in anchors': one(
      `x0: &a0 [x, x, x]\n${times(12, (index) => `x${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]\n`)}services: { a: { image: a, command: *a12 } }\n`,
    ),
    'an alias inside of itself': one('services: &s\n  a: { image: a, deploy: *s }\n'),
    'brackets in brackets': one(`services: ${'['.repeat(5000)}`),
    'mappings in mappings': one(`${times(150, (index) => `${' '.repeat(index)}a:\n`)}`),
    'merges of merges': one(
      `x0: &a0 { k: 1 }\n${times(14, (index) => `x${index + 1}: &a${index + 1}\n  <<: [${`*a${index}, `.repeat(9)}]\n  k${index}: 1\n`)}services: { a: { image: a } }\n`,
    ),
    'a chain of services': one(
      `services:\n${times(300, (index) => `  s${index}: { extends: s${index + 1} }\n`)}  s300: { image: a }\n`,
    ),
    'services that add up': one(
      `services:\n  s0: { image: a, cap_add: [${'X, '.repeat(4000)}] }\n${times(400, (index) => `  t${index}:\n    extends: s0\n    cap_add: [${'Y, '.repeat(200)}]\n`)}`,
    ),
    'files that include each other twice': {
      files: {
        'compose.yaml': 'include: [f0.yaml]\nservices: { a: { image: a } }\n',
        ...Object.fromEntries(
          Array.from({ length: 40 }, (_, index) => [
            `f${index}.yaml`,
            index === 39 ? 'services: { z: { image: z } }\n' : `include: [f${index + 1}.yaml, ./f${index + 1}.yaml]\n`,
          ]),
        ),
      },
    },
    'variables in variables': one(`services: { a: { image: "${'${A:-'.repeat(5000)}${'}'.repeat(5000)}" } }\n`),
    'brackets of a shell': one(`services: { a: { image: a, command: "${'$$()'.repeat(60_000)}'" } }\n`),
    'a huge file': one(`# ${'x'.repeat(2 * 1024 * 1024)}\nservices: { a: { image: a } }\n`),
    'ranges of ports': one(`services:\n  a:\n    image: a\n    ports:\n${times(200, () => '      - 1-65535\n')}`),
  };
  it.each(Object.entries(bombs))('ends soon with a message: %s', (_name, project) => {
    const start = performance.now();
    const error = errorOf(() => read(project));
    expect(error.where?.line).toBeGreaterThan(0);
    expect(error.code).toMatch(/^(compose|yaml)-/);
    expect(performance.now() - start).toBeLessThan(5000);
  });
  it('is not a file of a thousand services, or an anchor that all of fifty services use', () => {
    const services = times(
      1000,
      (index) => `  s${index}: { image: a, environment: { A: 1, B: 2 }, ports: ["${index}:80"] }\n`,
    );
    expect(Object.keys(read(one(`services:\n${services}`)).model.services ?? {})).toHaveLength(1000);
    const anchored = times(50, (index) => `  s${index}: { <<: *common, image: a }\n`);
    expect(read(one(`x-c: &common { restart: always }\nservices:\n${anchored}`)).model.services?.['s49']).toMatchObject(
      { restart: 'always' },
    );
  });
});

describe('names of a hostile file', () => {
  it('are keys like any other', () => {
    const { model } = read(
      one(
        'services:\n  __proto__: { image: evil, privileged: true }\n  constructor: { image: b, labels: { __proto__: x, toString: y } }\n',
      ),
    );
    expect(Object.keys(model.services ?? {})).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['image']).toBeUndefined();
    expect(JSON.stringify(model)).toContain('"__proto__":{"image":"evil","privileged":true');
    expect(JSON.stringify(model.services?.['constructor'])).toContain('"labels":{"__proto__":"x","toString":"y"}');
  });
  it('that compose does not know are kept for the allow-list, at every depth', () => {
    const { model } = read(
      one(
        'future: 1\nservices:\n  a: { image: a, use_host: true, build: { host: 1 }, volumes: [{ type: volume, target: /a, raw: 1 }], x-own: 1 }\n',
      ),
    );
    expect(model).toMatchObject({
      future: 1,
      services: { a: { use_host: true, build: { host: 1 }, volumes: [{ raw: 1 }] } },
    });
    expect(model.services?.['a']).not.toHaveProperty('x-own');
  });
});

describe('places', () => {
  const files = {
    'compose.yaml':
      'services:\n  web:\n    extends: { file: base/b.yaml, service: base }\n    volumes:\n      - ./own:/own\n',
    'over.yaml': 'services:\n  web:\n    privileged: true\n    ports: ["80:80"]\n',
    'base/b.yaml': '\nservices:\n  base:\n    image: a\n    volumes: ["./x:/x"]\n    pid: host\n',
  };
  const { place } = read({ files, main: ['compose.yaml', 'over.yaml'] });
  it.each([
    [['services', 'web', 'volumes', 0], 'base/b.yaml', 5],
    [['services', 'web', 'volumes', 1], 'compose.yaml', 5],
    [['services', 'web', 'volumes', 1, 'source'], 'compose.yaml', 5],
    [['services', 'web', 'pid'], 'base/b.yaml', 6],
    [['services', 'web', 'privileged'], 'over.yaml', 3],
    [['services', 'web', 'ports', 0, 'target'], 'over.yaml', 4],
    [['services', 'web', 'networks', 'default'], 'over.yaml', 2],
    [['services', 'web', 'nothing', 3], 'over.yaml', 2],
  ] as const)('of %j is %s:%i', (path, file, line) => {
    expect(place(path)).toEqual({ file, line });
  });
});

describe('printCompose', () => {
  it('writes a dollar so that compose fills in nothing', () => {
    const { model } = read(
      one('services:\n  a: { image: a, command: ["echo", "$$HOME", "$${X:-y}"], labels: { "$k": v, x: "$$k" } }\n'),
    );
    expect(model.services?.['a']?.['command']).toEqual(['echo', '$HOME', '${X:-y}']);
    const text = printCompose(model);
    expect(text).toContain('"$$HOME"');
    const again = readCompose({
      files: ['compose.json'],
      read: () => text,
      variables: { HOME: 'no', X: 'no', k: 'no' },
    });
    expect(again.model.services?.['a']).toMatchObject({
      command: ['echo', '$HOME', '${X:-y}'],
      labels: { $k: 'v', x: '$k' },
    });
  });
});

describe('valuesIn', () => {
  it('gives every string, of keys too', () => {
    const model = { name: 'n', services: { s: { image: 'i', ports: [{ target: 80, host_ip: 'h' }], init: true } } };
    expect([...valuesIn(model)].sort()).toEqual(
      ['name', 'n', 'services', 's', 'image', 'i', 'ports', 'target', 'host_ip', 'h', 'init'].sort(),
    );
  });
});

describe('isOutside', () => {
  it.each(['/etc', '..', '../x', 'a/../../x', '~', '~/x', '~root', 'C:\\x', 'c:/x', '\\\\host\\share', 'a\0'])(
    '%j is',
    (path) => expect(isOutside(path)).toBe(true),
  );
  it.each(['.', 'a', './~x', 'a/../b', '..a', '...', 'a/~', 'c:x', ''])('%j is not', (path) =>
    expect(isOutside(path)).toBe(false),
  );
});
