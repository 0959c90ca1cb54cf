import { describe, expect, it } from 'vitest';
import { factsOf } from '../../../support/facts.ts';
import { generatedFor } from '../../../support/texts.ts';

type Files = Readonly<Record<string, string>>;

const service = (more: Files): Files => ({
  'go.mod': 'module github.com/acme/orders\n\ngo 1.26\n\nrequire github.com/acme/kit v1.2.0\n',
  'go.sum': 'github.com/acme/kit v1.2.0 h1:x=\n',
  'main.go':
    'package main\n\nimport (\n\t"net/http"\n\n\t_ "github.com/acme/kit"\n)\n\nfunc main() {\n\thttp.ListenAndServe(":8080", nil)\n}\n',
  ...more,
});

const workflow = (value: string) =>
  `on: push\njobs:\n  test:\n    runs-on: x\n    env:\n      GOPRIVATE: ${value}\n    steps: []\n`;

describe('private modules', () => {
  it.each<[string, Files]>([
    ['a workflow', { '.github/workflows/ci.yml': workflow("'github.com/acme/*'") }],
    ['go.env', { 'go.env': 'GOFLAGS=-mod=mod\nGOPRIVATE=github.com/acme/*\n' }],
    ['a Makefile', { Makefile: 'export GOPRIVATE = github.com/acme/*\n\nbuild:\n\tgo build\n' }],
    ['.envrc', { '.envrc': 'export GOPRIVATE="github.com/acme/*"\n' }],
  ])('are fetched with a login for that instruction alone: %s', async (_, more) => {
    const facts = await factsOf(service(more));
    expect(facts.tokens).toMatchObject([{ variable: 'NETRC_CONTENT' }]);
    const text = await generatedFor(service(more), facts);
    const lines = text('Dockerfile')
      .replace(/\\\n\s*/g, '')
      .split('\n')
      .filter((line) => line.includes('NETRC_CONTENT'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      /^RUN --mount=type=secret,id=NETRC_CONTENT,target=\/root\/\.netrc .*GOPRIVATE='?github\.com\/acme\/\*'?.*go mod download$/,
    );
    expect(text('.env.example')).toContain('machine github.com login USER password TOKEN');
    expect(text('docker-compose.yml')).toContain('environment: NETRC_CONTENT');
  });

  it.each<[string, Files]>([
    ['nothing says so', {}],
    ['none of those that are named is needed', { '.github/workflows/ci.yml': workflow('git.example.com/*') }],
    ['a variable stands there', { '.github/workflows/ci.yml': workflow('${{ vars.PRIVATE }}') }],
    ['a comment says it', { Makefile: '# GOPRIVATE=github.com/acme/*\n' }],
  ])('are none where %s', async (_, more) => {
    expect((await factsOf(service(more))).tokens).toEqual([]);
  });
});
