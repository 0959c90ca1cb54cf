import { describe, expect, it } from 'vitest';
import { imageName } from '../../../src/catalog/image-name.ts';
import { lineageOf } from '../../../src/lint/facts/dockerfile.ts';
import { lintFacts } from '../../../src/lint/facts/facts.ts';
import { isFloating, versionOf } from '../../../src/lint/facts/image.ts';

const factsOf = (files: Readonly<Record<string, string>>, judged = Object.keys(files)) =>
  lintFacts({ files: judged, all: Object.keys(files), read: (path) => files[path] });

const dockerfile = async (text: string, more: Readonly<Record<string, string>> = {}) => {
  const { dockerfiles } = await factsOf({ Dockerfile: text, ...more });
  const [first] = dockerfiles;
  if (!first) throw new Error('there is no Dockerfile');
  return first;
};
const names = (stages: readonly { readonly stage: { readonly name?: string } }[]) =>
  stages.map(({ stage }) => stage.name);

describe('the stages that run in production', () => {
  const stages =
    'FROM a:1 AS base\nFROM base AS build\nFROM base AS production\nCOPY --from=build /a /a\nFROM base AS development\n';

  it('are the last one, but not one for development', async () => {
    expect(names((await dockerfile('FROM a:1 AS build\nFROM b:2 AS web\n')).shipped)).toEqual(['web']);
    expect(names((await dockerfile(stages)).shipped)).toEqual(['production']);
  });

  it('are those that compose files run, of which none is for a developer', async () => {
    const run = (target: string) => `services:\n  web:\n    build: { context: ., target: ${target} }\n`;
    expect(names((await dockerfile(stages, { 'compose.yaml': run('build') })).shipped)).toEqual(['build']);
    expect(names((await dockerfile(stages, { 'compose.dev.yaml': run('build') })).shipped)).toEqual(['production']);
    expect(names((await dockerfile(stages, { 'compose.yaml': run('development') })).shipped)).toEqual(['production']);
  });

  it('are none in a file for development, unless it is deployed', async () => {
    const shippedOf = async (files: Readonly<Record<string, string>>) =>
      (await factsOf(files)).dockerfiles[0]?.shipped.length;
    expect(await shippedOf({ 'Dockerfile.dev': 'FROM a:1\n' })).toBe(0);
    const compose = 'services:\n  web:\n    build: { context: ., dockerfile: Dockerfile.dev }\n';
    expect(await shippedOf({ 'Dockerfile.dev': 'FROM a:1\n', 'compose.yaml': compose })).toBe(1);
  });

  it('are built from what they copy and what they are made from, and from nothing else', async () => {
    const { shipped, reached } = await dockerfile(stages);
    expect(names(shipped.flatMap(lineageOf))).toEqual(['base', 'production']);
    expect(names([...reached]).sort()).toEqual(['base', 'build', 'production']);
  });
});

describe('a compose file by its name', () => {
  const text = 'services:\n  web:\n    image: a:1\n';
  it.each([
    'compose.yml',
    'docker-compose.prod_old.yaml',
    'docker-stack.yaml',
    'deploy/docker-stack-live.yml',
    'dev-compose.yml',
  ])('is no Dockerfile: %s', async (path) => {
    const found = await factsOf({ [path]: text });
    expect(found.dockerfiles).toEqual([]);
    expect(found.services).toHaveLength(1);
  });
  it('and a Dockerfile is one', async () => {
    expect((await factsOf({ 'Dockerfile.stack': 'FROM a:1\n' })).dockerfiles).toHaveLength(1);
  });
});

describe('variables', () => {
  it('are filled in as BuildKit does it: arguments before FROM, defaults, values of the stage below', async () => {
    const text =
      'ARG V=24\nARG BASE=node:${V}-slim\nFROM ${BASE} AS a\nENV P=1 Q=$P$P\nFROM a\nARG V\nENV R=${V}-$Q-${S:-4}\n';
    const { stages } = await dockerfile(text);
    expect(stages.map(({ image }) => image.text)).toEqual(['node:24-slim', 'node:24-slim']);
    // a variable without a value stays as it is written, with its default
    expect(stages[1]?.variable('R')).toBe('24-11-${S:-4}');
    expect(stages[1]?.variable('P')).toBe('1');
    expect(stages[0]?.variable('R')).toBeUndefined();
  });

  it('have the value that they have in that line', async () => {
    const { stages } = await dockerfile('FROM a:1\nRUN one\nENV A=1\nRUN two\nENV A=2\n');
    const [stage] = stages;
    expect(stage?.runs.map(({ from }) => stage.variable('A', from))).toEqual([undefined, '1']);
    expect(stage?.variable('A')).toBe('2');
  });

  it('stay as they are where nothing gives them a value', async () => {
    const { stages } = await dockerfile('ARG IMAGE\nFROM ${IMAGE}\n');
    expect(stages[0]?.image).toMatchObject({ text: '${IMAGE}', isOpen: true });
    const compose = 'services:\n  web:\n    build: { context: ., args: { IMAGE: "alpine:3.23" } }\n';
    const filled = await dockerfile('ARG IMAGE\nFROM ${IMAGE}\n', { 'compose.yaml': compose });
    expect(filled.stages[0]?.image.text).toBe('alpine:3.23');
  });
});

