import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContext } from '../../../src/flows/context.ts';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { builtFrom, readHeadOf } from '../../../src/flows/tag.ts';
import { committedProject } from '../../support/committed.ts';
import { git } from '../../support/git.ts';

/** A project with the deployment that is generated for it, all of it committed. */
async function deployed(): Promise<string> {
  const root = committedProject({
    'package.json': JSON.stringify({
      name: 'shop',
      version: '1.2.0',
      scripts: { start: 'node server.js' },
      engines: { node: '24' },
    }),
    'server.js': "require('node:http').createServer((q, r) => r.end('ok')).listen(3000);\n",
    'README.md': '# Shop\n',
  });
  await writeGeneration(await generate({ cwd: root }), { edits: true, env: false });
  git(root, 'add', '--all');
  git(root, 'commit', '--quiet', '--message', 'the deployment');
  return root;
}

const headOf = async (cwd: string) => readHeadOf(await loadContext({ cwd }), { cwd });
const labeled = (revision: string) => ({ 'org.opencontainers.image.revision': revision });

describe('an image of the commit', () => {
  it('stays one after an edit of what no build reads, while the tags say that the tree is dirty', async () => {
    const cwd = await deployed();
    const { revision } = await headOf(cwd);
    expect(revision?.state).toBe('clean');
    writeFileSync(join(cwd, 'README.md'), '# The shop\n');
    const edited = await headOf(cwd);
    expect(edited.revision?.state).toBe('dirty');
    expect(edited.built?.state).toBe('clean');
    expect(builtFrom(labeled(revision?.commit ?? ''), edited.built)).toBeUndefined();
  });

  it('is another after an edit of what it is built from, and says what to do', async () => {
    const cwd = await deployed();
    const commit = (await headOf(cwd)).revision?.commit ?? '';
    writeFileSync(join(cwd, 'server.js'), "require('node:http').createServer((q, r) => r.end('no')).listen(3000);\n");
    const { built } = await headOf(cwd);
    expect(builtFrom(labeled(commit), built)).toContain('run `dockwright build`');
    expect(builtFrom(labeled(`${commit}-dirty`), built)).toBeUndefined();
  });
});
