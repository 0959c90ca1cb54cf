import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from './engine.ts';

/** A private registry in a container, which answers nobody without its token, and holds one package. */
export type Registry = {
  /** address as builds on the engine's own network reach it, without a slash at its end */
  readonly url: string;
  /** the same without `http:`, as `.npmrc` names it */
  readonly host: string;
  readonly integrity: string;
  readonly sha1: string;
  readonly tarball: string;
  readonly remove: () => void;
};

/** `@acme/probe`: when it is installed, it writes down the hashes of what it sees of the variables of the build. */
const probe = {
  'package.json': JSON.stringify({
    name: '@acme/probe',
    version: '1.0.0',
    main: 'index.js',
    scripts: { postinstall: 'node seen.js' },
  }),
  'index.js': "module.exports = 'probe';\n",
  'seen.js': `
const { createHash } = require('node:crypto');
const seen = ['NPM_TOKEN', 'AWS_SECRET_ACCESS_KEY'].map((name) => {
  const value = process.env[name];
  return [name, value === undefined ? 'unset' : value === '' ? 'empty' : createHash('sha256').update(value).digest('hex')];
});
require('node:fs').writeFileSync(require('node:path').join(__dirname, 'seen.json'), JSON.stringify(Object.fromEntries(seen)));
`,
};

const server = `
const { createServer } = require('node:http');
const { TOKEN, TARBALL, INTEGRITY, SHA1 } = process.env;
createServer((request, response) => {
  if (request.headers.authorization !== 'Bearer ' + TOKEN) {
    response.writeHead(401, { 'content-type': 'application/json' });
    return response.end('{"error":"no token"}');
  }
  const path = decodeURIComponent(request.url.split('?')[0]);
  const base = 'http://' + request.headers.host;
  if (path === '/@acme/probe') {
    const dist = { tarball: base + '/@acme/probe/-/probe-1.0.0.tgz', integrity: INTEGRITY, shasum: SHA1 };
    const version = { name: '@acme/probe', version: '1.0.0', main: 'index.js', scripts: { postinstall: 'node seen.js' }, hasInstallScript: true, dist };
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ name: '@acme/probe', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }));
  }
  if (path.endsWith('.tgz')) return response.end(Buffer.from(TARBALL, 'base64'));
  response.writeHead(404);
  response.end();
}).listen(4873, () => console.log('listening'));
`;

export function startRegistry(token: string): Registry {
  const folder = mkdtempSync(join(tmpdir(), 'dockwright-registry-'));
  mkdirSync(join(folder, 'package'));
  for (const [path, text] of Object.entries(probe)) writeFileSync(join(folder, 'package', path), text);
  execFileSync('tar', ['--create', '--gzip', '--file', 'probe.tgz', 'package'], { cwd: folder });
  const bytes = readFileSync(join(folder, 'probe.tgz'));
  rmSync(folder, { recursive: true });
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const sha1 = createHash('sha1').update(bytes).digest('hex');
  const env = { TOKEN: token, TARBALL: bytes.toString('base64'), INTEGRITY: integrity, SHA1: sha1 };
  const flags = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const image = 'node:26-trixie-slim';
  const id = docker(['run', '--detach', '--rm', '--init', ...flags, image, 'node', '-e', server]).trim();
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  const address = docker(['inspect', '--format', format, id]).trim();
  const url = `http://${address}:4873`;
  return {
    url,
    host: `//${address}:4873`,
    integrity,
    sha1,
    tarball: `${url}/@acme/probe/-/probe-1.0.0.tgz`,
    remove: () => docker(['rm', '--force', id]),
  };
}
