import { describe, expect, it } from 'vitest';
import { composeDevelopment } from '../../../src/artifacts/compose-dev.ts';
import { siteConfig } from '../../../src/artifacts/nginx.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf, manifest } from '../../support/facts.ts';

const planOf = async (config = 'export default {}') => {
  const files = {
    'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7.0.0' } }),
    'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
    'index.html': '<script type="module" src="/main.ts"></script>',
    'main.ts': "console.log(import.meta.env.VITE_A ?? 'a')",
    'vite.config.ts': config,
  };
  const facts = await factsOf(files);
  return makePlan({ facts, specification: undefined, config: {}, read: (file) => Reflect.get(files, file) });
};

const configOf = async (config?: string): Promise<string> => {
  const plan = await planOf(config);
  return plan.site ? siteConfig(plan, plan.site).content : '';
};

describe('the settings of the web server', () => {
  it('answer a path of the app with its one page, and nothing else', async () => {
    const text = await configOf();
    expect(text).toContain('location / {');
    expect(text.match(/ \/index\.html;/g)).toHaveLength(1);
    expect(text).not.toContain('return 302');
  });

  it('have no fallback where each path has its file', async () => {
    const text = await configOf("export default { appType: 'mpa' }");
    expect(text).toContain('try_files $uri $uri/index.html $uri.html =404;');
    expect(text).not.toContain(' /index.html;');
  });

  it('lead to the path that the site was built for, and fall back only below it', async () => {
    const text = await configOf("export default { base: '/shop/' }");
    expect(text).toContain('location = / {\n    return 302 /shop/;\n  }');
    expect(text).toContain('location ^~ /shop/assets/ {');
    expect(text).toContain('location /shop/ {');
    expect(text).toContain('try_files $uri $uri/index.html /shop/index.html;');
    expect(text).not.toContain('location / {');
  });

  it('let nothing be kept for ever where no folder has hashes in its names', async () => {
    expect(await configOf("export default { build: { assetsDir: '' } }")).not.toContain('immutable');
  });
});

describe('the image of a site', () => {
  it('has the files where the pages ask for them', async () => {
    const copied = async (config?: string) =>
      (await planOf(config)).images['app']?.stages
        .find((stage) => stage.name === 'production')
        ?.steps.flatMap((step) => (step.do === 'copy' && step.from === 'build' ? [step.sources[0], step.to] : []));
    expect(await copied()).toEqual(['/app/dist', '/usr/share/nginx/html']);
    expect(await copied("export default { base: '/a/b/', build: { outDir: 'site' } }")).toEqual([
      '/app/site',
      '/usr/share/nginx/html/a/b',
    ]);
  });

  it('takes what is written into the page as a build argument, and no variable at run time', async () => {
    const plan = await planOf();
    expect(plan.images['app']?.args).toMatchObject({
      VITE_A: { secret: false, value: { from: 'user', default: 'a' } },
    });
    expect(plan.workloads['app']?.env).toEqual({});
    // the server of the tool writes it into the page, too
    expect(composeDevelopment(plan).content).toContain('VITE_A: ${VITE_A:-a}');
  });
});
