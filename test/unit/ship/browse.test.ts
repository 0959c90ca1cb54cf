import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Archive } from '../../../src/engine/archive.ts';
import { useApplication } from '../../../src/ship/contract/browse.ts';
import { reasonIn } from '../../../src/ship/contract/log-reader.ts';
import { concretePath } from '../../../src/ship/contract/routes.ts';
import type { VerificationContext } from '../../../src/ship/verification.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** What a path is answered with: a page, or a status, or more. */
type Reply =
  | string
  | number
  | { readonly status?: number; readonly type?: string; readonly body?: string; readonly to?: string }
  | ((request: IncomingMessage, response: ServerResponse) => void);
type Replies = Readonly<Record<string, Reply>>;

function reply(given: Reply | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (typeof given === 'function') {
    given(request, response);
    return;
  }
  const one =
    typeof given === 'string'
      ? { body: given, type: 'text/html; charset=utf-8' }
      : typeof given === 'number'
        ? { status: given }
        : given;
  const { status = 200, type = 'text/plain', body = '', to } = one ?? { status: 404 };
  response
    .writeHead(to === undefined ? status : 302, { 'content-type': type, ...(to === undefined ? {} : { location: to }) })
    .end(body);
}

/** A server of some paths; `asked` is what was asked of it, in order. */
async function serve(replies: Replies): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    reply(replies[path], request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, asked };
}

const script = { type: 'text/javascript' };
const style = { type: 'text/css' };

type More = Partial<Pick<VerificationContext, 'paths' | 'externals' | 'unsure'>> & {
  readonly shape?: 'site' | 'service';
  readonly archive?: Archive;
};

const subjectOf = ({ shape = 'service', archive, ...more }: More): VerificationContext =>
  ({
    workload: { shape },
    plan: { workloads: { web: {}, worker: {} } },
    running: { id: '0123456789abcdef' },
    built: archive && { archive },
    externals: [],
    paths: [],
    unsure: false,
    ...more,
  }) as unknown as VerificationContext;

async function use(replies: Replies, more: More = {}, log = 'Error: no such table') {
  const { url, asked } = await serve(replies);
  return { ...(await useApplication(subjectOf(more), url, async () => log)), asked };
}

const stub = [{ name: 'rates', required: true, from: [] }];

