import { describe, expect, it } from 'vitest';
import { composeDevelopment } from '../../../src/artifacts/compose-dev.ts';
import { dockerfile } from '../../../src/artifacts/dockerfile.ts';
import { siteConfig } from '../../../src/artifacts/nginx.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf, manifest } from '../../support/facts.ts';

const planOf = async (config = 'export default {}', name = 'VITE_A') => {
  const files = {
    'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7.0.0' } }),
    'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
    'index.html': '<script type="module" src="/main.ts"></script>',
    'main.ts': `console.log(import.meta.env.${name} ?? 'a')`,
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

  it('give the page at any path where only the files lie below one', async () => {
    const plan = await planOf();
    if (!plan.site) throw new Error('a site was expected');
    const text = siteConfig(plan, { ...plan.site, base: 'static/app', everywhere: true }).content;
    expect(text).not.toContain('return 302');
    expect(text).toContain('location /static/app/ {');
    expect(text).toMatch(
      /location \/ \{\n(?: {4}add_header .+\n)+ {4}try_files \$uri \/static\/app\/index\.html;\n {2}\}\n\}/,
    );
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

describe('names with a hash of their content', () => {
  const text = async (dependencies: object, build: string, more: Readonly<Record<string, string>>) => {
    const files = {
      'package.json': manifest({ scripts: { build }, devDependencies: dependencies }),
      'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
      ...more,
    };
    const facts = await factsOf(files);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => Reflect.get(files, file),
    });
    return plan.site ? siteConfig(plan, plan.site).content : '';
  };
  const angular = (options: object = {}, i18n?: object) => ({
    'angular.json': JSON.stringify({
      projects: {
        shop: {
          projectType: 'application',
          ...(i18n ? { i18n } : {}),
          architect: {
            build: { builder: '@angular/build:application', options: { browser: 'src/main.ts', ...options } },
          },
        },
      },
    }),
    'src/main.ts': 'export {};',
    'src/index.html': '<app-root></app-root>',
  });
  const angularText = (options?: object, i18n?: object) =>
    text({ '@angular/core': '20.0.0', '@angular/cli': '20.0.0' }, 'ng build', angular(options, i18n));

  it.each([
    ['Angular', () => angularText()],
    [
      'Parcel',
      () =>
        text({ parcel: '2.12.0' }, 'parcel build index.html', {
          'index.html': '<script src="a.js"></script>',
          'a.js': '',
        }),
    ],
    [
      'Vue CLI',
      () =>
        text({ '@vue/cli-service': '5.0.0', vue: '3.5.0' }, 'vue-cli-service build', {
          'src/main.js': '',
          'public/index.html': '<p></p>',
        }),
    ],
  ])('are kept for ever wherever they lie, and are no page where they are missing: %s', async (_, config) => {
    const found = /location ~ "(.+)" \{\n(.+)\n.+\n(.+)/.exec(await config());
    expect(found?.[1]).toBe(hashed.source);
    expect(found?.[2]).toContain('immutable');
    expect(found?.[3]).toContain('try_files $uri =404;');
  });

  const hashed =
    /(?:[./-](?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}|-(?=[0-9A-Z]*[0-9])[0-9A-Z]{8})(?:\.chunk|\.bundle)?\.[a-z0-9]+$|-[0-9A-Z]{8}\.(?:js|css)$/;

  it.each([
    '/main-5BUXM3HC.js',
    '/chunk-ABCDEFGH.js',
    '/media/inter-Q3KX7PLM.woff2',
    '/main.4a5b6c7d8e9f0a1b.js',
    '/js/app.1f2e3d4c.chunk.js',
    '/8a9b0c1d2e3f4a5b6c7d.png',
    '/fr/styles-XY2ZAB3C.css',
  ])('are such: %s', (name) => expect(hashed.test(name)).toBe(true));

  it.each([
    '/index.html',
    '/photo.20240115.jpg',
    '/jquery-3.7.1.min.js',
    '/report-ABCDEFGH.pdf',
    '/deadbeef',
    '/facade.js',
    '/ngsw-worker.js',
    '/assets/i18n/en-US.json',
  ])('are not such: %s', (name) => expect(hashed.test(name)).toBe(false));

  it('are none of tools that put them in a folder of their own', async () => {
    expect(await configOf()).not.toContain('location ~ "');
  });

  const translated = {
    sourceLocale: 'en-GB',
    locales: { fr: 'src/messages.fr.xlf', de: { translation: 'de.xlf', subPath: 'deutsch' } },
  };

  it('lie in a folder for each language, of which the first is shown', async () => {
    const config = await angularText({ localize: true }, translated);
    expect(config).toContain('location = / {\n    return 302 /en-GB/;');
    for (const folder of ['en-GB', 'fr', 'deutsch']) {
      expect(config).toContain(`location /${folder}/ {`);
      expect(config).toContain(`try_files $uri $uri/index.html /${folder}/index.html;`);
    }
    expect(config).toContain('try_files $uri $uri/index.html /en-GB/index.html;');
  });

  it('lie below the path of the site, of the languages that are built', async () => {
    const config = await angularText({ localize: ['fr'], baseHref: '/shop/' }, translated);
    expect(config).toContain('location = /shop/ {\n    return 302 /shop/fr/;');
    expect(config).not.toContain('/shop/en-GB/');
  });

  it('lie in the top where the language of the sources has no folder', async () => {
    const i18n = { ...translated, sourceLocale: { code: 'en-GB', subPath: '' } };
    const config = await angularText({ localize: true }, i18n);
    expect(config).toContain('location /fr/ {');
    expect(config).not.toContain('return 302');
    expect(config).toContain('try_files $uri $uri/index.html /index.html;');
  });

  it.each([
    ['it is built in one language', {}, translated],
    ['there is no other one', {}, undefined],
  ])('lie in no such folder where %s', async (_, options, i18n) => {
    const config = await angularText(options, i18n);
    expect(config).not.toContain('return 302');
    expect(config.match(/ \/index\.html;/g)).toHaveLength(1);
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
    // the default of the source is its default in the build, too: no file repeats it
    const { VITE_A } = plan.images['app']?.args ?? {};
    expect(VITE_A).toMatchObject({ secret: false, value: { from: 'user', variable: 'VITE_A', required: false } });
    expect(VITE_A?.value).not.toHaveProperty('default');
    expect(plan.settings['VITE_A']).toMatchObject({ default: 'a' });
    expect(plan.workloads['app']?.env).toEqual({});
    // the server of the tool writes it into the page, too
    expect(composeDevelopment(plan).content).toMatch(/^ +VITE_A:$/m);
  });
});

