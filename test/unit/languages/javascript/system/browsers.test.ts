import { describe, expect, it } from 'vitest';
import { detailsOf } from '../../../../../src/stacks/javascript.ts';
import { factsOf } from '../../../../support/facts.ts';

/** What an application needs of its image whose source is `text`: packages, variables, and what its owner is told. */
async function neededBy(text: string, ...dependencies: readonly string[]) {
  const manifest = {
    ...{ name: 'prints', type: 'module', scripts: { start: 'node index.js' }, engines: { node: '24' } },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, '1'])),
  };
  const facts = await factsOf({ 'package.json': JSON.stringify(manifest), 'index.js': text });
  return {
    packages: facts.runPackages?.map(({ value }) => value),
    settings: detailsOf(facts).settings,
    variables: facts.variables.map(({ name }) => name),
    notes: facts.notes.map(({ code }) => code).filter((code) => code.startsWith('browser-')),
  };
}

const chromium = '/usr/bin/chromium';
const folders = { XDG_CONFIG_HOME: '/tmp/.chromium', XDG_CACHE_HOME: '/tmp/.chromium' };

describe('a browser that the code starts', () => {
  it('is the one of the distribution, which Puppeteer is told', async () => {
    const text =
      "import puppeteer from 'puppeteer';\nconst browser = await puppeteer.launch({ args: ['--no-sandbox'] });\n";
    expect(await neededBy(text, 'puppeteer')).toEqual({
      packages: ['chromium'],
      settings: { PUPPETEER_EXECUTABLE_PATH: chromium, ...folders },
      variables: [],
      notes: [],
    });
  });

  it('is found under the variable of the code, and its owner hears of its sandbox', async () => {
    const text =
      "import { Client, LocalAuth } from 'whatsapp-web.js';\nconst client = new Client({ authStrategy: new LocalAuth(), puppeteer: { executablePath: process.env.CHROME_BIN } });\nclient.initialize();\n";
    const found = await neededBy(text, 'whatsapp-web.js');
    expect(found.settings).toEqual({ CHROME_BIN: chromium, PUPPETEER_EXECUTABLE_PATH: chromium, ...folders });
    expect(found).toMatchObject({ packages: ['chromium'], variables: [], notes: ['browser-sandbox'] });
  });

  it.each([
    [
      '@wppconnect-team/wppconnect',
      'import { create } from "@wppconnect-team/wppconnect"; create({ puppeteerOptions: { args: ["--no-sandbox"] } });',
    ],
    ['venom-bot', 'import * as venom from "venom-bot"; venom.create({ session: "a", browserArgs: ["--no-sandbox"] });'],
    [
      '@open-wa/wa-automate',
      'import wa from "@open-wa/wa-automate"; import { create as open } from "@open-wa/wa-automate"; open({ a: "--no-sandbox" });',
    ],
  ])('is found by a function of a package that starts it: %s', async (name, text) => {
    expect((await neededBy(text, name)).packages).toEqual(['chromium']);
    const other = text.replace(/create|open\(/g, (word) => (word === 'create' ? 'decrypt' : word));
    expect((await neededBy(other, name)).packages).toBeUndefined();
  });

  it('is found by what stands on Puppeteer', async () => {
    const text =
      "import puppeteer from 'puppeteer-extra';\nimport stealth from 'puppeteer-extra-plugin-stealth';\npuppeteer.use(stealth());\nconst options = { args: ['--no-sandbox'] };\nawait puppeteer.launch(options);\n";
    expect((await neededBy(text, 'puppeteer', 'puppeteer-extra')).packages).toEqual(['chromium']);
  });

  it('is said to be missing where it is made for one release of its package', async () => {
    const text = "import { chromium } from 'playwright';\nconst browser = await chromium.launch();\n";
    expect(await neededBy(text, 'playwright')).toMatchObject({ packages: undefined, notes: ['browser-missing'] });
  });

  it.each([
    [
      'it is somewhere else',
      "import puppeteer from 'puppeteer';\nawait puppeteer.connect({ browserWSEndpoint: process.env.BROWSER });\n",
      'puppeteer',
    ],
    [
      'a package brings one',
      "import chromium from '@sparticuz/chromium';\nimport puppeteer from 'puppeteer';\nawait puppeteer.launch({ executablePath: await chromium.executablePath() });\n",
      'puppeteer',
    ],
    ['something else is launched', "import { Telegraf } from 'telegraf';\nnew Telegraf('1:a').launch();\n", 'telegraf'],
    [
      'it is asked for over the network',
      "import { chromium } from 'playwright';\nawait chromium.connect(process.env.BROWSER);\n",
      'playwright',
    ],
  ])('is none where %s', async (_, text, dependency) => {
    expect(await neededBy(text, dependency)).toMatchObject({ packages: undefined, settings: undefined, notes: [] });
  });
});
