import { UserError } from '../../../model/errors.ts';
import type { Facts } from '../../../model/facts.ts';
import type { Publication } from '../../../model/recipe.ts';
import type { Manager } from '../../../stacks/contract.ts';
import { loadPackageKind, packageKinds } from '../../../stacks/packages/registry.gen.ts';

/** What the package of a library lacks, and the steps that publish it; throws a UserError without a package.json with a name. */
export async function publicationOf(
  facts: Facts,
  manager: Manager | undefined,
  read: (file: string) => string | undefined,
): Promise<Publication> {
  const { publishing } = facts;
  const kind = await loadPackageKind(packageKinds[0]?.name ?? '');
  if (!publishing || !manager || !kind) {
    throw new UserError({
      code: 'library-unknown',
      message: 'This is a library without a name in package.json, so it cannot be published',
      next: ['Add "name" and "version" to its package.json'],
    });
  }
  const completed = kind.complete({
    read,
    has: (file) => read(file) !== undefined,
    build: publishing.build,
  });
  return { ...completed, steps: stepsOf(publishing, facts.commands, manager) };
}

/** The steps in order, as people type them. */
function stepsOf(
  publishing: NonNullable<Facts['publishing']>,
  commands: Facts['commands'],
  manager: Manager,
): string[] {
  const { name, registry } = publishing;
  const scoped = name.startsWith('@');
  const { look, login, send } = manager.publish({ access: scoped && !registry ? 'public' : undefined, registry });
  const line = (argv: readonly string[]) => argv.join(' ');
  return [
    ...(publishing.private ? ['remove `"private": true` from package.json: it prevents publishing'] : []),
    ...(commands.test ? [`${line(commands.test.value.argv)}  (the tests)`] : []),
    ...(commands.build ? [`${line(commands.build.value.argv)}  (the build)`] : []),
    `${line(look)}  (review the contents)`,
    'npm version patch  (or minor, major: the version, a commit and a tag)',
    `${line(login)}  (once${registry ? `; in CI a token in NODE_AUTH_TOKEN, which .npmrc names as \${NODE_AUTH_TOKEN}` : ''})`,
    `${line(send)}${registry ? '' : '  (in GitHub Actions with --provenance and `permissions: id-token: write`)'}`,
    'git push --follow-tags',
  ];
}
