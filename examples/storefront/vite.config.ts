import { defineConfig } from 'vite';

export default defineConfig({
  build: { outDir: 'site', sourcemap: false },
  server: { proxy: { '/api': 'http://localhost:3000' } },
});
