import { it } from 'vitest';
import { factsOf, manifest } from './support.ts';

const probe = async (name: string, files: Record<string, string>, more: object = {}) => {
  const f = await factsOf({
    'package.json': manifest({ scripts: { build: 'tsc -b && vite build' }, devDependencies: { vite: '^7.0.0' }, ...more } as never),
    'index.html': '<script type="module" src="/src/main.ts"></script>',
    'src/main.ts': 'console.log(import.meta.env.VITE_A ?? "x")',
    ...files,
  });
  console.log(name, JSON.stringify(f.site?.value), JSON.stringify(f.archetype), f.variables.map((v) => v.name).join(), JSON.stringify(f.entry), JSON.stringify(f.notes.map((n) => n.message)));
};
it('probes', async () => {
  await probe('plain', {});
  await probe('resolve', { 'vite.config.ts': 'import {resolve} from "node:path"; export default { build: { outDir: resolve(__dirname, "site") } }' });
  await probe('root', { 'index.html': '', 'vite.config.ts': 'export default { root: "app", build: { outDir: "../out" } }', 'app/index.html': '<script type="module" src="/m.ts"></script>', 'app/m.ts': 'import.meta.env.VITE_B' });
  await probe('root-default', { 'vite.config.ts': 'export default { root: "app" }', 'app/index.html': '<script type="module" src="/m.ts"></script>', 'app/m.ts': 'import.meta.env.VITE_B' });
  await probe('rootarg', { 'app/index.html': '<script type="module" src="/m.ts"></script>', 'app/m.ts': 'import.meta.env.VITE_B' }, { scripts: { build: 'vite build app' } });
  await probe('base', { 'vite.config.ts': 'export default defineConfig({ base: "/shop/" })' });
  await probe('base flag', {}, { scripts: { build: 'vite build --base=/shop/' } });
  await probe('pages', { 'vite.config.ts': 'export default { build: { rollupOptions: { input: { a: "index.html", b: "about.html" } } } }', 'about.html': '' });
  await probe('lib', { 'vite.config.ts': 'export default { build: { lib: { entry: "src/main.ts" } } }' });
  await probe('ssr', { 'vite.config.ts': 'export default { build: { ssr: "src/server.ts" } }' });
  await probe('prefix', { 'vite.config.ts': 'export default { envPrefix: "APP_" }', 'src/main.ts': 'console.log(import.meta.env.APP_A, import.meta.env.VITE_A)' });
  await probe('next', {}, { scripts: { build: 'next build' }, dependencies: { next: '15' }, devDependencies: {} });
  await probe('next start', {}, { scripts: { build: 'next build', start: 'next start' }, dependencies: { next: '15' }, devDependencies: {} });
  await probe('kit', {}, { scripts: { build: 'vite build' }, devDependencies: { '@sveltejs/kit': '2', vite: '7' } });
  await probe('vue', { 'src/main.ts': 'import App from "./App.vue"; App', 'src/App.vue': '<script setup lang="ts">const a = import.meta.env.VITE_API_URL</script>' });
  await probe('cra', { 'public/index.html': '', 'src/index.js': 'fetch(process.env.REACT_APP_API)' }, { homepage: 'https://x.github.io/repo', scripts: { start: 'react-scripts start', build: 'react-scripts build' }, dependencies: { 'react-scripts': '5' }, devDependencies: {} });
  await probe('astro', { 'src/pages/index.astro': '---\nconst a = import.meta.env.PUBLIC_X\n---', 'astro.config.mjs': 'export default defineConfig({ outDir: "./public-site", base: "/docs", build: { assets: "files" } })' }, { scripts: { build: 'astro build' }, dependencies: { astro: '5' }, devDependencies: {} });
  await probe('parcel', { 'src/index.html': '<script type="module" src="./app.js"></script>', 'src/app.js': 'process.env.API' }, { source: 'src/index.html', scripts: { build: 'parcel build' }, devDependencies: { parcel: '2' } });
  await probe('start preview', {}, { scripts: { start: 'vite preview', build: 'vite build' } });
  await probe('express too', { 'server.js': 'import express from "express"; express().listen(3000)' }, { scripts: { start: 'node server.js', build: 'vite build' }, dependencies: { express: '5' } });
});