describe('a value of pages whose name sounds like a secret', () => {
  const textOf = async (name: string) => {
    const { images, ...plan } = await planOf(undefined, name);
    const [image] = Object.values(images);
    if (!image) throw new Error('an image was expected');
    return dockerfile({ ...plan, images }, image).content.split('\n');
  };

  it.each(['VITE_MAP_KEY', 'VITE_TOKEN', 'VITE_AUTH_DOMAIN'])(
    'is excused from the check of the engine: %s',
    async (name) => {
      const [syntax, check, , ...rest] = await textOf(name);
      expect([syntax, check]).toEqual(['# syntax=docker/dockerfile:1', '# check=skip=SecretsUsedInArgOrEnv']);
      expect(rest.slice(0, 2).join('\n')).toContain(`# ${name}: not a secret despite its name`);
    },
  );

  it.each(['VITE_A', 'VITE_PUBLIC_KEY', 'VITE_KEYBOARD', 'VITE_AUTHOR'])('is not one: %s', async (name) => {
    expect((await textOf(name)).join('\n')).not.toContain('check=skip');
  });
});

describe('an example of a variable that pages read', () => {
  it.each([
    ['VITE_API=https://your-project-ref.supabase.co', undefined, true],
    ['VITE_API=<the address>', undefined, true],
    ['VITE_API=xxxx', undefined, true],
    ['VITE_API=change_me', undefined, true],
    ['VITE_API=https://api.shop.example', 'https://api.shop.example', false],
    ['VITE_API=yourself', 'yourself', false],
    ['VITE_API=exchange', 'exchange', false],
    ['VITE_API=[24,12]', '[24,12]', false],
  ])('stands in for a value where it is one: %s', async (text, value, required) => {
    const all = {
      'package.json': manifest({ scripts: { build: 'vite build' }, devDependencies: { vite: '^7.0.0' } }),
      'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
      'index.html': '<script type="module" src="/main.ts"></script>',
      'main.ts': 'console.log(import.meta.env.VITE_API)',
      '.env.example': `${text}\n`,
    };
    const facts = await factsOf(all);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => Reflect.get(all, file),
    });
    expect(plan.images['app']?.args?.['VITE_API']?.value).toEqual({
      from: 'user',
      variable: 'VITE_API',
      required,
      ...(value === undefined ? {} : { default: value }),
    });
  });
});

