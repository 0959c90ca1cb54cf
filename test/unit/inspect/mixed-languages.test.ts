import { describe, expect, it } from 'vitest';
import { inspect } from '../../../src/inspect/inspect.ts';
import { memoryProject } from '../../../src/project/memory.ts';

const goServer = 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n';
const goTool = 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println("x")\n}\n';
const mod = 'module example.com/shop\n\ngo 1.27\n';
const nodeServer = "require('node:http').createServer((q, r) => r.end('x')).listen(3000);\n";
const node = JSON.stringify({ name: 'web', scripts: { start: 'node server.js' } });
const tools = JSON.stringify({ devDependencies: { prettier: '^3.0.0' }, scripts: { format: 'prettier --write .' } });

/** The applications of these files: folder and language of each. */
async function applications(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { apps } = await inspect(memoryProject(files));
  return apps.map(({ root, details }) => `${root} ${details.language}`).sort();
}

describe('a repository with manifests of several languages', () => {
  it.each([
    ['a formatter beside a server in Go', { 'package.json': tools, 'go.mod': mod, 'main.go': goServer }, ['. go']],
    [
      'a formatter beside programs in Go',
      { 'package.json': tools, 'go.mod': mod, 'cmd/api/main.go': goServer, 'cmd/work/main.go': goServer },
      ['cmd/api go', 'cmd/work go'],
    ],
    [
      'a tool in Go beside a server in JavaScript',
      { 'package.json': node, 'server.js': nodeServer, 'tools/go.mod': mod, 'tools/main.go': goTool },
      ['. javascript'],
    ],
    [
      'both in one folder, where most of the sources are in JavaScript',
      { 'package.json': node, 'server.js': nodeServer, 'more.js': '', 'go.mod': mod, 'main.go': goServer },
      ['. javascript'],
    ],
    [
      'documents in Python beside a server in JavaScript',
      {
        'package.json': node,
        'server.js': nodeServer,
        'requirements.txt': 'mkdocs==1.6.0\n',
        'docs/hooks.py': 'x = 1\n',
      },
      ['. javascript'],
    ],
    [
      'a linter of Python beside a server in JavaScript',
      { 'package.json': node, 'server.js': nodeServer, 'pyproject.toml': '[tool.ruff]\nline-length = 100\n' },
      ['. javascript'],
    ],
  ])('has one application in a folder: %s', async (_what, files, expected) => {
    expect(await applications(files)).toEqual(expected);
  });

  it.each([
    [
      'a server in Go and pages beside it',
      { 'api/go.mod': mod, 'api/main.go': goServer, 'web/package.json': node, 'web/server.js': nodeServer },
      ['api go', 'web javascript'],
    ],
    [
      'a server in Python and pages beside it',
      {
        'backend/requirements.txt': 'fastapi==0.120.0\nuvicorn==0.38.0\n',
        'backend/main.py': 'from fastapi import FastAPI\n\napp = FastAPI()\n',
        'web/package.json': node,
        'web/server.js': nodeServer,
      },
      ['backend python', 'web javascript'],
    ],
  ])('has several where each lies in its own: %s', async (_what, files, expected) => {
    expect(await applications(files)).toEqual(expected);
  });

  it('names the one that is not deployed', async () => {
    const files = { 'package.json': node, 'server.js': nodeServer, 'more.js': '', 'go.mod': mod, 'main.go': goServer };
    const { apps } = await inspect(memoryProject(files));
    expect(apps[0]?.notes).toContainEqual(expect.objectContaining({ code: 'other-language' }));
    const { apps: alone } = await inspect(memoryProject({ 'package.json': tools, 'go.mod': mod, 'main.go': goServer }));
    expect(alone[0]?.notes.map(({ code }) => code)).not.toContain('other-language');
  });
});
