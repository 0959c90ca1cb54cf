import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/formats/dockerfile/index.ts';
import { expressionsOf, loadPython, parsePython, statementsOf } from '../../../src/formats/python/index.ts';
import { parseLine, shellFor } from '../../../src/formats/shell/commands.ts';
import { nodesOf, parseSource } from '../../../src/formats/source/index.ts';
import { parseYaml } from '../../../src/formats/yaml/parse.ts';
import { attempt, type Files } from './attempt.ts';
import { sound, specification } from './support.ts';

/** Names and texts that try to end what they stand in, in one of the languages that are generated. */
const tokens = [
  "PAY'];process.exit();//_API_URL",
  "PO'RT",
  'PO"RT',
  'A\\',
  "A\\'",
  'A\nRUN id',
  'A\u2028B',
  'A`${B}`',
  '${A:-x}',
  '$(id)',
  '`id`',
  '; id;',
  'x; return 200; }',
  '}\nlocation /y {',
  "');import os;os.system('id')#",
  'A*/B',
  '</script>',
  ': {a: b}',
  '\n- x',
  '\nEVIL=1',
  '${{ github.token }}',
  ' # x',
];
const texts = fc.array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));

const workflow = JSON.stringify({ ci: { provider: 'github' } });
const string = (text: string): string => JSON.stringify(text);
const told = (text: string): Files => ({
  'dockwright.json': workflow,
  'specs/assertions.json': specification([
    { id: `A${text}`, natural: `Orders are kept in PostgreSQL ${text}`, status: 'confirmed' },
  ]),
  '.env.example': `# ${text.replace(/[\r\n\u2028]/g, '')}\nGREETING=${string(text)}\n`,
});

/** A project of each kind that is deployed, with a text wherever one of its own may stand: names of variables, defaults, routes, descriptions. */
const kinds: Readonly<Record<string, (text: string) => Files>> = {
  'a service in JavaScript': (text) => ({
    ...sound,
    ...told(text),
    'package.json': JSON.stringify({ ...JSON.parse(sound['package.json'] ?? ''), description: text, author: text }),
    'src/index.js': `import express from 'express';
const app = express();
const level = process.env.GREETING ?? ${string(text)};
app.get(${string(`/${text}`)}, async (q, r) => r.send(await fetch(process.env[${string(`${text}_API_URL`)}] + ${string(text)})));
app.listen(process.env[${string(text)}] || 3000);
`,
  }),
  'a service in Python': (text) => ({
    ...told(text),
    'requirements.txt': 'flask==3.1.0\n',
    'app.py': `import os
from flask import Flask
app = Flask(__name__)
level = os.environ.get("GREETING", ${string(text)})
@app.get(${string(`/${text}`)})
def index():
    return level
if __name__ == "__main__":
    app.run(port=int(os.environ.get(${string(text)}, "5000")))
`,
  }),
  'a service in Go': (text) => ({
    ...told(text),
    'go.mod': 'module example.com/shop\n\ngo 1.24\n',
    'main.go': `package main

import (
	"net/http"
	"os"
)

func main() {
	port := os.Getenv(${string(text)})
	if port == "" {
		port = "8080"
	}
	http.HandleFunc(${string(`/${text}`)}, func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(os.Getenv("GREETING"))) })
	http.ListenAndServe(":"+port, nil)
}
`,
  }),
  'a site': (text) => ({
    ...told(text),
    'package.json': JSON.stringify({
      name: 'shop',
      description: text,
      scripts: { build: 'vite build', dev: 'vite' },
      devDependencies: { vite: '8.0.0' },
    }),
    'dockwright.json': JSON.stringify({ archetype: 'web-app', ci: { provider: 'github' } }),
    'vite.config.js': `export default { base: ${string(`/${text}/`)}, build: { assetsDir: ${string(text)} }, server: { proxy: { ${string(`/${text}`)}: ${string(`http://api/${text}`)} } } };\n`,
    'index.html': '<script type="module" src="/src/main.js"></script>',
    'src/main.js': `console.log(import.meta.env.VITE_TITLE ?? ${string(text)}, import.meta.env[${string(`VITE_${text}`)}]);\n`,
  }),
  'a job': (text) => ({
    ...sound,
    ...told(text),
    'src/index.js': `console.log(process.env.GREETING ?? ${string(text)}, process.env[${string(text)}]);\n`,
    'dockwright.json': JSON.stringify({
      archetype: 'data-pipeline',
      schedule: '0 2 * * *',
      ci: { provider: 'github' },
      variables: { GREETING: { purpose: text, default: text } },
    }),
  }),
};

const codeOf = (file: string, text: string): readonly string[] => {
  const { problems, program } = parseSource(file, text);
  expect(problems, text).toEqual([]);
  return [
    ...nodesOf(program, 'Identifier').map(({ name }) => name),
    ...nodesOf(program, 'CallExpression', 'ExpressionStatement', 'ImportDeclaration').map(({ type }) => type),
  ];
};

