#!/usr/bin/env node
import { main } from './cli/main.ts';

await main(process.argv.slice(2), async (words) => {
  const { useCompileCache } = await import('./engine/compile-cache.ts');
  useCompileCache(words);
});