describe('what pages name', () => {
  it('answers, and is counted', async () => {
    const { good, bad, asked } = await use({
      '/': `<head><link rel=stylesheet href="style.css"><link rel="shortcut icon" href=/icon.svg><script src=app.js></script></head>
        <a href=/about#team>About</a><a href="/about">again</a><img src=a.png><img srcset="b.png 1x, c.png 2x">`,
      '/about': '<script type=module src="/about.js"></script><a href="/">home</a><a href="/more">more</a>',
      '/more': '<script src=/never.js></script>',
      ...{
        '/style.css': style,
        '/app.js': script,
        '/about.js': script,
        '/icon.svg': 200,
        '/a.png': 200,
        '/b.png': 200,
      },
    });
    expect(bad).toEqual([]);
    expect(good).toEqual(['6 files and 2 links that 2 pages name answer']);
    // one step: what the page behind the second link names is not asked
    expect([...asked].sort()).toEqual([
      '/',
      '/a.png',
      '/about',
      '/about.js',
      '/app.js',
      '/b.png',
      '/icon.svg',
      '/more',
      '/style.css',
    ]);
  });

  it.each([
    [
      'a script that is not there',
      '<script src="/app.js"></script>',
      { '/app.js': 404 },
      'GET /app.js returned 404: a page uses it as a script',
    ],
    [
      'a stylesheet that is not there',
      '<link rel="stylesheet" href="/app.css">',
      {},
      'GET /app.css returned 404: a page uses it as a stylesheet',
    ],
    [
      'a module that fails',
      '<link rel="modulepreload" href="/app.js">',
      { '/app.js': 500 },
      'GET /app.js returned 500: Error: no such table',
    ],
    [
      'a script that is gone',
      '<script type="module" src="/app.js"></script>',
      { '/app.js': 410 },
      'GET /app.js returned 410: a page uses it as a script',
    ],
    [
      'a page in the place of a script',
      '<script src="/app.js"></script>',
      { '/app.js': '<p>all paths</p>' },
      'GET /app.js returns a page instead of a script',
    ],
    [
      'a page in the place of a stylesheet',
      '<link rel="stylesheet" href="/a.css">',
      { '/a.css': '<p></p>' },
      'GET /a.css returns a page instead of a stylesheet',
    ],
    [
      'one below the base of the page',
      '<base href="/shop/"><script src="app.js"></script>',
      {},
      'GET /shop/app.js returned 404: a page uses it as a script',
    ],
    [
      'a link that fails',
      '<a href="/orders">Orders</a>',
      { '/orders': 500 },
      'GET /orders returned 500: Error: no such table',
    ],
    [
      'an image that fails',
      '<img src="/scaled?file=a.png">',
      { '/scaled?file=a.png': 502 },
      'GET /scaled?file=a.png returned 502: Error: no such table',
    ],
  ] as const)('fails: %s', async (_, page, replies, what) => {
    const { bad, next } = await use({ '/': page, ...(replies as Replies) });
    expect(bad).toEqual([what]);
    expect(next).not.toBe('');
  });

  it.each([
    [
      'who may see it',
      '<script src="/app.js"></script><a href="/mine">m</a>',
      { '/app.js': 401, '/mine': 403 },
      ['1 file and 1 link that 1 page names answer'],
    ],
    [
      'an image and a link of the author that are not there',
      '<img src="/a.png"><a href="/old">o</a>',
      {},
      [
        '0 of 1 file and 0 of 1 link that 1 page names answer',
        'pages use files or links that do not exist: /a.png, /old',
      ],
    ],
    [
      'what a platform brings',
      '<script src="/_vercel/insights/script.js"></script>',
      {},
      [
        '0 of 1 file and 0 links that 1 page names answer',
        'pages use files or links that do not exist: /_vercel/insights/script.js',
      ],
    ],
    [
      'what is not done yet',
      '<a href="/new">n</a>',
      { '/new': 501 },
      ['0 files and 0 of 1 link that 1 page names answer', 'GET /new returned 501: Error: no such table'],
    ],
    [
      'an image of another address',
      '<img src="/_image?url=https%3A%2F%2Fcdn.example%2Fa.png">',
      { '/_image?url=https%3A%2F%2Fcdn.example%2Fa.png': 500 },
      [
        '0 of 1 file and 0 links that 1 page names answer',
        'GET /_image?url=https%3A%2F%2Fcdn.example%2Fa.png returned 500: Error: no such table',
      ],
    ],
    [
      'a script behind a login',
      '<script src="/app.js"></script>',
      { '/app.js': { to: '/login' }, '/login': '<form></form>' },
      ['1 file and 0 links that 1 page names answer'],
    ],
    [
      'data that stands in a script',
      '<script type="application/json" src="/data.json"></script><a href="/a">a</a>',
      { '/a': 200 },
      ['0 files and 1 link that 1 page names answer'],
    ],
    ['a page that names nothing', '<p>hello</p>', {}, []],
  ] as const)('is no failure: %s', async (_, page, replies, good) => {
    const used = await use({ '/': page, ...(replies as Replies) });
    expect(used.bad).toEqual([]);
    expect(used.good).toEqual(good);
  });

  it('fails with a stubbed API only where it is code', async () => {
    const page = '<a href="/rates">r</a><script src="/app.js"></script>';
    const { bad, good } = await use({ '/': page, '/rates': 500, '/app.js': 500 }, { externals: stub });
    expect(bad).toEqual(['GET /app.js returned 500: Error: no such table']);
    expect(good).toContain('GET /rates returned 500: Error: no such table');
  });

  it('is listed where what it asks may not be there: tables that nothing makes, an account of another party', async () => {
    const page = '<a href="/orders">o</a><img src="/a.png">';
    const replies = { '/': page, '/orders': 500, '/a.png': 502, '/api': 500 };
    const { bad, good } = await use(replies, { unsure: true, paths: [{ path: '/api', open: true }] });
    expect(bad).toEqual([]);
    expect(good.filter((line) => line.endsWith(': Error: no such table'))).toHaveLength(3);
  });

  it('is asked at its own address alone, and ends nothing', async () => {
    const { asked } = await use({
      '/': `<script src="https://cdn.example/a.js"></script><script src="//cdn.example/b.js"></script><img src="data:image/png;base64,AA==">
        <a href="mailto:a@shop.example">m</a><a href="tel:1">t</a><a href="javascript:go()">j</a><a href="#top">t</a><a href="http://127.0.0.1:1/x">x</a>
        <a href="/logout">l</a><a href="/account/sign-out">s</a><a href="/orders/1/delete">d</a><a href="/orders?do=deleteAll">d</a><a href="/deleted">k</a>`,
      '/deleted': 200,
    });
    expect(asked).toEqual(['/', '/deleted']);
  });

  it('is asked up to a limit, and the rest is counted', async () => {
    const links = Array.from({ length: 240 }, (_, at) => `<a href="/p${at}">p</a>`).join('');
    const pages = Object.fromEntries(Array.from({ length: 240 }, (_, at) => [`/p${at}`, 200]));
    const { good, bad, asked } = await use({
      '/': `${links}<script src="/last.js"></script>`,
      ...pages,
      '/last.js': script,
    });
    expect(asked).toHaveLength(150);
    expect(asked[1]).toBe('/last.js');
    expect(bad).toEqual([]);
    expect(good).toEqual([
      '1 file and 148 links that 1 page names answer',
      '92 more files and links were skipped, after 149 requests',
    ]);
  });
});

