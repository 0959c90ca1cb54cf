import { describe, expect, it } from 'vitest';
import { language } from '../../../../src/languages/go/index.ts';
import type { Facts } from '../../../../src/model/facts.ts';
import { memoryProject } from '../../../../src/project/memory.ts';
import { generatedFor } from '../../../support/texts.ts';

const mod = 'module example.com/shop\n\ngo 1.27\n';

const inspect = (files: Readonly<Record<string, string>>, root = '.'): Promise<Facts> =>
  language.inspect({
    project: memoryProject({ 'go.mod': mod, ...files }),
    root,
    config: {},
    archetype: undefined,
    existing: [],
    examples: new Map(),
    hints: [],
  });

/** A program with a body of main, and further declarations. */
const program = (body: string, more = '', imports = '"net/http"; "os"; "log"; "fmt"; "net"; "cmp"; "flag"') =>
  `package main\n\nimport (\n${imports
    .split('; ')
    .map((one) => `\t${one}`)
    .join('\n')}\n)\n\n${more}\n\nfunc main() {\n${body}\n}\n`;

const helper =
  'func env(name, fallback string) string {\n\tif v, ok := os.LookupEnv(name); ok {\n\t\treturn v\n\t}\n\treturn fallback\n}';

describe('the port of a program in Go', () => {
  it.each([
    ['a literal', 'log.Fatal(http.ListenAndServe(":9000", nil))', '', { number: 9000 }],
    ['a variable', 'http.ListenAndServe(":"+os.Getenv("PORT"), nil)', '', { number: 8080, variable: 'PORT' }],
    [
      'a default of its own',
      'port := os.Getenv("PORT")\nif port == "" {\n\tport = "3000"\n}\nhttp.ListenAndServe(":"+port, nil)',
      '',
      { number: 3000, variable: 'PORT' },
    ],
    [
      'a default before',
      'port := "3001"\nif p := os.Getenv("PORT"); p != "" {\n\tport = p\n}\nhttp.ListenAndServe(fmt.Sprintf(":%s", port), nil)',
      '',
      { number: 3001, variable: 'PORT' },
    ],
    [
      'a helper',
      's := &http.Server{Addr: ":" + env("HTTP_PORT", "4000")}\ns.ListenAndServe()',
      helper,
      { number: 4000, variable: 'HTTP_PORT' },
    ],
    [
      'cmp.Or',
      'http.ListenAndServe(net.JoinHostPort("", cmp.Or(os.Getenv("PORT"), "5000")), nil)',
      '',
      { number: 5000, variable: 'PORT' },
    ],
    [
      'a flag',
      'addr := flag.String("addr", ":6000", "where")\nflag.Parse()\nhttp.ListenAndServe(*addr, nil)',
      '',
      { number: 6000 },
    ],
    [
      'an address in a variable',
      'addr := os.Getenv("ADDR")\nif addr == "" {\n\taddr = ":7000"\n}\nhttp.ListenAndServe(addr, nil)',
      '',
      { number: 7000 },
    ],
    [
      'a field',
      'c := load()\nhttp.ListenAndServe(":"+c.Port, nil)',
      'type config struct{ Port string }\n\nfunc load() config {\n\treturn config{Port: os.Getenv("PORT")}\n}',
      { number: 8080, variable: 'PORT' },
    ],
    [
      'a parameter',
      'serve(":8088")',
      'func serve(addr string) {\n\thttp.ListenAndServe(addr, nil)\n}',
      { number: 8088 },
    ],
    ['a constant', 'http.ListenAndServe(addr, nil)', 'const addr = ":8089"', { number: 8089 }],
  ])('%s', async (_, body, more, port) => {
    const facts = await inspect({ 'main.go': program(body, more) });
    expect(facts.port).toMatchObject({ value: port });
    expect(facts.archetype).toMatchObject({ value: 'web-service' });
  });

  it('is asked where it is computed', async () => {
    const facts = await inspect({
      'main.go': program('http.ListenAndServe(find(), nil)', 'func find() string {\n\treturn http.Get\n}'),
    });
    expect(facts.port === undefined || 'ask' in facts.port).toBe(true);
  });
});

