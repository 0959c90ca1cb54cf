import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadContext } from '../../../src/flows/context.ts';

const compose = (more: string) =>
  `services:\n  api:\n    build: .\n    ports: ["9000:9000"]\n${more}\nvolumes: { storage: }\n`;
const go = {
  'go.mod': 'module example.com/shop\n\ngo 1.27\n',
  'main.go':
    'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tos.Getenv("THEME")\n\thttp.ListenAndServe(":9000", nil)\n}\n',
  Dockerfile:
    'FROM golang:1.27 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nFROM debian:trixie-slim\nRUN apt-get update && apt-get install -y graphviz\nCOPY --from=build /app /app\nCMD ["/app"]\n',
  'docker-compose.yml': compose(
    '    environment: { GIN_MODE: release, THEME: dark, PORT: "9000" }\n    volumes: ["storage:/storage"]\n    shm_size: 64m\n    cap_add: [NET_RAW]',
  ),
};
const python = {
  'requirements.txt': 'flask\ngunicorn\n',
  'app.py': 'from flask import Flask\napp = Flask(__name__)\n',
  Dockerfile:
    'FROM python:3.13-slim\nENV PYTHONUNBUFFERED=1 LOCALE=de\nWORKDIR /app\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["gunicorn", "app:app"]\n',
  'docker-compose.yml': compose('    environment: { REPORTS: "1" }\n    volumes: ["storage:/data"]'),
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'dockwright-lost-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function facts(files: Readonly<Record<string, string>>, set: Readonly<Record<string, string>>) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return (await loadContext({ cwd: root, set })).facts;
}

const leftOut = async (...of: Parameters<typeof facts>) => ((await facts(...of)).leftOut ?? []).map(({ what }) => what);

describe('what replaced Docker files say, of a language that does not carry it over', () => {
  it.each([
    ['Go', go, ['variable GIN_MODE', 'variable THEME', 'volume at /storage', 'package graphviz', 'cap_add of api']],
    ['Python', python, ['variable LOCALE', 'variable REPORTS', 'volume at /data']],
  ])('is listed: %s', async (_, files, expected) => {
    const found = (await leftOut(files, { existing: 'replace' })).join('\n');
    for (const what of expected) expect(found).toContain(what);
    expect(found).not.toMatch(/variable PORT|PYTHONUNBUFFERED/);
  });

  it('is carried over where it is a key of the service', async () => {
    const { carried } = await facts(go, { existing: 'replace' });
    expect(carried).toMatchObject([{ key: 'shm_size', value: '64m' }]);
    expect((await leftOut(go, { existing: 'replace' })).join()).not.toContain('shm_size');
  });

  it('is not where they are kept', async () => {
    expect((await leftOut(go, {})).join()).not.toContain('GIN_MODE');
  });
});