describe('a committed file of settings for production', () => {
  const files = (
    more: Readonly<Record<string, string>>,
    build = 'vite build',
    dependencies: object = { vite: '7.0.0' },
  ) => ({
    'package.json': manifest({ scripts: { build }, devDependencies: dependencies }),
    'bun.lock': '{ "lockfileVersion": 1, "workspaces": {}, "packages": {} }',
    'index.html': '<script type="module" src="/main.ts"></script>',
    'main.ts': "console.log(import.meta.env.VITE_API, import.meta.env.VITE_TITLE ?? 'none')",
    ...more,
  });
  const argsOf = async (all: Readonly<Record<string, string>>) => {
    const facts = await factsOf(all);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => Reflect.get(all, file),
    });
    const args = Object.entries(plan.images['app']?.args ?? {});
    return Object.fromEntries(args.map(([name, { value }]) => [name, 'default' in value ? value.default : undefined]));
  };
  const text =
    'VITE_API=https://api.example\nVITE_TITLE="The shop"\nVITE_COLOR=red\nMAIL_TOKEN=hunter2\nVITE_PAY_SECRET=x\nVITE_LINK=$VITE_API/a\nVITE_LATER=VITE_LATER_PLACEHOLDER\n';

  it('gives the build what pages read, and nothing else that it holds, where it holds a secret', async () => {
    expect(await argsOf(files({ '.env.production': text }))).toEqual({
      VITE_API: 'https://api.example',
      VITE_TITLE: 'The shop',
    });
  });

  it('is read by the tool itself where it holds none', async () => {
    const vue = files(
      {
        '.env.production': 'VUE_APP_API=https://api.example\nVITE_COLOR=red\n',
        'src/main.js': 'use(process.env.VUE_APP_API);',
        'public/index.html': '<p></p>',
      },
      'vue-cli-service build',
      { '@vue/cli-service': '5.0.0', vue: '3.5.0' },
    );
    expect(await argsOf(vue)).toEqual({ VUE_APP_API: undefined });
  });

  it('says nothing of developing', async () => {
    const all = files({ '.env.production': 'VITE_API=https://api.example\n' });
    const facts = await factsOf(all);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => Reflect.get(all, file),
    });
    expect(composeDevelopment(plan).content).not.toContain('api.example');
    expect(composeDevelopment(plan).content).toMatch(/^ +VITE_TITLE:$/m);
  });

  it('is none for developing or for one machine', async () => {
    const more = { '.env.development': text, '.env.local': text };
    expect(await argsOf(files(more))).toEqual({ VITE_API: undefined, VITE_TITLE: undefined });
  });
});

describe('an address of this machine that pages have by default', () => {
  const hintOf = async (source: string, more: Readonly<Record<string, string>> = {}) => {
    const all: Record<string, string> = {
      'package.json': JSON.stringify({
        name: 'board',
        scripts: { build: 'vite build' },
        devDependencies: { vite: '7.0.0' },
      }),
      'index.html': '<script type="module" src="/main.ts"></script>',
      'main.ts': source,
      ...more,
    };
    const facts = await factsOf(all);
    const plan = await makePlan({
      facts,
      specification: undefined,
      config: {},
      read: (file) => Reflect.get(all, file),
    });
    return plan.settings['VITE_SITE']?.hint ?? '';
  };
  it.each([
    ["document.title = import.meta.env.VITE_SITE ?? 'http://localhost:3000';", {}],
    ["const { VITE_SITE = 'https://127.0.0.1:8443/shop' } = import.meta.env; document.title = VITE_SITE;", {}],
    ['document.title = import.meta.env.VITE_SITE;', { '.env.example': 'VITE_SITE=http://localhost:5173\n' }],
  ])('is said to be that of whoever opens them: %#', async (source, more) => {
    expect(await hintOf(source, more)).toContain('the machine that opens the page');
  });
  it.each([
    ["document.title = import.meta.env.VITE_SITE ?? 'https://shop.example';"],
    ["document.title = import.meta.env.VITE_SITE ?? 'localhost-party';"],
  ])('is no other one: %#', async (source) => {
    expect(await hintOf(source)).not.toContain('whoever opens');
  });
});
