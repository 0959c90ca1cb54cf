import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { repository } from '../support/projects.ts';
import { withEngine } from './engine.ts';
import { type Copy, type Deployment, deployment, generated } from './whole-way.ts';

withEngine('a site', () => {
  let copy: Copy;
  let run: Deployment;
  beforeAll(async () => {
    copy = await generated(join(repository, 'examples/storefront'));
    run = deployment(copy, { env: { VITE_API_URL: 'https://shop.example' } });
    run.compose('up', '--build', '--detach', '--wait');
  });
  afterAll(() => {
    run?.down();
    copy?.remove();
  });

  it('lets files with a hash in their names be kept for ever, compressed, and pages be asked for each time', async () => {
    const page = await fetch(`${run.url()}/products/tea-1`);
    const html = await page.text();
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    const asset = await fetch(run.url() + script, { headers: { 'accept-encoding': 'gzip' } });
    expect(asset.status).toBe(200);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    expect(asset.headers.get('server')).toBe('nginx');
  });

  it('has the build-time variable of this build in its code', async () => {
    const html = await (await fetch(run.url())).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
    expect(await (await fetch(run.url() + script)).text()).toContain('https://shop.example');
  });

  it('develops with the server of the tool', async () => {
    // the folder of a developer is theirs to read, unlike a temporary one of root's
    chmodSync(copy.root, 0o755);
    const { compose } = copy.generation.context.plan;
    const dev = deployment(copy, {
      files: [compose.file, compose.development],
      env: { VITE_API_URL: 'https://dev.example' },
    });
    try {
      dev.compose('up', '--build', '--detach');
      const published = dev.compose('port', 'app', '5173').trim();
      const url = `http://127.0.0.1:${published.slice(published.lastIndexOf(':') + 1)}`;
      let text = '';
      for (const end = Date.now() + 30_000; Date.now() < end && !text.includes('@vite/client'); ) {
        text = await fetch(url).then(
          (response) => response.text(),
          () => '',
        );
        await new Promise((wake) => setTimeout(wake, 300));
      }
      expect(text).toContain('@vite/client');
      expect(await (await fetch(`${url}/src/main.ts`)).text()).toContain('https://dev.example');
    } finally {
      dev.down();
    }
  });
});

withEngine('a site whose values are read at the start', () => {
  let copy: Copy;
  beforeAll(async () => {
    copy = await generated(join(repository, 'examples/storefront'), { values: 'start' });
  });
  afterAll(() => copy?.remove());

  it('is one image for every place: started with two values, it shows both', async () => {
    const images = new Set<string>();
    const shown: string[] = [];
    for (const address of ['https://shop.example', 'https://other.example/?a=1&b="2"']) {
      const run = deployment(copy, { env: { VITE_API_URL: address } });
      try {
        run.compose('up', ...(images.size === 0 ? ['--build'] : []), '--detach', '--wait');
        images.add(run.compose('images', '--quiet', 'app').trim());
        const html = await (await fetch(run.url())).text();
        const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
        shown.push(await (await fetch(run.url() + script)).text());
      } finally {
        run.compose('down', '--volumes', '--timeout', '5', ...(shown.length === 2 ? ['--rmi', 'local'] : []));
      }
    }
    expect(images.size).toBe(1);
    expect(shown[0]).toContain('https://shop.example');
    expect(shown[0]).not.toContain('other.example');
    expect(shown[1]).toContain('https://other.example/?a=1&b=');
    expect(shown[1]).not.toContain('shop.example');
  });
});