describe('redirects', () => {
  it('are followed at the same address, and what lies there is read', async () => {
    const { good, asked } = await use({
      '/': { to: '/en' },
      '/en': { to: '/en/' },
      '/en/': '<script src="a.js"></script>',
      '/en/a.js': script,
    });
    expect(asked).toEqual(['/', '/en', '/en/', '/en/a.js']);
    expect(good).toEqual(['1 file and 0 links that 1 page names answer']);
  });

  it('are followed five times, and never to another address', async () => {
    expect((await use({ '/': { to: '/' } })).asked).toHaveLength(6);
    const { bad, asked } = await use({ '/': { to: 'http://127.0.0.1:1/x' } });
    expect([bad, asked]).toEqual([[], ['/']]);
  });

  it.each(['http://0.0.0.0:3000/login', 'http://web:3000/', 'http://0123456789ab:3000/en', 'https://[::]/'])(
    'fail to what no browser reaches: %s',
    async (to) => {
      expect((await use({ '/': { to } })).bad).toEqual([`GET / redirects to ${to}, which browsers cannot reach`]);
      const { bad } = await use({ '/': '<a href="/a">a</a>', '/a': { to } });
      expect(bad).toEqual([`GET /a redirects to ${to}, which browsers cannot reach`]);
    },
  );

  it.each(['https://shop.example/', 'http://website.example/web', '/web', '//login.example/0.0.0.0'])(
    'pass to any other place: %s',
    async (to) => {
      expect((await use({ '/': { to }, '/web': 200 })).bad).toEqual([]);
    },
  );
});

type Layer = readonly [string, Readonly<Record<string, string>>];

/** An image of layers, each with the step that made it; a step without files makes no layer. */
function imageOf(steps: readonly Layer[]): Archive {
  const layers = steps.filter(([, files]) => Object.keys(files).length > 0);
  return {
    config: {
      history: steps.map(([step, files]) => ({ created_by: step, empty_layer: Object.keys(files).length === 0 })),
    },
    layers: layers.map((_, at) => ({ mediaType: '', digest: String(at), size: 0 })),
    readLayer: async ({ digest }: { digest: string }, onEntry: Parameters<Archive['readLayer']>[1]) => {
      for (const [name, text] of Object.entries(layers[Number(digest)]?.[1] ?? {}))
        onEntry({ name, size: text.length, type: 'file', mode: 0o644 })?.(Buffer.from(text));
      return 0;
    },
  } as unknown as Archive;
}

const root = 'usr/share/nginx/html';
const welcome = '<h1>Welcome</h1>';
const base: Layer = ['RUN /bin/sh -c apk add web-server # buildkit', { [`${root}/index.html`]: welcome, 'etc/x': '' }];
const copy = 'COPY /app/build /usr/share/nginx/html # buildkit';

