import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

const site = (main: string, more: Readonly<Record<string, string>> = {}) => ({
  'package.json': JSON.stringify({
    name: 'pages',
    private: true,
    scripts: { dev: 'vite', build: 'vite build', serve: 'vite preview' },
    engines: { node: '24' },
    dependencies: { hono: '4' },
    devDependencies: { vite: '8' },
  }),
  'index.html': '<script type="module" src="/src/main.ts"></script>',
  'src/main.ts': main,
  ...more,
});

describe('pages that ask a server by a module of its framework', () => {
  it.each([
    ['its client', "import { hc } from 'hono/client';\nhc('/api');", {}],
    [
      'its client in another module',
      "import { api } from './api';\napi();",
      {
        'src/api.ts':
          "import { hc } from 'hono/client';\nimport type { Routes } from '../types';\nexport const api = () => hc<Routes>('/');",
      },
    ],
    ['what it renders with', "import { render } from 'hono/jsx/dom';\nrender('hello', document.body);", {}],
  ])('are a site: %s', async (_, main, more) => {
    const facts = await factsOf(site(main, more));
    expect([said(facts.archetype), facts.frameworks]).toEqual(['web-app', []]);
  });

  it('are none where a server is made beside', async () => {
    const main =
      "import { Hono } from 'hono';\nimport { hc } from 'hono/client';\nhc('/');\nexport default new Hono();";
    const facts = await factsOf({
      'package.json': JSON.stringify({
        name: 'api',
        scripts: { start: 'bun src/main.ts' },
        engines: { bun: '^1.4' },
        dependencies: { hono: '4' },
      }),
      'src/main.ts': main,
    });
    expect([said(facts.archetype), facts.frameworks.map(({ value }) => value)]).toEqual(['web-service', ['hono']]);
  });
});
