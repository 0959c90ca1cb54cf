import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../src/flows/build.ts';
import { generate, writeGeneration } from '../../src/flows/generate.ts';
import { UserError } from '../../src/model/errors.ts';
import { fill } from '../support/folder.ts';
import { turnOf } from '../support/share.ts';
import { docker, engine, standIns, withEngine } from './engine.ts';
import { forms, foundBelow } from './layers.ts';

type Files = Readonly<Record<string, string>>;

const python = 'python:3.13-slim-trixie';
const token = `canary-pip-${randomBytes(12).toString('hex')}`;

/** An index with one package, which answers nobody without the login: it makes its wheel itself, and prints the hash of that first. */
const server = `
import base64, hashlib, io, os, sys, zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
buffer = io.BytesIO()
with zipfile.ZipFile(buffer, 'w') as wheel:
    def add(name, text):
        wheel.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text)
    add('acme_probe.py', 'WORD = "probe"\\n')
    info = 'acme_probe-1.0.0.dist-info/'
    add(info + 'METADATA', 'Metadata-Version: 2.1\\nName: acme-probe\\nVersion: 1.0.0\\n')
    add(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    add(info + 'RECORD', 'acme_probe.py,,\\n' + ''.join(info + one + ',,\\n' for one in ('METADATA', 'WHEEL', 'RECORD')))
data = buffer.getvalue()
wanted = 'Basic ' + base64.b64encode(('bob:' + os.environ['TOKEN']).encode()).decode()
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.headers.get('authorization') != wanted:
            self.send_response(401)
            self.send_header('www-authenticate', 'Basic realm="acme"')
            self.end_headers()
            return
        file = 'acme_probe-1.0.0-py3-none-any.whl'
        body = data if self.path.endswith(file) else ('<a href="/files/' + file + '">' + file + '</a>').encode()
        self.send_response(200 if self.path.endswith(file) or self.path == '/simple/acme-probe/' else 404)
        self.send_header('content-type', 'application/zip' if body is data else 'text/html')
        self.end_headers()
        self.wfile.write(body)
    def do_HEAD(self):
        self.do_GET()
print(hashlib.sha256(data).hexdigest(), flush=True)
ThreadingHTTPServer(('', 8080), Handler).serve_forever()
`;

const main = {
  'main.py': 'import acme_probe\n\nif __name__ == "__main__":\n    print("the app says " + acme_probe.WORD)\n',
  'dockwright.json': '{"start":["python","main.py"]}\n',
};

type Index = { readonly host: string; readonly hash: string };

/** What a person would have: the files, and the variables of the shell. */
const managers: Readonly<Record<string, (index: Index) => { readonly files: Files; readonly shell: Files }>> = {
  uv: ({ host, hash }) => ({
    files: {
      ...main,
      'pyproject.toml': `[project]\nname = "mini"\nversion = "1.0.0"\nrequires-python = ">=3.13"\ndependencies = ["acme-probe"]\n\n[[tool.uv.index]]\nname = "acme"\nurl = "http://${host}:8080/simple"\nauthenticate = "always"\ndefault = true\n`,
      'uv.lock': `version = 1\nrevision = 2\nrequires-python = ">=3.13"\n\n[[package]]\nname = "acme-probe"\nversion = "1.0.0"\nsource = { registry = "http://${host}:8080/simple" }\nwheels = [\n    { url = "http://${host}:8080/files/acme_probe-1.0.0-py3-none-any.whl", hash = "sha256:${hash}" },\n]\n\n[[package]]\nname = "mini"\nversion = "1.0.0"\nsource = { virtual = "." }\ndependencies = [\n    { name = "acme-probe" },\n]\n\n[package.metadata]\nrequires-dist = [{ name = "acme-probe" }]\n`,
    },
    shell: { UV_INDEX_ACME_USERNAME: 'bob', UV_INDEX_ACME_PASSWORD: token },
  }),
  'pip, by a .netrc': ({ host }) => ({
    files: {
      ...main,
      'requirements.txt': `--index-url http://${host}:8080/simple\n--trusted-host ${host}\nacme-probe==1.0.0\n`,
      '.env.example': '# the login for the index\nNETRC_CONTENT=\n',
      '.python-version': '3.13\n',
    },
    shell: { NETRC_CONTENT: `machine ${host} login bob password ${token}` },
  }),
  'pip, by the variables of an address': ({ host }) => ({
    files: {
      ...main,
      'requirements.txt': `--index-url http://\${ACME_PYPI_USER}:\${ACME_PYPI_TOKEN}@${host}:8080/simple\n--trusted-host ${host}\nacme-probe==1.0.0\n`,
      '.python-version': '3.13\n',
    },
    shell: { ACME_PYPI_USER: 'bob', ACME_PYPI_TOKEN: token },
  }),
};

