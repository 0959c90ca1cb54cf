import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { check } from '../../src/flows/check.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { verify } from '../../src/flows/verify.ts';
import { projects } from '../support/projects.ts';
import { turnOf } from '../support/share.ts';
import { docker, withEngine } from './engine.ts';
import { type Copy, caseOf, generated, open } from './whole-way.ts';

const share = turnOf(
  projects.filter(({ folder }) => folder.includes('/examples/') && !caseOf(folder).package),
  3,
);

/** The port that the owner publishes the app on. */
const ownPort = 18_080;

const need = 'Repeated look-ups are answered from a cache, which never contradicts the database';

/** Edits every generated file as an owner would. Returns what each file has to hold from then on. */
function editAll({ root, generation }: Copy): ReadonlyMap<string, readonly string[]> {
  const holds = new Map<string, readonly string[]>();
  const edit = (file: string, edits: readonly (readonly [from: RegExp, to: string])[]) => {
    const before = readFileSync(join(root, file), 'utf8');
    const after = edits.reduce((text, [from, to]) => {
      expect(text, `${file} has ${from}`).toMatch(from);
      return text.replace(from, to);
    }, before);
    writeFileSync(join(root, file), after);
    holds.set(
      file,
      edits.map(([, to]) => to.replaceAll('$&', '').replaceAll('$$', '$').trim()),
    );
  };
  const { plan } = generation.context;
  const [image = ''] = /(?<=^FROM )\S+(?= AS production$)/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8')) ?? [];
  const digest = docker(['image', 'inspect', '--format', '{{.Id}}', image]).trim();
  edit('Dockerfile', [
    [/^FROM \S+ AS production$/m, `FROM ${image}@${digest} AS production`],
    [/^LABEL org\.opencontainers\.image\.title/m, 'ARG FLAVOUR=plain\nENV FLAVOUR=$$FLAVOUR\n$&'],
  ]);
  edit(plan.compose.file, [
    [
      /^services:\n/m,
      '$&  # a neighbour of our own\n  neighbour:\n    image: debian:13-slim\n    command: ["sleep", "infinity"]\n    init: true\n',
    ],
    ...(Object.values(plan.workloads).some((one) => Object.keys(one.ports).length > 0)
      ? ([[/\$\{PORT:-\d+\}/, `$$\{PORT:-${ownPort}}`]] as const)
      : []),
  ]);
  for (const file of [plan.compose.development, plan.compose.production])
    if (existsSync(join(root, file))) edit(file, [[/^services:\n/m, '# read by the team of the platform\n$&']]);
  edit('.dockerignore', [[/$(?![\s\S])/, '\nscratch\n']]);
  if (existsSync(join(root, '.env.example'))) edit('.env.example', [[/$(?![\s\S])/, '\n# whom to call\nON_CALL=us\n']]);
  for (const { path, kind } of plan.sources)
    edit(path, [kind === 'health' ? [/const patience = 2000;/, 'const patience = 2500;'] : [/60_000 -/g, '60_001 -']]);
  return holds;
}

/** One more confirmed assertion, in the specification that is there or in a first one. */
function askFor(root: string, natural: string, archetype: string): void {
  const file = join(root, 'specs/assertions.json');
  const manifest = existsSync(file)
    ? JSON.parse(readFileSync(file, 'utf8'))
    : { version: '1.0.0', archetype, description: '', assertions: [] };
  const assertion = {
    id: 'A-900',
    natural,
    type: 'invariant',
    category: 'behavior',
    status: 'confirmed',
    source: 'interview',
  };
  mkdirSync(join(root, 'specs'), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...manifest, assertions: [...manifest.assertions, assertion] }, null, 2));
}

withEngine('living with the artifacts', () => {
  describe.each(share)('$name', ({ folder }) => {
    let copy: Copy;
    beforeAll(async () => {
      copy = await generated(folder);
    });
    afterAll(() => copy?.remove());

    it('keeps every edit and takes every new need, and check is quiet', async () => {
      const { root } = copy;
      const holds = editAll(copy);
      askFor(root, need, copy.generation.context.plan.archetype);
      const options = { cwd: root };
      const again = await generate(options);
      expect(again.changes.flatMap((change) => change.conflicts ?? [])).toEqual([]);
      await writeGeneration(again, { edits: true, env: false });
      for (const [file, texts] of holds) {
        const text = readFileSync(join(root, file), 'utf8');
        for (const one of texts) expect(text, file).toContain(one);
      }
      const { plan } = again.context;
      const compose = readFileSync(join(root, plan.compose.file), 'utf8');
      for (const service of Object.keys(plan.services)) expect(compose).toMatch(new RegExp(`^  ${service}:$`, 'm'));
      expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).toContain('com.spec-driven.assertions=');
      const { drift } = await check(options);
      expect(drift.drifted).toBe(false);
    });

    it('still builds and keeps the contract, also where its port on this machine is taken', async () => {
      const tag = `e2e-living-${process.pid}:local`;
      await build({ cwd: copy.root, tag, baseline: false });
      docker(['image', 'rm', tag]);
      const taken = createServer().listen(ownPort);
      await once(taken, 'listening');
      try {
        const report = await verify({ cwd: copy.root });
        expect(open(report, caseOf(folder).notProved)).toEqual([]);
      } finally {
        taken.close();
      }
    });
  });
});
