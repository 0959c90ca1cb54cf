import { describe, expect, it } from 'vitest';
import { packageKind } from '../../../src/stacks/packages/node-package.ts';

/** What is offered for a package: its files after the edits, and what is left to its owner. */
function completed(files: Readonly<Record<string, unknown>>, build: readonly string[] = []) {
  const texts: Record<string, string> = Object.fromEntries(
    Object.entries(files).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value, null, 2),
    ]),
  );
  const { edits, manual } = packageKind.complete({
    read: (file) => texts[file],
    has: (file) => texts[file] !== undefined,
    build,
  });
  for (const one of edits)
    texts[one.file] = one.edits.reduce(
      (so, { start, end, text }) => so.slice(0, start) + text + so.slice(end),
      one.text,
    );
  return { manifest: JSON.parse(texts['package.json'] ?? ''), edits: edits.map((one) => one.file), manual, texts };
}

describe('a package for npm', () => {
  it('says what may be imported, with the types first', () => {
    const { manifest, texts } = completed(
      { 'package.json': { name: 'a', main: 'dist/index.js' }, 'tsconfig.json': '{\n  "compilerOptions": {}\n}' },
      ['tsc'],
    );
    expect(JSON.stringify(manifest.exports['.'])).toBe('{"types":"./dist/index.d.ts","default":"./dist/index.js"}');
    expect(manifest).toMatchObject({ types: './dist/index.d.ts', files: ['dist'] });
    expect(JSON.parse(texts['tsconfig.json'] ?? '')).toEqual({ compilerOptions: { declaration: true } });
  });

  it('is left alone where it says all of it', () => {
    const exports = { '.': { types: './dist/a.d.ts', default: './dist/a.js' } };
    const manifest = { name: 'a', types: './dist/a.d.ts', exports, files: ['dist'] };
    const config = '{ "compilerOptions": { "declaration": true } }';
    expect(completed({ 'package.json': manifest, 'tsconfig.json': config }, ['tsc'])).toMatchObject({
      edits: [],
      manual: [],
    });
  });

  it('gives each form of module its own declarations: those of one are wrong for the other', () => {
    const files = {
      'package.json': { name: 'a', main: './dist/index.js', module: './dist/index.mjs' },
      'tsconfig.json': '{}',
    };
    const { manifest } = completed(files, ['tsup', 'src/index.ts', '--format', 'cjs,esm', '--dts']);
    expect(JSON.stringify(manifest.exports['.'])).toBe(
      JSON.stringify({
        import: { types: './dist/index.d.mts', default: './dist/index.mjs' },
        require: { types: './dist/index.d.ts', default: './dist/index.js' },
      }),
    );
    expect(manifest.types).toBe('./dist/index.d.ts');
  });

  it('claims no declarations that nothing is seen to write', () => {
    const files = { 'package.json': { name: 'a', main: 'dist/index.js' }, 'tsconfig.json': '{}' };
    const { manifest, manual } = completed(files, ['vite', 'build']);
    expect(manifest.types).toBeUndefined();
    expect(manifest.exports['.']).toEqual({ default: './dist/index.js' });
    expect(manual.map((one) => one.lines)).toEqual([['"types": "./dist/index.d.ts"']]);
  });

  it('writes no exports for an entry without its ending, which `exports` would not find', () => {
    for (const main of ['lib', './dist/index', 'dist/']) {
      const { manifest, manual } = completed({ 'package.json': { name: 'a', main } });
      expect(manifest).toEqual({ name: 'a', main });
      expect(manual).toHaveLength(1);
      expect(manual[0]?.why).toContain('file extension');
    }
  });

  it('keeps declarations in the package that lie elsewhere than the code', () => {
    const { manifest } = completed({ 'package.json': { name: 'a', main: 'lib/index.js', types: 'index.d.ts' } });
    expect(manifest.files).toEqual(['lib', 'index.d.ts']);
  });

  it('asks for the order of conditions, and for an entry', () => {
    const late = { name: 'a', exports: { '.': { default: './a.js', types: './a.d.ts' } }, files: ['a.js'] };
    expect(completed({ 'package.json': late }).manual[0]?.why).toContain('first');
    expect(completed({ 'package.json': { name: 'a' } }).manual).toHaveLength(1);
  });
});
