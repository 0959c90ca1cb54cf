import { describe, expect, it } from 'vitest';
import { generatedFor } from '../../support/texts.ts';

/** Whether something stands before the server of a Nuxt application that passes signals on, by the release of Nitro in its lockfile. */
async function hasInit(lockfile: Readonly<Record<string, string>>): Promise<boolean> {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({
      name: 'blog',
      type: 'module',
      engines: { node: '22' },
      scripts: { build: 'nuxt build' },
      devDependencies: { nuxt: '^3.1.1' },
    }),
    'nuxt.config.ts': 'export default defineNuxtConfig({});',
    'app.vue': '<template><p>hi</p></template>',
    ...lockfile,
  };
  const text = (await generatedFor(files))('Dockerfile');
  expect(text).toContain('.output/server/index.mjs');
  return text.includes('tini');
}

const npm = (release: string) => ({
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: {
      '': { devDependencies: { nuxt: '^3.1.1' } },
      'node_modules/nuxt': { version: '3.1.1' },
      'node_modules/nitropack': { version: release },
    },
  }),
});
const pnpm = (head: string, entry: string) => ({
  'pnpm-lock.yaml': `lockfileVersion: ${head}\n\nspecifiers:\n  nuxt: ^3.1.1\n\ndevDependencies:\n  nuxt: 3.1.1\n\npackages:\n\n  ${entry}:\n    resolution: {integrity: sha512-a}\n`,
});
const yarn = (release: string) => ({
  'yarn.lock': `# yarn lockfile v1\n\n\nnitropack@^2.1.0:\n  version "${release}"\n\nnuxt@^3.1.1:\n  version "3.1.1"\n`,
});

describe('a server of Nitro', () => {
  it.each([
    ['npm', npm('2.1.1')],
    ['pnpm', pnpm('5.4', '/nitropack/2.4.1_supports-color@9.0.0')],
    ['Yarn', yarn('2.3.3')],
  ])('gets what passes signals on where it handles none yet: %s', async (_, lockfile) => {
    expect(await hasInit(lockfile)).toBe(true);
  });

  it.each([
    ['npm', npm('2.8.1')],
    ['pnpm', pnpm("'6.0'", '/nitropack@2.5.0')],
    ['no lockfile', {}],
  ])('is process 1 where it handles them: %s', async (_, lockfile) => {
    expect(await hasInit(lockfile)).toBe(false);
  });
});
