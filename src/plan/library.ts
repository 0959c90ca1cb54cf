import { createHash } from 'node:crypto';
import { UserError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import { loadPackageKind, packageKinds } from '../stacks/packages/registry.gen.ts';
import { composeFiles } from './app.ts';
import { recorder } from './decide.ts';
import { summarise } from './labels.ts';
import type { PlanInput } from './plan.ts';
import { loadStacks } from './stacks.ts';

/** A library is published, not deployed: what its package lacks is offered as edits, and the steps are said. No Docker at all. */
export async function planLibrary({ facts, specification, read }: PlanInput): Promise<Plan> {
  const { publishing } = facts;
  const manager = (await loadStacks(facts))?.manager;
  const kind = await loadPackageKind(packageKinds[0]?.name ?? '');
  if (!publishing || !manager || !kind) {
    throw new UserError({
      code: 'library-unknown',
      message: 'this is a library, and it has no package.json with a name: there is nothing that could be published',
      next: ['give it a package.json with "name" and "version"'],
    });
  }
  const { decide, decisions } = recorder();
  const folder = facts.root === '.' ? '' : `${facts.root}/`;
  const completed = kind.complete({
    read: (file) => read(folder + file),
    has: (file) => read(folder + file) !== undefined,
    build: publishing.build,
  });
  const summary = summarise(specification);
  const compose = composeFiles(facts);
  return {
    version: 1,
    name: facts.name.value,
    archetype: 'library',
    images: {},
    workloads: {},
    services: {},
    volumes: {},
    networks: {},
    secrets: {},
    settings: {},
    routes: {},
    sources: [],
    edits: completed.edits.map((one) => ({
      file: folder + one.file,
      hash: createHash('sha256').update(one.text).digest('hex'),
      edits: one.edits.map((edit) => ({ ...edit })),
      why: one.why,
      decision: decide(`edits.${one.file}`, { choice: 'completed', why: one.why, from: publishing.from }),
    })),
    manual: completed.manual.map((one, at) => ({
      why: one.why,
      file: folder + one.file,
      lines: [...one.lines],
      decision: decide(`manual.${at}`, { choice: 'left to you', why: one.why, from: publishing.from }),
    })),
    ci: { enabled: false },
    publish: {
      ...(publishing.registry === undefined ? {} : { registry: publishing.registry }),
      steps: stepsOf(publishing, facts.commands, manager),
      decision: decide('publish', {
        choice: publishing.registry ?? 'the public registry',
        why: 'a library is published, not deployed',
        from: publishing.from,
      }),
    },
    ...(summary ? { specification: summary } : {}),
    compose,
    decisions: decisions(),
    questions: [],
  };
}

type Publishing = NonNullable<PlanInput['facts']['publishing']>;
type Manager = NonNullable<NonNullable<Awaited<ReturnType<typeof loadStacks>>>['manager']>;

/** The steps in order, as people type them. */
function stepsOf(publishing: Publishing, commands: PlanInput['facts']['commands'], manager: Manager): string[] {
  const { name, registry } = publishing;
  const scoped = name.startsWith('@');
  const { look, login, send } = manager.publish({ access: scoped && !registry ? 'public' : undefined, registry });
  const line = (argv: readonly string[]) => argv.join(' ');
  return [
    ...(publishing.private ? ['take `"private": true` out of package.json: it forbids publishing'] : []),
    ...(commands.test ? [`${line(commands.test.value.argv)}  (the tests)`] : []),
    ...(commands.build ? [`${line(commands.build.value.argv)}  (the build)`] : []),
    `${line(look)}  (look at what goes in)`,
    'npm version patch  (or minor, major: the version, a commit and a tag)',
    `${line(login)}  (once${registry ? `; in CI a token in NODE_AUTH_TOKEN, which .npmrc names as \${NODE_AUTH_TOKEN}` : ''})`,
    `${line(send)}${registry ? '' : '  (in GitHub Actions with --provenance and `permissions: id-token: write`)'}`,
    'git push --follow-tags',
  ];
}
