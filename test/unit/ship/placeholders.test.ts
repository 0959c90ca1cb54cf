import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { finder } from '../../../src/ship/contract/lean.ts';
import { placeholdersOf } from '../../../src/ship/placeholders.ts';
import { factsOf } from '../../support/facts.ts';

const planOf = async (page: string) => {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'notes',
      scripts: { build: 'next build', start: 'next start' },
      engines: { node: '24' },
      dependencies: { next: '16.0.0', pg: '8.16.3' },
    }),
    'src/app/page.jsx': page,
  };
  const read = (file: string) => files[file];
  return makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read });
};
const demanding = `if (!process.env.SESSION_SECRET) throw new Error('SESSION_SECRET is missing');
if (!process.env.BILLING_URL) throw new Error('BILLING_URL is missing');
if (!process.env.WORKERS) throw new Error('WORKERS is missing');
export default () => null;
`;

describe('what stands for real values while an image is built', () => {
  it('is looked for in the image, where it can be told from everything else', async () => {
    const { images } = await planOf(demanding);
    const found = placeholdersOf(Object.values(images));
    expect(Object.keys(found)).toEqual([
      'BILLING_URL of the build',
      'SESSION_SECRET of the build',
      'WORKERS of the build',
    ]);
    const search = finder(found);
    search.feed(Buffer.from(`module.exports = { secret: ${JSON.stringify(found['SESSION_SECRET of the build'])} };`));
    expect(search.found()).toContain('SESSION_SECRET of the build');
    expect(search.found()).not.toContain('BILLING_URL of the build');
  });

  it('is nothing where the build needs none', async () => {
    const { images } = await planOf('export default () => null;\n');
    expect(placeholdersOf(Object.values(images))).toEqual({});
  });
});