describe('the commands of a RUN', () => {
  const commandsOf = async (text: string) =>
    (await dockerfile(`FROM a:1\n${text}\n`)).stages[0]?.runs.flatMap((run) =>
      run.commands.map(({ argv }) => argv.join(' ')),
    );

  it.each([
    ['RUN a && b; c | d', ['a', 'b', 'c', 'd']],
    ['RUN if a; then b; else for x in 1 2; do c; done; fi', ['a', 'b', 'c']],
    ['RUN (cd /x && make) && { y; }', ['cd /x', 'make', 'y']],
    ['RUN ["sh", "-c", "a && b"]', ['a', 'b']],
    ['RUN ["a", "b c"]', ['a b c']],
    ['RUN <<EOF\na\nb --c\nEOF', ['a', 'b --c']],
    ['RUN bash <<EOF\na\nEOF', ['a']],
    ['RUN <<EOF\n#!/usr/bin/env python3\nprint(1)\nEOF', []],
    ['RUN python3 <<EOF\nprint(1)\nEOF', ['python3']],
    ['RUN a \\\n# a comment\n  && b', ['a', 'b']],
    ['SHELL ["powershell", "-command"]\nRUN Get-ChildItem', []],
  ])('are found wherever they stand: %s', async (text, commands) => {
    expect(await commandsOf(text)).toEqual(commands);
  });

  it('that cannot be read are said with their line, and the rest is judged', async () => {
    const { notUnderstood, dockerfiles } = await factsOf({ Dockerfile: 'FROM a:1\nRUN if then fi (\nUSER root\n' });
    expect(notUnderstood).toEqual([
      { file: 'Dockerfile', line: 2, message: 'Its commands could not be read as shell.' },
    ]);
    expect(dockerfiles[0]?.stages).toHaveLength(1);
  });
});

describe('the name of an image', () => {
  it.each([
    ['node', 'node', undefined],
    ['node:24-slim', 'node', '24-slim'],
    ['docker.io/library/node:24', 'node', '24'],
    ['docker.io/oven/bun:1', 'oven/bun', '1'],
    ['localhost:5000/web', 'localhost:5000/web', undefined],
    ['ghcr.io/a/b:1@sha256:0a', 'ghcr.io/a/b', '1'],
  ])('is taken apart: %s', (text, repository, tag) => {
    expect(imageName(text)).toMatchObject({ text, repository, ...(tag === undefined ? {} : { tag }) });
    expect(imageName(text).tag).toBe(tag);
  });

  it('has a version where its tag begins with one', () => {
    const versions = ['postgres:18.2-alpine', 'node:lts', 'node:v20', 'x:3.10', 'x:20240101', 'x', 'x:1a'];
    expect(versions.map((text) => versionOf(imageName(text)))).toEqual([
      [18, 2],
      [],
      [20],
      [3, 10],
      [20240101],
      [],
      [],
    ]);
    expect(['a', 'a:latest', 'a:', 'a:1', 'a@sha256:1', 'a:${T}'].map((text) => isFloating(imageName(text)))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('compose files', () => {
  it('are judged as they are used: what says no image is laid over the base of its folder', async () => {
    const files = {
      'compose.yaml': 'services:\n  web:\n    image: a:1\n',
      'compose.prod.yaml': 'services:\n  web:\n    restart: always\n',
      'other/docker-compose.yml': 'services:\n  db:\n    image: b:1\n',
      'docker-compose.ci.yml': 'services:\n  web:\n    image: c:1\n',
    };
    const { sets } = await factsOf(files);
    expect(sets.map((set) => [set.use, ...set.files])).toEqual([
      ['base', 'compose.yaml'],
      ['production', 'compose.yaml', 'compose.prod.yaml'],
      ['base', 'other/docker-compose.yml'],
      ['test', 'docker-compose.ci.yml'],
    ]);
  });

  it('that only run databases, or sources of this machine, are for development', async () => {
    const useOf = async (text: string) => (await factsOf({ 'compose.yaml': text })).sets[0]?.use;
    expect(await useOf('services:\n  db:\n    image: postgres:17\n  admin:\n    image: adminer:5\n')).toBe(
      'development',
    );
    expect(await useOf('services:\n  db:\n    image: postgres:17\n  web:\n    image: a/b:5\n')).toBe('base');
    expect(await useOf('services:\n  web:\n    build: .\n    volumes: [".:/app"]\n')).toBe('development');
    expect(await useOf('services:\n  web:\n    build: .\n    volumes: ["./data:/app/data"]\n')).toBe('base');
  });

  it('say where each part stands, that of an anchor where the anchor is', async () => {
    const text = 'x-db: &db\n  image: postgres:17\nservices:\n  a:\n    <<: *db\n    ports: ["5432:5432"]\n';
    const { services } = await factsOf({ 'compose.yaml': text });
    expect(services[0]?.at('image')).toEqual({ file: 'compose.yaml', line: 2 });
    expect(services[0]?.ports).toEqual([
      { container: 5432, published: '5432', place: { file: 'compose.yaml', line: 6 } },
    ]);
  });

  it('in which all is commented out are not there', async () => {
    expect(await factsOf({ 'compose.yaml': '# services:\n#   web:\n' })).toMatchObject({ sets: [], refused: [] });
  });
});
