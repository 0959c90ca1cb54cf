import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { services } from '../../../src/services/registry.gen.ts';
import { builders } from '../../../src/stacks/builders/registry.gen.ts';
import { managers } from '../../../src/stacks/managers/registry.gen.ts';
import { runtimes } from '../../../src/stacks/runtimes/registry.gen.ts';
import { frameworks } from '../../../src/stacks/servers/registry.gen.ts';

const source = join(fileURLToPath(import.meta.url), '../../../../src');

/** Rooms that are made of names: each stack and service in its own file, the dated facts, and the proving tools' own files. */
const own = /^(stacks|services|hints|catalog|lint\/rules)\//;

type Literal = { readonly value: string; readonly start: number };

function literalsOf(text: string, file: string): Literal[] {
  const { program } = parseSync(file, text);
  const found: Literal[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if (Array.isArray(node)) {
      for (const one of node) visit(one);
      return;
    }
    const { type, value, start } = node as { type?: string; value?: unknown; start?: number };
    if (type === 'Literal' && typeof value === 'string' && start !== undefined) found.push({ value, start });
    for (const one of Object.values(node)) visit(one);
  };
  visit(program);
  return found;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !own.test(file))
  .sort();

describe('names', () => {
  it('of stacks and services stand in their own files alone', () => {
    const names = new Set([...services, ...runtimes, ...managers, ...builders, ...frameworks].map((one) => one.name));
    expect(names.size).toBeGreaterThan(8);
    const wrong = files.flatMap((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return literalsOf(text, file)
        .filter((one) => names.has(one.value))
        .map((one) => `${file}:${text.slice(0, one.start).split('\n').length} '${one.value}'`);
    });
    expect(wrong).toEqual([]);
  });

  it('of package registries’ hosts stand nowhere', () => {
    const parts = [
      ['registry', 'npmjs'],
      ['files', 'pythonhosted'],
      ['proxy', 'golang'],
      ['deb', 'debian', 'org'],
      ['repo1', 'maven'],
    ];
    const hosts = parts.map((one) => one.join('.'));
    const wrong = files.filter((file) => {
      const text = readFileSync(join(source, file), 'utf8');
      return hosts.some((host) => text.includes(host));
    });
    expect(wrong).toEqual([]);
  });
});
