/** Every kind of `npm run new`: where its file stands, what it begins with, and the fixture that shows it. */

/** One kind. NAME in a path is the name that was given. */
export type Kind = {
  readonly kind: string;
  readonly title: string;
  /** the source file */
  readonly file: string;
  /** what of docs/reference is made for each */
  readonly page: string;
  /** the fixture, with the text that it begins with */
  readonly fixture: string;
  readonly begun: string;
  /** what makes the fixture whole */
  readonly next: string;
  /** the contract, and its types that the file fills in */
  readonly contract: string;
  readonly types: readonly string[];
};

const project = '{ "files": {}, "gives": {} }\n';
const fill = '"files": a small project that uses it; "gives": strings that generated files must contain, by path';

const stack = (kind: string, title: string, type: string, folder = `${kind}s`): Kind => ({
  kind,
  title,
  file: `src/stacks/${folder}/NAME.ts`,
  page: `docs/reference/stacks/${folder}/NAME.md`,
  fixture: `fixtures/stacks/${folder}/NAME.json`,
  begun: project,
  next: fill,
  contract: 'src/stacks/contract.ts',
  types: [type],
});

export const kinds: readonly Kind[] = [
  {
    kind: 'language',
    title: 'a programming language: how its applications are found and read',
    file: 'src/languages/NAME/index.ts',
    page: 'docs/reference/languages.md',
    fixture: 'fixtures/languages/NAME.json',
    begun: project,
    next: fill,
    contract: 'src/languages/contract.ts',
    types: ['LanguageDetection', 'Language'],
  },
  stack('runtime', 'a runtime for applications: its versions, images and probes', 'Runtime'),
  stack('manager', 'a package manager: its lockfile and commands', 'Manager'),
  stack('builder', 'a compiler or bundler for the source', 'Builder'),
  {
    ...stack('server', 'an HTTP framework: its routes, its port, its health routes', 'Framework'),
    fixture: 'fixtures/wiring/NAME-variable/app.ts',
    begun: "import make from 'NAME';\n\nconst app = make();\napp.listen(3000);\n",
    next: 'beside it expected.ts (the file after the edit), or refused.txt (why it is refused)',
  },
  stack(
    'full-stack',
    'a framework that builds pages and their server: its output, start command and variables',
    'FullStack',
    'fullstack',
  ),
  stack('site', 'a tool that builds a folder of static files for a web server', 'Site'),
  stack('migrator', 'a tool that migrates the database before the application starts', 'Migrator'),
  stack('package', 'a kind of library to publish: what its manifest needs', 'PackageKind'),
  {
    kind: 'service',
    title: 'a backing service: how it is recognized, its container, its connection, its health check',
    file: 'src/services/NAME.ts',
    page: 'docs/reference/services/NAME.md',
    fixture: 'fixtures/services/NAME.json',
    begun: '{ "files": {}, "compose": [] }\n',
    next: '"files": a small project that uses it; "compose": texts that its compose file must have',
    contract: 'src/services/contract.ts',
    types: ['ServiceDetection', 'BackingService'],
  },
  {
    kind: 'hint',
    title: 'a file of another platform, used as evidence about an application',
    file: 'src/hints/NAME.ts',
    page: 'docs/reference/hints.md',
    fixture: 'fixtures/hints/NAME.json',
    begun: project,
    next: '"files": a small project that has such a file; "gives": texts that generated files must have because of it, by path',
    contract: 'src/hints/contract.ts',
    types: ['HintDetection', 'PlatformFile'],
  },
  {
    kind: 'artifact',
    title: 'a kind of generated file, printed from the plan',
    file: 'src/artifacts/NAME.ts',
    page: 'docs/reference/artifacts.md',
    fixture: 'fixtures/artifacts/NAME.json',
    begun: project,
    next: fill,
    contract: 'src/artifacts/contract.ts',
    types: ['ArtifactPrinter'],
  },
  {
    kind: 'rule',
    title: 'a lint rule for existing Docker files: the problem, why it matters, and the fix',
    file: 'src/lint/rules/NAME.ts',
    page: 'docs/reference/rules.md',
    fixture: 'fixtures/rules/NAME.md',
    begun: '# Say what it finds\n\nSay why it matters, and what it does not judge.\n',
    next: 'below "## ❌ TITLE" and "## ✅ TITLE" blocks with a path, such as ```dockerfile Dockerfile: the first are reported by it alone, the others by no rule',
    contract: 'src/lint/contract.ts',
    types: ['Rule'],
  },
];
