import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build, needFiles } from '../../../src/flows/build.ts';
import { check } from '../../../src/flows/check.ts';
import { everydayCommands } from '../../../src/flows/commands.ts';
import { loadContext } from '../../../src/flows/context.ts';
import { explain } from '../../../src/flows/explain.ts';
import { generate, writeGeneration } from '../../../src/flows/generate.ts';
import { placesOf } from '../../../src/flows/item-evidence.ts';
import { explained } from '../../../src/flows/lint.ts';
import { verify } from '../../../src/flows/verify.ts';
import { VerifyReport } from '../../../src/model/contract.ts';
import { dockwrightHere } from '../../support/cli.ts';
import { fill } from '../../support/folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-reports-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const project = {
  'package.json': '{ "name": "pier", "type": "module", "scripts": { "start": "node server.js" } }\n',
  'server.js':
    "import { createServer } from 'node:http';\ncreateServer((request, response) => response.end(request.url === '/health' ? 'ok' : 'hi')).listen(Number(process.env.PORT));\n",
};
const dockerfile = `FROM node:22-slim
WORKDIR /srv
COPY package.json server.js ./
ENV PORT=8300
USER node
HEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:8300/health')"]
CMD ["node", "server.js"]
`;
const compose = 'services:\n  web:\n    build: .\n    user: "1000"\n    ports: ["8300:8300"]\n';

describe('a compose file of the author that cannot be read', () => {
  const broken = 'services:\n  web:\n    build: .\n   ports: [8300]\n';
  const where = { file: 'compose.yaml', line: 4 };

  it('stops what would start it, with file, line and what to do', async () => {
    fill(root, { ...project, Dockerfile: dockerfile, 'compose.yaml': broken });
    for (const command of [verify, everydayCommands]) {
      const error = await command({ cwd: root }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'docker-file-broken', where });
      expect(JSON.stringify(error)).toContain('compose.yaml:4');
    }
  });

  it('is an error of the checklist, not a remark', async () => {
    fill(root, { ...project, Dockerfile: dockerfile, 'compose.yaml': broken });
    const report = await check({ cwd: root });
    expect(report.ready).toBe(false);
    expect(report.items.find(({ id }) => id === 'docker-files')).toMatchObject({
      status: 'fail',
      ...where,
      next: expect.stringContaining('--accept compose.yaml=generated'),
    });
  });

  it('leaves the image to be built from a Dockerfile that is whole, and nothing else', async () => {
    const two = `${dockerfile}\nFROM node:22-slim AS debug\nCMD ["node", "--inspect", "server.js"]\n`;
    fill(root, { ...project, Dockerfile: two.replace('slim\n', 'slim AS production\n'), 'compose.yaml': broken });
    const { plan } = await loadContext({ cwd: root });
    expect(plan.images['app']).toMatchObject({ dockerfile: 'Dockerfile', targets: { production: 'production' } });
    expect(plan.workloads).toEqual({});
    expect((await generate({ cwd: root })).artifacts).toEqual([]);
  });

  it.each([
    ['is not there', { 'compose.yaml': broken }, where],
    ['is broken too', { 'compose.yaml': broken, Dockerfile: 'RUN echo\n' }, {}],
    ['alone is broken', { Dockerfile: '# nothing\nRUN echo\n' }, { file: 'Dockerfile' }],
  ])('or the Dockerfile refuses to be built where the Dockerfile %s', async (_, files, place) => {
    fill(root, { ...project, ...files });
    await expect(build({ cwd: root })).rejects.toMatchObject({ code: 'docker-file-broken', where: place });
  });
});

describe('a report on Docker files of an author', () => {
  const report = (...ids: string[]): VerifyReport => ({
    image: 'pier@sha256:0',
    overrides: [],
    isolation: [],
    items: ids.map((id, at) => ({ id, number: at + 1, title: id, status: 'fail', evidence: [] })),
  });

  it('names the lines that say what an item judges, those of the service above those of the image', async () => {
    fill(root, { ...project, Dockerfile: dockerfile });
    const alone = await loadContext({ cwd: root });
    const items = ['hardened', 'health', 'stops', 'lean', 'listens', 'caches'];
    const placed = explained(report(...items), [], placesOf(alone.plan, alone.facts));
    expect(VerifyReport.parse(placed)).toEqual(placed);
    expect(placed.items.map(({ places = [] }) => places.map(({ file, line }) => `${file}:${line}`))).toEqual([
      ['Dockerfile:5'],
      ['Dockerfile:6'],
      ['Dockerfile:7'],
      ['Dockerfile:3'],
      ['Dockerfile:4'],
      [],
    ]);
    fill(root, { ...project, Dockerfile: dockerfile, 'compose.yaml': compose });
    const both = await loadContext({ cwd: root });
    expect(placesOf(both.plan, both.facts)['hardened']).toMatchObject([{ file: 'compose.yaml', line: 4 }]);
  });

  it('names none where an item is good, where a remark explains it, or where nothing is the author’s', async () => {
    fill(root, { ...project, Dockerfile: dockerfile });
    const { plan, facts } = await loadContext({ cwd: root });
    const places = placesOf(plan, facts);
    const good = {
      ...report('stops'),
      items: report('stops').items.map((one) => ({ ...one, status: 'pass' as const })),
    };
    expect(explained(good, [], places).items[0]).not.toHaveProperty('places');
    const finding = {
      rule: 'signals',
      severity: 'warning' as const,
      message: 'It is not told.',
      why: 'It is killed.',
      file: 'Dockerfile',
      line: 7,
    };
    const remarked = explained(report('stops'), [finding], places).items[0];
    expect(remarked).toMatchObject({ causes: [finding] });
    expect(remarked).not.toHaveProperty('places');
    rmSync(join(root, 'Dockerfile'));
    const own = await loadContext({ cwd: root, set: { port: '8300' } });
    expect(placesOf(own.plan, own.facts)).toEqual({});
  });

  it('calls nothing generated that is the author’s', async () => {
    fill(root, { ...project, Dockerfile: dockerfile });
    const generation = await generate({ cwd: root });
    await writeGeneration(generation, { edits: true, env: true });
    const { out } = await dockwrightHere(['--yes', '--cwd', root]);
    expect(out).toContain('Your Docker files are unchanged');
    expect(out).not.toContain('as it would be generated');
    await expect(explain({ cwd: root, file: 'Dockerfile', at: 1 })).rejects.toMatchObject({ code: 'yours' });
    await expect(explain({ cwd: root, file: 'Dockerfiel', at: 1 })).rejects.toMatchObject({ code: 'not-generated' });
    rmSync(join(root, 'Dockerfile'));
    const { context } = await generate({ cwd: root });
    expect(() => needFiles(context.project.has, ['Dockerfile'], context.kept)).toThrow(
      expect.objectContaining({
        code: 'not-there',
        next: expect.arrayContaining([expect.stringContaining('git restore')]),
      }),
    );
    expect(() => needFiles(context.project.has, ['other'], context.kept)).toThrow(
      expect.objectContaining({ code: 'not-generated' }),
    );
  });
});
