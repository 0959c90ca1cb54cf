import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { patternsOnText, textReaders } from '../../support/patterns.ts';

const source = join(fileURLToPath(import.meta.url), '../../../../src');
const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.gen.ts'))
  .sort()
  .map((file) => ({ file, code: readFileSync(join(source, file), 'utf8') }));

/** Rooms that know what projects say: there, source files are read by `readSource` and `readPage` of project/source.ts, and by nothing else. */
const rooms = /^(languages|stacks|services|hints|inspect)\//;

/** What is read as text all the same, which is no source file; a new line here says which file it is. */
const data: Readonly<Record<string, string>> = {
  'inspect/ci.ts': 'workflows of a build server, which are YAML',
  'inspect/credentials.ts': 'settings of package managers, manifests and lockfiles: lines with a login',
  'inspect/env-example.ts': '.env.example and its kin',
  'languages/go/index.ts': 'go.mod, go.sum',
  'languages/go/private.ts': 'workflows, Dockerfiles, Makefiles and go.env: what GOPRIVATE is',
  'languages/javascript/behavior/site.ts':
    'components (.vue, .svelte, .astro, .mdx), for whose languages there is no parser: names for build arguments',
  'languages/javascript/manifest/publishing.ts': '.npmrc',
  'languages/javascript/manifest/registry-tokens.ts': '.npmrc, bunfig.toml, .yarnrc.yml',
  'languages/javascript/modules/declared-database.ts': 'schema.prisma',
  'languages/javascript/modules/key-files.ts': 'keys: whether one is private',
  'languages/python/logins.ts': 'workflows, Dockerfiles and Makefiles: whether a variable is named there',
  'stacks/migrators/prisma.ts': 'schema.prisma',
  'stacks/managers/bun.ts': 'bun.lock: whether it is empty',
  'stacks/managers/pnpm.ts': 'pnpm-lock.yaml, pnpm-workspace.yaml',
  'stacks/managers/yarn.ts': 'yarn.lock, .yarnrc.yml',
  'stacks/support/angular.ts': 'the page of a site, for the hosts of fonts',
  'stacks/support/engine-constraints.ts': '.npmrc, pnpm-lock.yaml',
  'stacks/support/node-version.ts': 'lockfiles: their form',
  'stacks/support/requirements.ts': 'requirements.txt and its kind',
  'stacks/support/versions.ts': '.nvmrc, .node-version, .bun-version, .tool-versions',
};

/** What is read as text and handed to a parser, by the functions that take a text instead of a project. */
const handedOn: Readonly<Record<string, string>> = {
  'inspect/existing/text.ts': 'Docker files, workflows and scripts, for the parsers of Dockerfiles, YAML and shell',
  'inspect/hints.ts': 'files of other platforms, for the parsers of TOML, YAML and JSON, and for hints/procfile.ts',
  'languages/go/migrating.ts': 'migrations in SQL: whether a line is the mark of a tool, which no other file has',
  'languages/go/modules.ts': 'go.mod and go.work, for parseGoMod',
  'languages/go/settings.ts': 'files of variables, for readEnv',
  'languages/javascript/applications.ts': 'the author’s Dockerfile, for parseDockerfile',
  'languages/javascript/behavior/migrations.ts': 'schema.prisma, for stacks/migrators/prisma.ts',
  'languages/javascript/environment/mode-files.ts': 'committed files of variables, for formats/env/files.ts',
  'languages/javascript/image-command.ts': 'shell scripts that the image starts the app by, for the parser of shell',
  'languages/javascript/manifest/emitted-path.ts': 'nest-cli.json, for stacks/runtimes/node.ts',
  'languages/javascript/manifest/global-packages.ts': 'the author’s Dockerfiles, for parseDockerfile',
  'languages/javascript/manifest/install-flags.ts': 'the author’s Dockerfile, for parseDockerfile',
  'languages/javascript/recipe/offers.ts': 'files of settings that an edit is offered of, for parseSource',
  'languages/javascript/recipe/publication.ts': 'package.json and tsconfig.json, for stacks/packages/node-package.ts',
  'languages/javascript/scripts/commands.ts': 'the file that tells pm2 what to start, for stacks/runtimes/node.ts',
  'languages/javascript/scripts/extra-processes.ts':
    'the file that tells pm2 what to start, for stacks/runtimes/node.ts',
  'languages/javascript/modules/served-pages.ts': 'bunfig.toml, for the runtime, which parses it',
  'languages/javascript/scripts/shell-script.ts':
    'shell scripts that the code or a script starts, for the parser of shell',
  'stacks/packages/node-package.ts': 'package.json and tsconfig.json, for parseJson and editJson',
  'stacks/runtimes/bun.ts': 'bunfig.toml, for parseToml; files of variables that a command names',
  'stacks/runtimes/node.ts': 'the file that tells pm2 what to start, for parseSource; nest-cli.json, for parseJson',
  'stacks/runtimes/golang.ts': 'go.mod, for parseGoMod; .go-version',
  'stacks/support/packages.ts': 'package.json, for parseJson',
};

describe('the text of a source file', () => {
  it('is read in one place, which gives its tree: everything else that is read as text is known', () => {
    const readers = modules.filter(({ file, code }) => rooms.test(file) && textReaders(file, code).length > 0);
    expect(readers.map(({ file }) => file)).toEqual([...Object.keys(data), ...Object.keys(handedOn)].sort());
  });

  it('meets no pattern, in any room', () => {
    // depth.ts counts brackets, so that the parser is never given what would end the process; the others read files that are no sources
    const apart = (file: string) =>
      file === 'formats/source/depth.ts' ||
      Object.hasOwn(data, file) ||
      !/^(languages|stacks|services|hints|inspect|plan|formats\/(source|html))\//.test(file);
    const found = modules
      .filter(({ file }) => !apart(file))
      .flatMap(({ file, code }) => patternsOnText(file, code).map((call) => `${file}: ${call}`));
    expect(found).toEqual([]);
  });

  it('is kept by a tree for edits alone: nothing of languages asks for it', () => {
    const asks = modules.filter(
      ({ file, code }) => !file.startsWith('formats/source/') && code.includes('.sourceText'),
    );
    expect(asks.map(({ file }) => file)).toEqual(['stacks/servers/bun-serve.ts', 'stacks/support/wiring.ts']);
  });

  it.each([
    "const text = project.read(file) ?? '';\nif (/listen/.test(text)) found();",
    'const lines = app.project.read(app.path(file))?.split(/\\n/);',
    'function f(file: string, text: string) { const source = parseSource(file, text); return text.slice(1, 2).match(pattern); }',
    'const wire = (input: WireInput) => parseSource(input.file, input.text) && refusing.test(input.text.slice(3));',
    'const bad = (source: Source, node: Node) => /port/.test(source.sourceText.slice(node.start, node.end));',
    'const bad = (source: Source, node: Node) => writtenAs(source, node).replace(/a/g, "");',
    "const body = read('a.js'); const head = body.slice(0, 10); const it = head.trim().search(/x/);",
  ])('is seen where a pattern meets it: %s', (code) => {
    expect(patternsOnText('a.ts', code)).toHaveLength(1);
  });

  it.each([
    'const name = stringValue(source, node); if (/^A/.test(name)) found();',
    'const text = project.read(file); parseSource(file, text); if (file.match(/x$/)) found();',
    "const lines = project.read(file)?.split('\\n');",
    'for (const one of source.imports) if (/^node:/.test(one.specifier)) found();',
    "manager.exec(['tsc']);",
  ])('is not seen where it meets none: %s', (code) => {
    expect(patternsOnText('a.ts', code)).toEqual([]);
  });
});