describe('the variables of a program in Go', () => {
  const variables = async (body: string, more = '') =>
    (await inspect({ 'main.go': program(body, more) })).variables.map(({ name, required, default: fallback }) => [
      name,
      required,
      fallback,
    ]);

  it.each([
    ['plain', 'fmt.Println(os.Getenv("A"))', '', [['A', false, undefined]]],
    ['required', 'a := os.Getenv("A")\nif a == "" {\n\tlog.Fatal("A is not set")\n}', '', [['A', true, undefined]]],
    [
      'required by what is there',
      'a, ok := os.LookupEnv("A")\nif !ok {\n\tpanic("A")\n}\nfmt.Println(a)',
      '',
      [['A', true, undefined]],
    ],
    [
      'a helper that demands',
      'fmt.Println(must("A"))',
      'func must(name string) string {\n\tv := os.Getenv(name)\n\tif v == "" {\n\t\tlog.Fatalf("%s", name)\n\t}\n\treturn v\n}',
      [['A', true, undefined]],
    ],
    [
      'a helper with a default',
      'fmt.Println(env("A", "b"), env("C", ""))',
      helper,
      [
        ['A', false, 'b'],
        ['C', false, undefined],
      ],
    ],
    [
      'a field that is demanded elsewhere',
      'c := config{URL: os.Getenv("A")}\nc.check()',
      'type config struct{ URL string }\n\nfunc (c config) check() error {\n\tif c.URL == "" {\n\t\treturn fmt.Errorf("A")\n\t}\n\treturn nil\n}',
      [['A', true, undefined]],
    ],
    [
      'a computed name is left',
      'fmt.Println(os.Getenv(name()))',
      'func name() string {\n\treturn fmt.Sprint(1) + x\n}',
      [],
    ],
  ])('%s', async (_, body, more, expected) => expect(await variables(body, more)).toEqual(expected));

  it('come from tags of fields', async () => {
    const source =
      'package main\n\nimport "github.com/caarlos0/env/v11"\n\ntype db struct {\n\tHost string `env:"HOST,required"`\n}\n\ntype config struct {\n\tPort int `env:"PORT" envDefault:"8081"`\n\tDB db `envPrefix:"DB_"`\n}\n\nfunc main() {\n\tvar c config\n\tenv.Parse(&c)\n}\n';
    const facts = await inspect({ 'main.go': source });
    expect(facts.variables.map(({ name, required, default: fallback }) => [name, required, fallback])).toEqual([
      ['DB_HOST', true, undefined],
      ['PORT', false, '8081'],
    ]);
  });
});

describe('the routes of a program in Go', () => {
  const paths = async (imports: string, body: string, more = '') =>
    (await inspect({ 'main.go': program(body, more, imports) })).paths?.map(({ path }) => path);

  it.each([
    [
      'net/http',
      '"net/http"',
      'http.HandleFunc("/health", h)\nmux.Handle("GET /a/{id}", h)\nmux.HandleFunc("POST /b", h)',
      ['/health', '/a/{id}'],
    ],
    [
      'chi',
      '"github.com/go-chi/chi/v5"',
      'r := chi.NewRouter()\nr.Get("/healthz", h)\nr.Route("/api", func(r chi.Router) {\n\tr.With(auth).Get("/x", h)\n\tr.Route("/v1", func(s chi.Router) { s.Get("/y", h) })\n})',
      ['/healthz', '/api/x', '/api/v1/y'],
    ],
    [
      'gin',
      '"github.com/gin-gonic/gin"',
      'r := gin.Default()\nr.GET("/ping", h)\napi := r.Group("/api")\napi.GET("/x", h)\nv1 := api.Group("/v1")\nv1.GET("/y", h)',
      ['/ping', '/api/x', '/api/v1/y'],
    ],
    [
      'gorilla',
      '"github.com/gorilla/mux"',
      'r := mux.NewRouter()\nr.HandleFunc("/live", h).Methods("GET")\nr.HandleFunc("/b", h).Methods("POST")\ns := r.PathPrefix("/api").Subrouter()\ns.HandleFunc("/x", h)',
      ['/live', '/api/x'],
    ],
  ])('%s', async (_, imports, body, expected) => expect(await paths(imports, body)).toEqual(expected));

  it('go through the functions that get a router', async () => {
    expect(
      await paths(
        '"github.com/gin-gonic/gin"',
        'r := gin.New()\nregister(r.Group("/api"))',
        'func register(g *gin.RouterGroup) {\n\tg.GET("/x", h)\n}',
      ),
    ).toEqual(['/api/x']);
  });
});

