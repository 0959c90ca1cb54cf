import { posix } from 'node:path';
import { lt } from 'semver';
import { environmentRead, sourceString } from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { knownValue } from '../../../model/known.ts';
import { leastOf } from '../../../model/range.ts';
import type { CheckCode, HealthModule } from '../../../model/recipe.ts';
import { isAtLeast } from '../../../model/version-line.ts';
import { visibleJson } from '../../../model/visible.ts';
import type { HealthRoute } from '../../../stacks/contract.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { type HealthStyle, healthText } from './health-text.ts';
import type { Stacks } from './stacks.ts';

/** The first types of Node.js that know all that a health module uses: `fetch` (nodejs.org, v18). */
const leastTypes = 18;

/** The first TypeScript that checks the module: with the types of older ones it was not tried. */
const leastCompiler = '4.9.0';

/** Why the compiler of an app would refuse a health module that runs well: its types are those of an older Node.js, or it is old itself. */
function unchecked(facts: Facts): string | undefined {
  const least = (name: string) => leastOf(facts.dependencies.find((dependency) => dependency.name === name)?.range);
  const types = least('@types/node');
  if (types && types.major < leastTypes)
    return `the project has types of Node.js ${types.major}, which are older than the APIs used here`;
  const compiler = least('typescript');
  return compiler && lt(compiler, leastCompiler)
    ? `the types of TypeScript ${compiler.major}.${compiler.minor} are older than the APIs used here`
    : undefined;
}

/** Comments by which a linter leaves a whole file alone, by its package (https://eslint.org/docs/latest/use/configure/rules, https://biomejs.dev/analyzer/suppressions). */
const linters: Readonly<Record<string, string>> = {
  eslint: '/* eslint-disable */',
  '@biomejs/biome': '// biome-ignore-all lint: it is generated',
  tslint: '/* tslint:disable */',
};

/** Those of the linters that the project has. */
const notLinted = ({ dependencies }: Facts): readonly string[] =>
  Object.entries(linters).flatMap(([name, text]) =>
    dependencies.some((dependency) => dependency.name === name) ? [text] : [],
  );

/** A module in the language of the file that it stands beside. */
const endingOf = (file: string): string => (/\.[cm]?tsx?$/.test(file) ? '.ts' : (/\.[cm]js$/.exec(file)?.[0] ?? '.js'));

/** What a module of JavaScript is: by its ending, else by the project. */
const languageOf = (facts: Facts, path: string): HealthStyle['language'] => {
  if (path.endsWith('.ts')) return 'typescript';
  if (path.endsWith('.mjs')) return 'module';
  return path.endsWith('.cjs') || detailsOf(facts).moduleType === 'commonjs' ? 'commonjs' : 'module';
};

/** Names of the health module: the first that no module of the project has. */
const names = ['health', 'health-routes', 'health-checks'] as const;

/** What a module of that name could be, for an import that leaves its ending open. */
const endings = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '/index.ts', '/index.js'];

/** Where the health module stands: beside the file that makes the server object. */
function healthPath(facts: Facts, isTaken: (file: string) => boolean): string {
  const { stem, ending } = healthPlace(facts);
  const free = names.find((name) => !endings.some((each) => isTaken(`${stem(name)}${each}`))) ?? names[0];
  return `${stem(free)}${ending}`;
}

function healthPlace(facts: Facts): { readonly stem: (name: string) => string; readonly ending: string } {
  const beside = facts.appFile?.value ?? knownValue(facts.entry) ?? 'index.ts';
  const top = posix.dirname(beside).split('/')[0] ?? '.';
  return { stem: (name) => posix.join(top === '.' ? '' : top, name), ending: endingOf(beside) };
}

/** The module that a server of the author imports beside what a framework builds: no build takes it in. */
export function healthBesideServer(facts: Facts): readonly string[] {
  if (detailsOf(facts).fullStack?.value.server === undefined) return [];
  const { stem, ending } = healthPlace(facts);
  const all = names.map((name) => `${stem(name)}${ending}`);
  return facts.sources.filter((source) => all.includes(source));
}

/**
 * The health module, and how it is wired into the file that makes the server object; undefined where that was not found, or the runtime is older
 * than what the module uses.
 */
export function healthModule(
  facts: Facts,
  { framework, runtime }: Pick<Stacks, 'framework' | 'runtime'>,
  isTaken: (file: string) => boolean = () => false,
): HealthModule | undefined {
  const route = detailsOf(facts).fullStack?.value.health;
  if (route) return isTaken(route.path) ? undefined : routeModule(facts, route);
  const file = facts.appFile?.value;
  // what answers lies in another package, which serves others too
  if (!framework || file === undefined || file.startsWith('../')) return undefined;
  if (!isAtLeast(runtime.webFrom ?? 0, knownValue(facts.runtime)?.version)) return undefined;
  const path = healthPath(facts, isTaken);
  const style: HealthStyle = {
    language: languageOf(facts, path),
    noDefaults: detailsOf(facts).noDefaults !== undefined,
    unchecked: unchecked(facts),
    notLinted: notLinted(facts),
    routes: framework.healthRoutes,
  };
  return {
    path,
    print: (checks, decision) => healthText(style, checks, decision),
    wired: {
      file,
      wire: (text) =>
        framework.wire({ file, text, module: specifier(file, path), ending: detailsOf(facts).importEnding }),
    },
  };
}

/** What a file that answers by where it lies gives for each name. */
const answer = `/** \`live\` only checks the process; every other name checks the dependencies. */
async function answer(name: string | undefined): Promise<Response> {
  const json = (body: unknown, status: number) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    });
  if (name === 'live') return json({ status: 'ok' }, 200);
  const health = await checkHealth(name === 'health');
  return json(health, statusCode(health));
}`;

/** A file that answers by where it lies: it exports what its framework asks for, and nothing else. */
function routeModule(facts: Facts, { path, imports, code, paths }: HealthRoute): HealthModule {
  const hasTypes = facts.dependencies.some(({ name }) => name === '@types/node');
  const style: HealthStyle = {
    // frameworks that tell routes by their places compile modules of either ending
    language: path.endsWith('.ts') ? 'typescript' : 'module',
    noDefaults: false,
    unchecked: unchecked(facts) ?? (hasTypes ? undefined : 'the types of Node.js are not installed'),
    notLinted: notLinted(facts),
    routes: { imports, code: `${answer}\n\n${code}` },
    alone: true,
  };
  return {
    path,
    print: (checks, decision) => healthText(style, checks, decision),
    paths,
  };
}

/** How `file` imports `module`, without an extension: the framework's wiring follows the file's own style. */
function specifier(file: string, module: string): string {
  const path = posix.relative(posix.dirname(file), module);
  // it stands in a string of the source
  return visibleJson(path.startsWith('.') ? path : `./${path}`);
}

/** Any answer of an external API shows that it is reached: its own errors are not ours to judge. */
export function externalCheck(variable: string, fallback: string | undefined): CheckCode {
  const address = fallback ? ` ?? ${sourceString(fallback)}` : '';
  return {
    imports: [],
    setup: '',
    body: `const url = ${environmentRead(variable)}${address};\nif (!url) throw new Error(${sourceString(`${variable} is not set`)});\nawait fetch(url, { method: 'HEAD', redirect: 'manual', signal });`,
  };
}