describe('the page of a site', () => {
  it.each([
    ['nothing of ours in its place', [base, [copy, { [`${root}/main.js`]: '' }]]],
    ['a page of ours somewhere else', [base, [copy, { [`${root}/public/index.html`]: welcome }]]],
    [
      'settings that were copied before',
      [base, ['COPY nginx.conf /etc/nginx/conf.d/', { 'etc/nginx/c': '' }], [copy, { [`${root}/main.js`]: '' }]],
    ],
  ] as const)('fails where it is that of the web server: %s', async (_, steps) => {
    const { bad, next } = await use({ '/': welcome }, { shape: 'site', archive: imageOf(steps) });
    expect(bad).toEqual([
      'the page is the default page of the web server image: the build did not write an index.html to the folder that is copied',
    ]);
    expect(next).toContain('compare it with COPY /app/build /usr/share/nginx/html:');
  });

  it.each([
    ['ours, alike', 'site', [base, [copy, { [`${root}/index.html`]: welcome }]]],
    [
      'ours, by a step that names no folder',
      'site',
      [base, ['WORKDIR /usr/share/nginx/html', {}], ['COPY build .', { [`${root}/index.html`]: welcome }]],
    ],
    ['by steps that say nothing', 'site', [base, ['COPY build .', { [`${root}/main.js`]: '' }]]],
    ['of a program', 'service', [base, [copy, { [`${root}/main.js`]: '' }]]],
    [
      'taken away, and answered by something else',
      'site',
      [base, ['RUN rm -rf /usr/share/nginx/html/*', { [`${root}/.wh.index.html`]: '' }]],
    ],
  ] as const)('passes: %s', async (_, shape, steps) => {
    expect((await use({ '/': welcome }, { shape, archive: imageOf(steps) })).bad).toEqual([]);
  });

  it('passes where another page answers', async () => {
    const archive = imageOf([base, [copy, { [`${root}/main.js`]: '' }]]);
    expect((await use({ '/': '<p>ours</p>' }, { shape: 'site', archive })).bad).toEqual([]);
  });

  const files = (...names: readonly string[]) =>
    imageOf([base, [copy, Object.fromEntries(['index.html', ...names].map((name) => [`${root}/${name}`, '']))]]);

  it.each([
    ['/about', 'about.html'],
    ['/docs/', 'docs/index.html'],
    ['/docs', 'docs/index.html'],
    ['/caf%C3%A9.png', 'café.png'],
  ])('fails where %s is answered 404 and %s is there', async (path, file) => {
    const named = path.endsWith('.png') ? `<img src="${path}">` : `<a href="${path}">x</a>`;
    const { bad } = await use({ '/': named }, { shape: 'site', archive: files(file) });
    expect(bad).toEqual([`GET ${path} returned 404, but the image contains /${root}/${file}`]);
  });

  it.each([
    ['/about', 'about.md'],
    ['/404.html', '404.html'],
    ['/404', '404/index.html'],
    ['/docs', 'docs/start.html'],
  ])('lists %s where %s is there', async (path, file) => {
    const { bad, good } = await use({ '/': `<a href="${path}">x</a>` }, { shape: 'site', archive: files(file) });
    expect(bad).toEqual([]);
    expect(good).toContain(`pages use files or links that do not exist: ${path}`);
  });

  it('follows every link: files do nothing', async () => {
    const { asked } = await use({ '/': '<a href="/how-to-delete">x</a>', '/how-to-delete': 200 }, { shape: 'site' });
    expect(asked).toEqual(['/', '/how-to-delete']);
  });
});