describe('what a program in Go is', () => {
  it.each([
    ['a tool', program('fmt.Println(os.Args[1])'), 'cli-tool'],
    [
      'a worker',
      program(
        'c := make(chan os.Signal, 1)\nsignal.Notify(c, syscall.SIGTERM)\n<-c',
        '',
        '"os/signal"; "syscall"; "os"',
      ),
      'worker',
    ],
    [
      'a bot that takes its token from a flag',
      program(
        'bot, _ := tgbotapi.NewBotAPI(*flag.String("token", "", ""))\nbot.Run()',
        '',
        '"flag"; tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"',
      ),
      'worker',
    ],
    [
      'a loop that waits and that nothing leaves',
      program('flag.Parse()\nfor {\nif work() != nil {\ncontinue\n}\ntime.Sleep(time.Second)\n}', '', '"flag"; "time"'),
      'worker',
    ],
    [
      'a tool that tries again until it works',
      program('flag.Parse()\nfor {\nif work() == nil {\nbreak\n}\ntime.Sleep(time.Second)\n}', '', '"flag"; "time"'),
      'cli-tool',
    ],
    [
      'a tool with a loop over its arguments',
      program('flag.Parse()\nfor _, a := range flag.Args() {\ntime.Sleep(1)\nprintln(a)\n}', '', '"flag"; "time"'),
      'cli-tool',
    ],
    ['a library', 'package shop\n\nfunc Add(a, b int) int { return a + b }\n', 'library'],
  ])('%s', async (_, source, archetype) => {
    expect((await inspect({ 'main.go': source })).archetype).toMatchObject({ value: archetype });
  });

  it('several programs are an application each, and those for developers none', () => {
    const main = program('');
    const project = memoryProject({
      'go.mod': mod,
      'cmd/api/main.go': main,
      'cmd/worker/main.go': main,
      'tools/gen/main.go': main,
    });
    expect(language.applications(project)).toEqual(['cmd/api', 'cmd/worker']);
    expect(
      language.applications(memoryProject({ 'go.mod': mod, 'cmd/api/main.go': main, 'examples/a/main.go': main })),
    ).toEqual(['.']);
    expect(language.applications(memoryProject({ 'go.mod': mod, 'shop.go': 'package shop\n' }))).toEqual(['.']);
  });

  it('says which signals it handles', async () => {
    const imports = '"os/signal"; "syscall"; "os"';
    const signals = async (body: string) => (await inspect({ 'main.go': program(body, '', imports) })).signals.value;
    expect(await signals('signal.Notify(c, os.Interrupt, syscall.SIGTERM)')).toEqual(['SIGINT', 'SIGTERM']);
    expect(await signals('ctx, _ := signal.NotifyContext(ctx, os.Interrupt)')).toEqual(['SIGINT']);
    expect(await signals('signal.Notify(c)')).toEqual(['SIGINT', 'SIGTERM']);
    expect(await signals('')).toEqual([]);
  });
});

describe('a database in a file', () => {
  const program = (imports: string, body: string) =>
    `package main\n\nimport (\n\t"net/http"\n\t"os"\n${imports}\n)\n\nfunc main() {\n${body}\n\thttp.ListenAndServe(":8080", nil)\n}\n`;

  it.each([
    [
      'of GORM, by a default',
      program(
        '\t"github.com/glebarez/sqlite"\n\t"gorm.io/gorm"',
        '\tdsn := os.Getenv("STORAGE_PATH")\n\tif dsn == "" {\n\t\tdsn = "./storage/players.db"\n\t}\n\tgorm.Open(sqlite.Open(dsn), &gorm.Config{})',
      ),
      'storage/players.db',
    ],
    [
      'of database/sql, as an address',
      program(
        '\t"database/sql"\n\t_ "modernc.org/sqlite"',
        '\tsql.Open("sqlite", "file:data/app.db?cache=shared")\n\tos.Getenv("X")',
      ),
      'data/app.db',
    ],
    [
      'of bbolt, in a folder of the machine',
      program('\tbolt "go.etcd.io/bbolt"', '\tbolt.Open("/var/lib/shop/shop.db", 0600, nil)\n\tos.Getenv("X")'),
      '/var/lib/shop/shop.db',
    ],
  ])('is written: %s', async (_, main, path) => {
    expect((await inspect({ 'main.go': main })).writes.map(({ value }) => value)).toContain(path);
  });

  it.each([
    [
      'of a server',
      program('\t"database/sql"\n\t_ "github.com/lib/pq"', '\tsql.Open("postgres", "data/app.db")\n\tos.Getenv("X")'),
    ],
    [
      'in memory',
      program(
        '\t"github.com/glebarez/sqlite"\n\t"gorm.io/gorm"',
        '\tgorm.Open(sqlite.Open(":memory:"), &gorm.Config{})\n\tos.Getenv("X")',
      ),
    ],
  ])('is none %s', async (_, main) => {
    expect((await inspect({ 'main.go': main })).writes).toEqual([]);
  });
});

it('a key that the program reads is in the context, and no other is', async () => {
  const texts = await generatedFor({
    'go.mod': mod,
    'main.go':
      'package main\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc main() {\n\tpwd, _ := os.Getwd()\n\tos.ReadFile(pwd + "/signing.key")\n\thttp.ListenAndServe(":8080", nil)\n}\n',
    'signing.key': 'x',
    'other.key': 'x',
  });
  expect(texts('Dockerfile')).toContain('COPY signing.key');
  expect(texts('.dockerignore')).toContain('!signing.key');
  expect(texts('.dockerignore')).not.toContain('!other.key');
});
