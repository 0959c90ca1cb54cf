import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

const server = (body: string) =>
  `import { createServer } from 'node:http';\nimport { readdirSync, readFileSync, writeFileSync } from 'node:fs';\n${body}\ncreateServer((request, response) => response.end('ok')).listen(3000);\n`;

/** What production copies with an owner, what is kept out of the image, and which folders are said to hide files. */
async function planOf(source: string, more: Readonly<Record<string, string>>) {
  const files: Readonly<Record<string, string>> = {
    'package.json': JSON.stringify({ name: 'pages', type: 'module', scripts: { start: 'node src/index.js' } }),
    'src/index.js': server(source),
    ...more,
  };
  const facts = await factsOf(files);
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: (file) => files[file] });
  const image = plan.images['app'];
  const steps = image?.stages.find(({ name }) => name === 'production')?.steps ?? [];
  const copies = steps.flatMap((step) => (step.do === 'copy' && step.from === undefined ? [step] : []));
  return {
    owned: copies.flatMap(({ sources, chown }) => (chown ? sources.map((path) => `${path} ${chown}`) : [])),
    ignored: image?.context.leavesOut.find(({ decision }) => decision.endsWith('.written'))?.patterns ?? [],
    hidden: facts.notes.filter(({ code }) => /^writes-(over|beside)-files$/.test(code)).length,
    volumes: Object.values(plan.workloads['app']?.writable ?? {}).flatMap(({ kind, path }) =>
      kind === 'volume' ? [path] : [],
    ),
    env: plan.workloads['app']?.env ?? {},
  };
}

describe('files of the project where the app writes', () => {
  const write = "const save = (name, text) => writeFileSync('./static/' + name, text);\nsave('a.min.js', 'x');";
  it.each([
    ['that it lists', `${write}\nfor (const name of readdirSync('./static')) readFileSync('./static/' + name);`],
    ['that it gives out', `import express from 'express';\nexpress().use(express.static('static'));\n${write}`],
    ['that it reads by name', `${write}\nreadFileSync('static/site.css', 'utf8');`],
  ])('ship, and may be written: those %s', async (_, source) => {
    const found = await planOf(source, { 'static/site.css': 'p {}', 'static/.gitkeep': '' });
    expect(found.owned).toHaveLength(1);
    expect(found.owned[0]).toMatch(/^static(\/site\.css)? 1000:1000$/);
    expect(found.hidden).toBe(1);
  });

  it('ship where a module imports one', async () => {
    const source =
      "import zones from '../data/zones.json' with { type: 'json' };\nwriteFileSync('data/count.txt', `${zones.length}`);";
    const found = await planOf(source, { 'data/zones.json': '[]' });
    expect(found).toMatchObject({ owned: ['data 1000:1000'], ignored: [], hidden: 1 });
  });

  it.each([
    ['nothing of the project lies there', {}],
    ['only what keeps the folder lies there', { 'static/.gitkeep': '', 'static/README.md': 'What is written here' }],
  ])('do not ship where %s', async (_, more) => {
    const found = await planOf(`${write}\nreaddirSync('./static');`, more);
    expect(found).toMatchObject({ owned: [], ignored: ['static'], hidden: 0 });
  });

  it('do not ship where the app never reads them', async () => {
    const found = await planOf(write, { 'static/old.txt': 'of this machine' });
    expect(found).toMatchObject({ owned: [], ignored: ['static'], hidden: 0 });
  });

  const zones = "import zones from '../data/zones.json' with { type: 'json' };\nimport { join } from 'node:path';\n";
  it.each([
    [
      'a part of a path',
      `${zones}writeFileSync(join(process.env.DATA_DIR ?? 'data', 'count.txt'), String(zones));`,
      'DATA_DIR',
    ],
    [
      'a constant',
      `${zones}const folder = process.env.STORE || './data';\nwriteFileSync(folder + '/count.txt', String(zones));`,
      'STORE',
    ],
    [
      'a template',
      `${zones}const { KEEP = 'data' } = process.env;\nwriteFileSync(\`\${KEEP}/count.txt\`, String(zones));`,
      'KEEP',
    ],
  ])('stay apart from what it writes where a variable says the place: %s', async (_, source, name) => {
    const found = await planOf(source, { 'data/zones.json': '[]' });
    expect(found).toMatchObject({ owned: [], hidden: 0, volumes: ['/var/lib/pages'] });
    expect(found.env[name]?.value).toMatchObject({ from: 'user', default: '/var/lib/pages' });
  });

  it('stay where they are where the app lists them', async () => {
    const source = `${zones}const folder = process.env.STORE || 'data';\nreaddirSync(folder);\nwriteFileSync(folder + '/count.txt', String(zones));`;
    const found = await planOf(source, { 'data/zones.json': '[]' });
    expect(found).toMatchObject({ hidden: 1, volumes: ['/app/data'] });
  });
});
