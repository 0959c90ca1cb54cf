import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { artifactsOf } from '../../../src/artifacts/artifacts.ts';
import type { Config } from '../../../src/model/config.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf, manifest } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const site = (tool: object, script: string, files: Files): Files => ({
  'package.json': manifest({ scripts: { build: script }, ...tool }),
  'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
  ...files,
});
const vite = site({ devDependencies: { vite: '^7.0.0' } }, 'vite build', {
  'index.html': '<title>%VITE_TITLE%</title><script type="module" src="/main.ts"></script>',
  'main.ts': "fetch(import.meta.env.VITE_API); console.log(import.meta.env.VITE_NAME ?? 'pier');",
  '.env.example': 'VITE_NAME=Skerries\n',
});
const cra = site({ dependencies: { 'react-scripts': '5.0.1' } }, 'react-scripts build', {
  'public/index.html': '<div id="root"></div>',
  'src/index.js': 'document.title = process.env.REACT_APP_NAME;\n',
});
const vue = site({ devDependencies: { '@vue/cli-service': '5.0.8' } }, 'vue-cli-service build', {
  'public/index.html': '<div id="app"></div>',
  'src/main.js': 'document.title = process.env.VUE_APP_NAME;\n',
});

const planOf = async (files: Files, config: Config = {}) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config, read: (file) => files[file] });
const textsOf = async (files: Files, config: Config = {}) =>
  Object.fromEntries(
    artifactsOf(await planOf(files, config), Object.keys(files)).map((one) => [one.path, one] as const),
  );

describe('values that are put into a site when it starts', () => {
  it.each([
    ['Vite', vite, ['VITE_API', 'VITE_NAME', 'VITE_TITLE']],
    ['Create React App', cra, ['REACT_APP_NAME']],
    ['Vue CLI', vue, ['VUE_APP_NAME']],
  ])('are marks for the build and variables of the container: %s', async (_, files, names) => {
    const plan = await planOf(files, { values: 'start' });
    expect(plan.images['app']?.args).toBeUndefined();
    expect(Object.keys(plan.workloads['app']?.env ?? {}).sort()).toEqual(names);
    expect(Object.keys(plan.site?.values?.names ?? {}).sort()).toEqual(names);
    const texts = await textsOf(files, { values: 'start' });
    for (const name of names) expect(texts['Dockerfile']?.content).toContain(`${name}=__DOCKWRIGHT_${name}__`);
    expect(texts['Dockerfile']?.content).toContain('values.sh /usr/local/bin/values.sh');
    expect(texts['Dockerfile']?.content).toContain('CMD ["/usr/local/bin/values.sh", "nginx", "-g", "daemon off;"]');
    expect(texts['docker-compose.yml']?.content).not.toContain('args:');
    expect(texts['values.sh']?.mode).toBe(0o755);
    expect(texts['nginx.conf']?.content).toContain('root /tmp/site;');
    expect(texts['nginx.conf']?.content).not.toContain('immutable');
  });

  it('are written in by the build where the configuration says nothing, and where there are none', async () => {
    const texts = await textsOf(vite);
    expect(texts['Dockerfile']?.content).toContain('ARG VITE_API');
    expect(texts['values.sh']).toBeUndefined();
    expect(texts['nginx.conf']?.content).toContain('immutable');
    const plain = { ...vite, 'index.html': '<script src="/main.ts"></script>', 'main.ts': "console.log('pier');" };
    const none = await textsOf(plain, { values: 'start' });
    expect(none['values.sh']).toBeUndefined();
    expect(none['nginx.conf']?.content).toContain('root /usr/share/nginx/html;');
  });
});

describe('the script that puts them in', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs it over some files, and reads what it has made of one. */
  async function filled(files: Files, env: Files): Promise<(file: string) => string> {
    folder = mkdtempSync(join(tmpdir(), 'dockwright-values-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'built', path)), { recursive: true });
      writeFileSync(join(folder, 'built', path), text);
    }
    const text = (await textsOf(vite, { values: 'start' }))['values.sh']?.content ?? '';
    const script = text
      .replaceAll('/usr/share/nginx/html', join(folder, 'built'))
      .replaceAll('/tmp/site', join(folder, 'filled'));
    writeFileSync(join(folder, 'values.sh'), script);
    execFileSync('sh', [join(folder, 'values.sh')], { env: { PATH: process.env['PATH'], ...env } });
    return (file) => readFileSync(join(folder, 'filled', file), 'utf8');
  }

  const odd = `a"b'c<d>&e\\f\`$\{g}é`;

  it('writes a value as its place wants it: in code, in pages, in the scripts of pages', async () => {
    const files = {
      'index.html':
        '<p title="__DOCKWRIGHT_VITE_API__">__DOCKWRIGHT_VITE_TITLE__</p><script>a = "__DOCKWRIGHT_VITE_API__"</script>',
      'assets/main-abc.js':
        'a="__DOCKWRIGHT_VITE_API__",b=`${1}__DOCKWRIGHT_VITE_API____DOCKWRIGHT_VITE_TITLE__`;[a,b]',
      'data.json': '{"a":"__DOCKWRIGHT_VITE_API__"}',
      'a picture.png': 'PNG',
    };
    const read = await filled(files, { VITE_API: odd, VITE_TITLE: 'quay' });
    expect(read('index.html')).toContain('<p title="a&quot;b&#39;c&lt;d&gt;&amp;e\\f`${g}é">quay</p>');
    expect(read('index.html')).not.toContain('"b\'');
    expect(JSON.parse(read('data.json'))).toEqual({ a: odd });
    const code = read('assets/main-abc.js').trim();
    expect(code).toContain('b=`${1}');
    // what a text in code says is what JSON says of the same escapes
    expect(JSON.parse(code.slice(2, code.indexOf(',b')))).toBe(odd);
    expect(code).toContain('quay`');
    expect(read('a picture.png')).toBe('PNG');
  });

  it('takes the default of the project where none is set, and leaves marks of others alone', async () => {
    const read = await filled({ 'a.js': 'n="__DOCKWRIGHT_VITE_NAME__",o="__DOCKWRIGHT_VITE_NAME__X__"' }, {});
    expect(read('a.js').trim()).toBe('n="pier",o="pierX__"');
    rmSync(folder, { recursive: true, force: true });
    const other = await filled({ 'a.js': 'n="__DOCKWRIGHT_OTHER__"' }, {});
    expect(other('a.js').trim()).toBe('n="__DOCKWRIGHT_OTHER__"');
  });
});