withEngine('private packages of Python', () => {
  let root = '';
  let id = '';
  let index: Index = { host: '', hash: '' };
  let named: readonly string[] = [];
  const tags: string[] = [];
  beforeAll(() => {
    named = standIns([python]);
    root = mkdtempSync(join(tmpdir(), 'dockwright-private-'));
    id = docker([
      'run',
      '--detach',
      '--rm',
      '--init',
      '--env',
      `TOKEN=${token}`,
      python,
      'python',
      '-c',
      server,
    ]).trim();
    const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const host = docker(['inspect', '--format', format, id]).trim();
    let hash = '';
    for (let left = 100; left > 0 && hash === ''; left -= 1) {
      hash = docker(['logs', id]).trim();
      if (hash === '') docker(['exec', id, 'sleep', '0.2']);
    }
    index = { host, hash };
  });
  afterAll(() => {
    if (id) docker(['rm', '--force', id]);
    for (const tag of [...tags, ...named]) docker(['image', 'rm', '--force', tag]);
    if (root) rmSync(root, { recursive: true });
  });

  describe.each(turnOf(Object.keys(managers), 3))('with %s', (name) => {
    it('end with the instruction that installs: no layer, history, attestation or cache export holds the login', async () => {
      const { files, shell } = managers[name]?.(index) ?? { files: {}, shell: {} };
      const tag = `e2e-private-${name.replace(/[^a-z]+/g, '-')}-${process.pid}:local`;
      tags.push(tag);
      fill(root, files);
      await writeGeneration(await generate({ cwd: root }), { edits: true, env: true });
      Object.assign(process.env, shell);
      try {
        const report = await build({ cwd: root, tag, baseline: false, buildSecrets: Object.keys(shell) }).catch(
          (error: unknown) => {
            if (error instanceof UserError) console.error(error.printed.join('\n'));
            throw error;
          },
        );
        expect(report.secrets?.map((one) => one.value)).toEqual(Object.keys(shell).map(() => 'shell'));
        expect(docker(['run', '--rm', tag])).toContain('the app says probe');
        const needles = forms(token);
        const texts = [docker(['history', '--no-trunc', tag]), docker(['image', 'inspect', tag])].join('\n');
        for (const needle of needles) expect(texts).not.toContain(needle);
        const out = join(root, 'out');
        const secrets = Object.keys(shell).flatMap((one) => ['--secret', `id=${one},env=${one}`]);
        for (const target of ['production', 'development'])
          docker(
            [
              ...['buildx', 'build', '--target', target, ...secrets, '--provenance=mode=max'],
              ...['--output', `type=oci,dest=${join(out, target)},tar=false`],
              ...(engine?.containerd ? ['--cache-to', `type=local,dest=${join(out, `${target}-cache`)},mode=max`] : []),
              '.',
            ],
            root,
          );
        const found = await foundBelow(out, [...needles, 'the app says', 'buildkit']);
        // the search does look into layers and attestations
        expect(found).toContain('the app says');
        expect(found).toContain('buildkit');
        for (const needle of needles) expect(found.has(needle), needle).toBe(false);
        rmSync(out, { recursive: true });
      } finally {
        for (const one of Object.keys(shell)) delete process.env[one];
      }
    });
  });
});
