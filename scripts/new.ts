/**
 * Begins a framework or a service: `npm run new framework NAME`, `npm run new service NAME`. Writes its file with every field of the
 * contract, and the registries and the reference. The suite fails from then on until the fixture is there that shows it working.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '../..');

const framework = (
  name: string,
  title: string,
) => `/** ${title}: say here how its server object is made, and name the page that says so. */
import type { Framework, Recognise } from '../contract.ts';
import { locateMade } from '../support/locate.ts';
import type { Maker } from '../support/made.ts';
import { httpMethods, routesOf } from '../support/routes.ts';
import { wireObject } from '../support/wiring.ts';

export const recognise: Recognise = { name: '${name}', title: '${title}', role: 'server', dependencies: ['${name}'] };

/** \`import make from '${name}'; const app = make();\` */
const maker: Maker = { packages: ['${name}'], names: ['default'], form: 'call' };

export const framework: Framework = {
  locate: (project, files) => locateMade(project, files, maker),
  routes: (project, files) =>
    routesOf(project, files, { makers: [maker], methods: httpMethods, mounts: ['use'], parameters: ['app', 'router'] }),
  healthRoutes: {
    imports: [],
    code: \`export const healthRoutes = {
  '/live': () => Response.json({ status: 'ok' }),
  '/ready': async () => {
    const health = await checkHealth();
    return Response.json(health, { status: statusCode(health) });
  },
};\`,
    exports: 'healthRoutes',
  },
  wire: (input) =>
    wireObject(input, { maker, title: '${title}', statement: (app) => \`\${app}.use(healthRoutes)\` }),
};
`;

const service = (name: string, title: string) => `/** ${title}: name the page of its image here. */
import type { BackingService, Part, RecogniseService } from './contract.ts';
import { check, portCheck } from './support/check.ts';

export const recognise: RecogniseService = {
  name: '${name}',
  title: '${title}',
  host: '${name}',
  clients: ['${name}'],
  schemes: ['${name}'],
  variables: [{ match: '${constant(name)}_URL', part: 'url' }],
  words: ['${name}'],
  serves: [],
  required: true,
};

const port = 1;
const user = 'app';
const password: Part = { variable: '${constant(name)}_PASSWORD', required: true, secret: true, generate: 'password' };

export const service: BackingService = {
  roles: [],
  container: () => ({
    image: '${name}:1',
    port,
    env: {},
    check: check('${name}', 'ping'),
    developmentPort: port,
    why: 'say why this image and this line of versions',
  }),
  connection: (part, { host }) => {
    const values = {
      url: [\`${name}://\${user}:\`, password, \`@\${host}:\${port}\`],
      host: [host],
      port: [String(port)],
      user: [user],
      password: [password],
      name: [],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => portCheck(connection, port) },
};
`;

function constant(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

const kinds: Readonly<
  Record<string, { folder: string; template: (name: string, title: string) => string; next: string }>
> = {
  framework: {
    folder: 'src/stacks/servers',
    template: framework,
    next: 'fixtures/wiring/NAME-variable/app.ts and expected.ts (the file after the edit)',
  },
  service: {
    folder: 'src/services',
    template: service,
    next: 'fixtures/services/NAME.json: { "files": a small project that uses it, "compose": texts of its compose file }',
  },
};

const [kind = '', name = ''] = process.argv.slice(2);
const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
const path = known && join(root, known.folder, `${name}.ts`);
if (!known || !path || !/^[a-z][a-z0-9-]*$/.test(name)) {
  console.error('usage: npm run new framework NAME, or npm run new service NAME; NAME is kebab-case');
  process.exitCode = 2;
} else if (existsSync(path)) {
  console.error(`${known.folder}/${name}.ts is there already`);
  process.exitCode = 2;
} else {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  writeFileSync(path, known.template(name, title));
  console.log(`wrote ${known.folder}/${name}.ts`);
  await import('./gen.ts');
  await import('./docs.ts');
  console.log(`Next: put in what is true of ${name}, and show it working. The suite fails until there is a fixture:
  ${known.next.replaceAll('NAME', name)}`);
}
