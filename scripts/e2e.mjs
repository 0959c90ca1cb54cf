// `npm run test:e2e`, whole or a share of it: `npm run test:e2e -- --shard 1/3`. Files with many cases share those out; the others are
// shared out as files. Everything else on the line goes to Vitest.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const words = process.argv.slice(2);
const at = words.findIndex((word) => word === '--shard' || word.startsWith('--shard='));
const text = at === -1 ? '1/1' : words[at].includes('=') ? words[at].split('=')[1] : (words[at + 1] ?? '');
const [, share, shares] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
if (!share || !shares || share > shares) {
  console.error(`--shard ${text}: write which share of how many, such as 1/3`);
  process.exit(2);
}
const rest =
  at === -1 ? words : words.filter((_, index) => index !== at && (words[at].includes('=') || index !== at + 1));
const many = ['projects.test.ts', 'contract.test.ts', 'interrupt.test.ts', 'hostile.test.ts', 'workspaces.test.ts'];
const single = readdirSync(fileURLToPath(new URL('../test/e2e', import.meta.url)))
  .filter((file) => file.endsWith('.test.ts') && !many.includes(file))
  .sort();
const chosen = [...many, ...single.filter((_, index) => index % shares === share - 1)].map(
  (file) => `test/e2e/${file}`,
);
const named = rest.some((word) => word.includes('.test.ts'));
const { status } = spawnSync(
  'npx',
  ['vitest', 'run', '--project', 'e2e', ...(named || shares === 1 ? [] : chosen), ...rest],
  {
    stdio: 'inherit',
    env: { ...process.env, SHARD: `${share}/${shares}` },
  },
);
process.exit(status ?? 1);
