import { describe, expect, it } from 'vitest';
import { dockerfile } from '../../../../src/artifacts/dockerfile.ts';
import { inspect } from '../../../../src/inspect/inspect.ts';
import { makePlan } from '../../../../src/plan/plan.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const main = (directive: string) =>
  `package main\n\nimport (\n\t"embed"\n\t"net/http"\n)\n\n//go:embed ${directive}\nvar files embed.FS\n\nfunc main() {\n\thttp.ListenAndServe(":8080", http.FileServer(http.FS(files)))\n}\n`;
const manifest = JSON.stringify({ name: 'web', version: '1.0.0', scripts: { build: 'vite build' } });
const npm = JSON.stringify({ name: 'web', lockfileVersion: 3, packages: { '': { name: 'web' } } });

async function generated(files: Readonly<Record<string, string>>) {
  const project = memoryProject({ 'go.mod': 'module example.com/shop\n\ngo 1.27\n', ...files });
  const facts = (await inspect(project, {})).apps.find(({ details }) => details.language === 'go');
  if (!facts) throw new Error('no app');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: project.read });
  const image = plan.images['app'];
  if (!image) throw new Error('no image');
  return { facts, text: dockerfile(plan, image).content };
}

describe('what is compiled into a program in Go and made by a build of another language', () => {
  it.each([
    [
      'npm',
      { 'main.go': main('all:web/dist'), 'web/package.json': manifest, 'web/package-lock.json': npm },
      ['npm ci', '"npm", "run", "build"', 'COPY --link --from=assets /app/web/dist /app/web/dist'],
    ],
    [
      'pnpm, with a pattern of names',
      {
        'main.go': main('ui/build/*'),
        'ui/package.json': manifest,
        'ui/pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      },
      ['pnpm install', '"pnpm", "run", "build"', 'COPY --link --from=assets /app/ui/build /app/ui/build'],
    ],
    [
      'npm without a lockfile, with a file that keeps the folder',
      { 'main.go': main('frontend/out'), 'frontend/package.json': manifest, 'frontend/out/.gitkeep': '' },
      ['npm install', 'COPY --link --from=assets /app/frontend/out /app/frontend/out'],
    ],
  ])('has a stage of its own: %s', async (_, files, texts) => {
    const { text, facts } = await generated(files as never);
    for (const one of texts) expect(text).toContain(one);
    expect(text.slice(text.indexOf('AS production'))).not.toContain('node');
    expect(facts.notes.map(({ code }) => code)).not.toContain('embed-missing');
  });

  it.each([
    ['what is committed', { 'main.go': main('web/dist'), 'web/dist/index.html': '', 'web/package.json': manifest }],
    ['files beside the source', { 'main.go': main('*.sql'), 'schema.sql': '' }],
    ['templates', { 'main.go': main('templates/*.html'), 'templates/index.html': '' }],
  ])('leaves %s as it is', async (_, files) => {
    const { text } = await generated(files as never);
    expect(text).not.toContain('AS assets');
  });

  it('is named where nothing makes it', async () => {
    const { facts } = await generated({ 'main.go': main('static/app.js') });
    expect(facts.notes.find(({ code }) => code === 'embed-missing')?.message).toContain('static/app.js');
  });
});

describe('files that a program in Go reads beside it', () => {
  it.each([
    [
      'migrations by their address',
      'migrate.New("file://db/migrations", url)',
      'db/migrations/1.up.sql',
      'db/migrations',
    ],
    ['migrations by their folder', 'goose.Up(db, "./sql/schema")', 'sql/schema/001.sql', 'sql/schema'],
    ['several templates', 'template.ParseFiles("a.html", "pages/b.html")', 'pages/b.html', 'pages/b.html'],
    ['templates of an engine', 'html.New("./views", ".html")', 'views/index.html', 'views'],
  ])('%s are shipped', async (_, call, file, expected) => {
    const { facts } = await generated({
      'main.go': `package main\n\nimport "net/http"\n\nfunc main() {\n\t${call}\n\thttp.ListenAndServe(":8080", nil)\n}\n`,
      [file]: 'x',
    });
    expect(facts.reads.map(({ value }) => value)).toContain(expected);
  });
});

describe('sources that the repository of a program in Go does not have', () => {
  const page = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n';
  const api =
    'package main\n\nimport (\n\t"net/http"\n\t_ "example.com/shop/docs"\n)\n\n// @title Shop\nfunc main() { http.ListenAndServe(":8080", nil) }\n';
  const mod = (path: string) => `module example.com/shop\n\ngo 1.27\n\nrequire ${path}\n`;
  const templ = mod('github.com/a-h/templ v0.3.943');
  const swag = mod('github.com/swaggo/swag v1.16.4');

  it.each([
    [
      'templ',
      { 'go.mod': templ, 'main.go': page, 'views/page.templ': '' },
      ['go run github.com/a-h/templ/cmd/templ@v0.3.943 generate'],
    ],
    [
      'swag',
      { 'go.mod': swag, 'main.go': api },
      ['go run github.com/swaggo/swag/cmd/swag@v1.16.4 init -g main.go -o docs'],
    ],
    [
      'swag, for a program below cmd',
      { 'go.mod': swag, 'cmd/api/main.go': api },
      ['go run github.com/swaggo/swag/cmd/swag@v1.16.4 init -g cmd/api/main.go -o docs'],
    ],
  ])('are written by %s at the release of go.mod', async (_, files, texts) => {
    const { text, facts } = await generated(files as never);
    for (const one of texts) expect(text.split(one).length).toBeGreaterThan(2);
    expect(facts.notes.map(({ code }) => code)).not.toContain('package-missing');
  });

  it('are not written where they are there', async () => {
    const { text } = await generated({
      'go.mod': templ,
      'main.go': page,
      'views/page.templ': '',
      'views/page_templ.go': 'package views\n',
    });
    expect(text).not.toContain('cmd/templ@');
  });

  it('are named where nothing that is known writes them', async () => {
    const { facts } = await generated({ 'main.go': api.replace('/docs', '/gen/db') });
    expect(facts.notes.find(({ code }) => code === 'package-missing')?.message).toContain('example.com/shop/gen/db');
  });
});
