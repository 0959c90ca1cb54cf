import { describe, expect, it } from 'vitest';
import { frontendsIn, isOwnFrontend } from '../../../src/formats/dockerfile/frontend.ts';

const images = (text: string) => frontendsIn(text).map(({ image, line }) => `${image}:${line}`);

describe('frontendsIn', () => {
  it.each([
    ['a comment', '# syntax=evil/x\nFROM a', ['evil/x:1']],
    ['without a space', '#syntax=evil/x', ['evil/x:1']],
    ['any case and any space', '#\t SYNTAX \t=\f evil/x \t\nFROM a', ['evil/x:1']],
    ['arguments after the image', '# syntax=evil/x:1 --flag docker/dockerfile', ['evil/x:1:1']],
    ['after other directives', '# escape=`\n# check=skip=all\n# syntax=evil/x\n', ['evil/x:3']],
    ['after a directive that only old releases take', '# other=1\n# syntax=evil/x\n', ['evil/x:2']],
    ['twice', '# syntax=docker/dockerfile:1\n# syntax=evil/x\n', ['docker/dockerfile:1:1', 'evil/x:2']],
    ['after a byte order mark', '\uFEFF# syntax=evil/x\n', ['evil/x:1']],
    ['after a shebang', '#!/usr/bin/env x\n# syntax=evil/x\n', ['evil/x:2']],
    ['after both', '\uFEFF#!/x\n// syntax=evil/x\n', ['evil/x:2']],
    ['of C', '// syntax=evil/x\nanything', ['evil/x:1']],
    ['with a carriage return', '# syntax=evil/x\r\nFROM a\r\n', ['evil/x:1']],
    ['in JSON', '{"a": {"b": 1},\n "syntax": "evil/x"}', ['evil/x:1']],
    ['in JSON after a shebang', '#!/x\n \t{"syntax":"evil/x"}', ['evil/x:2']],
    ['a later line', 'FROM a\n# syntax=evil/x\n', []],
    ['after a blank line', '\n# syntax=evil/x\n', []],
    ['after an ordinary comment', '# my Dockerfile\n# syntax=evil/x\n', []],
    ['without a value', '# syntax=\n# syntax= \nFROM a', []],
    ['JSON that is none', '{"syntax": "evil/x"', []],
    ['JSON with another value', '{"syntax": 1}', []],
    ['nothing', '', []],
    ['an ordinary file', 'FROM node:22\nCOPY . .\n', []],
  ])('%s', (_title, text, expected) => {
    expect(images(text)).toEqual(expected);
  });

  it('is linear in its input', () => {
    const start = performance.now();
    frontendsIn(`# syntax=a${' '.repeat(1_000_000)}b`);
    frontendsIn(`#${' '.repeat(1_000_000)}syntax`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('isOwnFrontend', () => {
  it.each([
    'docker/dockerfile',
    'docker/dockerfile:1',
    'docker/dockerfile:1.7-labs',
    'docker.io/docker/dockerfile:1',
    'index.docker.io/docker/dockerfile',
    'docker/dockerfile-upstream:master',
    `docker/dockerfile:1@sha256:${'a'.repeat(64)}`,
  ])('%s is', (image) => {
    expect(isOwnFrontend(image)).toBe(true);
  });
  it.each([
    'evil/dockerfile',
    'docker/dockerfile-evil',
    'docker/dockerfile/more',
    'evil.example/docker/dockerfile:1',
    'docker.io.evil.example/docker/dockerfile',
    'localhost:5000/docker/dockerfile',
    'dockerfile',
    'Docker/dockerfile',
    '',
  ])('%s is not', (image) => {
    expect(isOwnFrontend(image)).toBe(false);
  });
});
