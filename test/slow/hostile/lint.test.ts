import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint } from '../../../src/lint/lint.ts';
import { lintFiles } from '../../support/rules.ts';

const repeat = (text: string, count: number) => text.repeat(count);

describe('lint', () => {
  it('gives a report for any bytes', async () => {
    const words = fc.constantFrom(
      ...'FROM COPY ADD RUN ENV ARG USER CMD ENTRYPOINT HEALTHCHECK SHELL ONBUILD WORKDIR EXPOSE AS --from=0 --mount=type=bind . / $A ${A:-b} <<EOF EOF [ ] " \' \\ # = : node alpine npm install curl http://localhost:99999/ && || ; | services: build: image: ports: - volumes: healthcheck: test: depends_on: *a &a <<:'.split(
        ' ',
      ),
      '\n',
      '\r\n',
      '  ',
      '\0',
      '\u202e',
      '\ufeff',
      'x'.repeat(300),
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 60 }).map((all) => all.join(' ').replaceAll(' \n ', '\n')),
      fc.string({ unit: 'binary', maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, async (dockerfile, compose, ignore) => {
        const files = {
          Dockerfile: dockerfile,
          'compose.yaml': compose,
          '.dockerignore': ignore,
          'package.json': ignore,
        };
        const report = await lintFiles(files);
        for (const { file, line } of report.findings) {
          expect(Object.keys(files)).toContain(file);
          expect(line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400, seed: 15 },
    );
  });

  it.each([
    ['stages', repeat('FROM node:24 AS a\nCOPY . .\nRUN npm install\n', 2000)],
    [
      'stages made from each other',
      Array.from({ length: 4000 }, (_, at) => `FROM ${at === 0 ? 'node:24' : `s${at - 1}`} AS s${at}`).join('\n'),
    ],
    ['variables that double', `FROM node:24\n${repeat('ENV A=$A$A$A\n', 3000)}`],
    ['commands', `FROM node:24\nRUN ${repeat('a && ', 12_000)} b`],
    ['nested shells', `FROM node:24\nRUN ${repeat('( ', 15_000)}${repeat(') ', 15_000)}`],
    ['a word', `FROM node:24\nENV JWT_SECRET=${repeat('a', 60_000)}\nCMD ["${repeat('b', 60_000)}"]\n`],
    ['copies', `FROM node:24\n${repeat('COPY --from=0 /a /b\n', 10_000)}`],
    ['a check', `FROM node:24\nHEALTHCHECK CMD ${repeat('curl http://localhost:80/ ', 2000)}\nCMD ["a"]`],
  ])('takes linear time: %s', async (_what, dockerfile) => {
    const start = performance.now();
    await lintFiles({
      Dockerfile: dockerfile,
      'package.json': '{ "devDependencies": { "a": "1" } }',
      'package-lock.json': '{}',
    });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    [
      'services',
      `services:\n${Array.from({ length: 1500 }, (_, at) => `  s${at}:\n    image: postgres\n    ports: ["${at + 1}:5432"]\n`).join('')}`,
    ],
    [
      'variables',
      `services:\n  a:\n    image: a:1\n    environment:\n${Array.from({ length: 5000 }, (_, at) => `      A_PASSWORD_${at}: hunter2\n`).join('')}`,
    ],
    [
      'volumes',
      `services:\n  a:\n    image: mysql:8.4\n    volumes:\n${Array.from({ length: 4000 }, (_, at) => `      - ./a${at}:/b${at}\n`).join('')}`,
    ],
  ])('takes linear time: %s of compose', async (_what, compose) => {
    const start = performance.now();
    await lintFiles({ 'compose.yaml': compose });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('keeps what was understood of other files where one is too large or not there', async () => {
    const files: Readonly<Record<string, string>> = {
      Dockerfile: `FROM node:24-slim\n${repeat('# a\n', 100_000)}`,
      'web.dockerfile': 'FROM node:24-slim\nCMD ["a"]\n',
    };
    const { findings, notUnderstood } = await lint({
      files: ['Dockerfile', 'web.dockerfile', 'gone.dockerfile'],
      all: Object.keys(files),
      read: (path) => files[path],
    });
    expect(findings.map(({ rule, file }) => `${rule} ${file}`)).toEqual(['root-user web.dockerfile']);
    expect(notUnderstood.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'Dockerfile: It is larger than 256 KiB, so it was not read.',
      'gone.dockerfile: It could not be read.',
    ]);
  });
});