describe('the routes of the sources', () => {
  const open = (...paths: readonly string[]) => paths.map((path) => ({ path, open: true as const }));
  const plain = (...paths: readonly string[]) => paths.map((path) => ({ path }));

  it('are asked once each, with something in the place of parameters, and not where they do something', async () => {
    const { asked, good } = await use(
      { '/': '<a href="/news">n</a>', '/news': 200, '/orders': 200, '/orders/1': 404, '/files/1': 400, '/a/1/b': 401 },
      {
        paths: [
          ...open('/', '/news', '/orders', '/orders'),
          ...plain('/orders/:id', '/orders/[id]', '/files/*path', '/a/{b}/b', '/v(1|2)', '//evil.example/x'),
          ...plain(
            '/jobs/run',
            '/cache/clear',
            '/user/logOut',
            '/webhooks/:name',
            '/password-reset',
            '/shutdown',
            '/seed',
            '/api/sendMail',
          ),
        ],
      },
    );
    expect(asked).toEqual(['/', '/news', '/orders', '/orders/1', '/files/1', '/a/1/b']);
    expect(good).toEqual([
      '0 files and 1 link that 1 page names answer',
      '5 of 5 routes return a status below 500',
      'GET //evil.example/x failed: it is not a path of the app',
    ]);
  });

  it('fail with 5xx where nothing else is needed', async () => {
    const replies = { '/': 200, '/a': 500, '/b': 502, '/c': 200 };
    const { bad, good, next } = await use(replies, { paths: open('/a', '/b', '/c') });
    expect(bad).toEqual(['GET /a returned 500: Error: no such table', 'GET /b returned 502: Error: no such table']);
    expect(good).toEqual(['1 of 3 routes return a status below 500']);
    expect(next).toContain('log');
  });

  it.each([
    ['a login or a value may be needed', plain('/a', '/b'), { '/a': 500, '/b': 200 }, undefined],
    ['a parameter is needed', open('/a/:id'), { '/a/1': 500 }, undefined],
    ['an API is answered by a stub', open('/a', '/b'), { '/a': 500, '/b': 200 }, stub],
    ['it is not ready', open('/a', '/b', '/c'), { '/a': 503, '/b': 503, '/c': 503 }, undefined],
    ['it is not done', open('/a'), { '/a': 501 }, undefined],
  ] as const)('are listed with the log where %s', async (_, paths, replies, externals) => {
    const { bad, good } = await use(
      { '/': 200, ...replies },
      { paths: [...paths], externals: externals ? [...externals] : [] },
    );
    expect(bad).toEqual([]);
    expect(good.filter((line) => /^GET \/a(\/1)? returned 50\d: Error: no such table$/.test(line))).toHaveLength(1);
  });

  it('fail where there are three or more and every one answers 5xx, whatever they need', async () => {
    const all = { '/a': 500, '/b/1': 500, '/c': 500 };
    const paths = plain('/a', '/b/:id', '/c');
    expect((await use({ '/': 200, ...all }, { paths, externals: stub })).bad).toEqual([
      'all 3 routes that were requested returned 5xx',
    ]);
    expect((await use({ '/': 200, ...all, '/c': 404 }, { paths, externals: stub })).bad).toEqual([]);
    expect((await use({ '/': 200, ...all }, { paths: paths.slice(0, 2), externals: stub })).bad).toEqual([]);
  });

  it('count the first page among them where it fails, or is one of them', async () => {
    expect((await use({ '/': 500 })).good).toEqual([
      '0 of 1 routes return a status below 500',
      'GET / returned 500: Error: no such table',
    ]);
    expect((await use({ '/': 500 }, { paths: open('/') })).bad).toEqual(['GET / returned 500: Error: no such table']);
    expect((await use({ '/': 404 })).good).toEqual([]);
  });

  it('take the headers of a stream for an answer', async () => {
    const stream = (_: IncomingMessage, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    };
    const { good } = await use({ '/': 200, '/events': stream }, { paths: open('/events') });
    expect(good).toEqual(['1 of 1 routes return a status below 500']);
  });

  it('say of a path that gives no answer why', async () => {
    const { good, bad } = await use({ '/': 200, '/a': (request) => request.socket.destroy() }, { paths: open('/a') });
    expect([good, bad]).toEqual([['GET /a failed: socket hang up'], []]);
  });

  it.each([
    ['/orders/:id', '/orders/1'],
    ['/:lang?/about', '/1/about'],
    ['/f/:name.json', '/f/1.json'],
    ['/o/:id(\\d+)', '/o/1'],
    ['/[[...rest]]', '/1'],
    ['/files/*', '/files/1'],
    ['/[shop]/of/[id]', '/1/of/1'],
    ['/plain', '/plain'],
    ['/v(1|2)/x', undefined],
    ['/a?b', undefined],
    ['orders', undefined],
  ])('%s is asked as %s', (path, asked) => {
    expect(concretePath(path)).toBe(asked);
  });
});

describe('the line of a log that says why', () => {
  it.each([
    ['GET /a\nTypeError: x is undefined\n    at f (a.js:1:2)\ndone', 'TypeError: x is undefined'],
    ['\u001b[31mError\u001b[39m: Cannot find module\n', 'Error: Cannot find module'],
    ['{"level":50,"err":{"message":"no such table: orders","stack":"…"},"msg":"failed"}', 'no such table: orders'],
    ['{"level":30,"msg":"request"}\n{"level":50,"msg":"connection refused"}', 'connection refused'],
    ['asked\nthe file is missing\nanswered', 'the file is missing'],
    ['one\ntwo\n', 'two'],
    ['', ''],
  ])('%j: %s', (log, line) => {
    expect(reasonIn(log)).toBe(line);
  });
});