const pythonOf = (text: string): readonly string[] => {
  const { body } = parsePython('a.py', text);
  return [...statementsOf(body).map(({ kind }) => kind), ...expressionsOf(body).map(({ kind }) => kind)];
};

const shellOf = (text: string): readonly string[] => {
  const { commands, inside = [] } = parseLine(text);
  return [...commands, ...inside].map(({ argv }) => (/^[\w./-]+$/.test(argv[0] ?? '') ? (argv[0] ?? '') : 'other'));
};

/** What a command runs, by the program that reads it. */
function commandOf(argv: readonly string[]): readonly string[] {
  const at = argv.findIndex((word) => word === '-c' || word === '-e');
  const [program = ''] = argv;
  const script = argv[at + 1];
  if (at === -1 || script === undefined) return [program];
  if (/python/.test(program)) return [program, ...pythonOf(script)];
  return [program, ...(/sh$/.test(program) ? shellOf(script) : codeOf('a.js', script))];
}

function dockerfileOf(text: string): readonly string[] {
  const { instructions, problems } = parseDockerfile(text);
  expect(problems).toEqual([]);
  return instructions.flatMap(({ keyword, raw }) => {
    const line = raw.replace(/\\\n\s*/g, '');
    const argv = /^[^[]*CMD (\[.*\])$|^RUN (\[.*\])$/.exec(line);
    return [keyword, ...(argv ? commandOf(JSON.parse(argv[1] ?? argv[2] ?? '[]')) : [])];
  });
}

function yamlOf(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    const isProbe = /healthcheck\.test$/.test(path);
    return isProbe ? commandOf(value.slice(1)) : value.flatMap((one) => yamlOf(one, `${path}[]`));
  }
  if (typeof value === 'string' && /\.run$/.test(path)) return shellOf(value);
  if (typeof value === 'string') return [...value.matchAll(/(?<!\$)\$\{\{?\s*[\w.]*/g)].map(([one]) => one);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [`${path}.${key}`, ...yamlOf(one, `${path}.${key}`)]);
}

/** The directives of a configuration of nginx, without comments and what stands in quotes. */
const nginxOf = (text: string): readonly string[] =>
  text
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, 'text')
    .replace(/^\s*#.*$/gm, '')
    .split(/[;{}]/)
    .map((one) => one.trim().split(/\s/)[0] ?? '');

/** What a generated file consists of, apart from its texts; undefined: nothing reads it as more than lines. */
function partsOf(path: string, text: string): readonly string[] | undefined {
  if (/Dockerfile$/.test(path)) return dockerfileOf(text);
  if (/\.ya?ml$/.test(path)) return yamlOf(parseYaml(text, path).value);
  if (/nginx.*\.conf$/.test(path)) return nginxOf(text);
  if (/\.[cm]?[jt]s$/.test(path)) return codeOf(path, text);
  if (/\.sh$/.test(path)) return shellOf(text);
  if (path === '.env.example') return text.split('\n').flatMap((line) => /^#?(\w+)=/.exec(line)?.[1] ?? []);
  return undefined;
}

const filesOf = async (files: Files) => {
  const { files: made } = await attempt(files);
  return Object.entries(made).filter(([path]) => !path.startsWith('.dockwright/'));
};

/** What is in the first list and not as often in the second. */
function added(parts: readonly string[], plain: readonly string[]): readonly string[] {
  const left = [...plain];
  return parts.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

beforeAll(async () => {
  await loadPython();
  await shellFor(['a && b']);
});

/** Each token, and some of two. */
const runs = tokens.length + 10;

/** Every kind of generated file that is more than lines, each generated by one of the projects. */
const seen = new Set<string>();

describe.each(Object.entries(kinds))('hostile names and literals of %s', (_, filesFor) => {
  it('add nothing to any generated file', { timeout: 300_000 }, async () => {
    const plain = new Map(await filesOf(filesFor('PLAIN')));
    expect(plain.size).toBeGreaterThan(3);
    let made = 0;
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const found = await filesOf(filesFor(text));
        made += found.length > 3 ? 1 : 0;
        for (const [path, content] of found) {
          const parts = partsOf(path, content);
          if (!parts) continue;
          seen.add(path);
          expect([path, added(parts, partsOf(path, plain.get(path) ?? '') ?? [])], text).toEqual([path, []]);
        }
      }),
      { numRuns: runs, seed: 20_261_130, examples: tokens.map((token): [string] => [token]) },
    );
    // a project that is refused proves nothing
    expect(made).toBeGreaterThan(runs / 2);
  });
});

it('every kind of generated file was looked at', () => {
  for (const kind of ['Dockerfile', 'docker-compose.yml', 'docker-compose.prod.yml', 'nginx.conf', '.env.example'])
    expect([...seen]).toContain(kind);
  expect([...seen].some((path) => path.startsWith('.github/workflows/'))).toBe(true);
  expect([...seen].some((path) => /health\.[jt]s$/.test(path))).toBe(true);
});
