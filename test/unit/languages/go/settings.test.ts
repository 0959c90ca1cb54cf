import { describe, expect, it } from 'vitest';
import { language } from '../../../../src/languages/go/index.ts';
import type { Facts } from '../../../../src/model/facts.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const mod = 'module example.com/shop\n\ngo 1.27\n';

const inspect = (files: Readonly<Record<string, string>>): Promise<Facts> =>
  language.inspect({
    project: memoryProject({ 'go.mod': mod, ...files }),
    root: '.',
    config: {},
    archetype: undefined,
    existing: [],
    examples: new Map(),
    hints: [],
  });

const viper = (body: string, more = '') =>
  `package main\n\nimport (\n\t"log"\n\t"fmt"\n\t"net/http"\n\t"strings"\n\t"github.com/spf13/viper"\n)\n\n${more}\n\nfunc main() {\n${body}\n}\n`;

const portOf = ({ port }: Facts) => (port && 'value' in port ? port.value : port);

describe('settings that viper reads', () => {
  it.each([
    [
      'a default and the environment',
      {
        'main.go': viper(
          'viper.SetDefault("port", 8081)\nviper.AutomaticEnv()\nhttp.ListenAndServe(fmt.Sprintf(":%d", viper.GetInt("port")), nil)',
        ),
      },
      { number: 8081, variable: 'PORT' },
    ],
    [
      'a prefix and a replacer',
      {
        'main.go': viper(
          'viper.SetEnvPrefix("shop")\nviper.SetEnvKeyReplacer(strings.NewReplacer(".", "_"))\nviper.AutomaticEnv()\nviper.SetDefault("server.port", "9001")\nhttp.ListenAndServe(":"+viper.GetString("server.port"), nil)',
        ),
      },
      { number: 9001, variable: 'SHOP_SERVER_PORT' },
    ],
    [
      'a variable that is named for a key',
      {
        'main.go': viper(
          'viper.BindEnv("listen", "HTTP_PORT")\nhttp.ListenAndServe(":"+viper.GetString("listen"), nil)',
        ),
      },
      { number: 8080, variable: 'HTTP_PORT' },
    ],
    [
      'a file alone',
      {
        'config/config.yaml': 'server:\n  port: 7001\n',
        'main.go': viper(
          'viper.SetConfigName("config")\nviper.AddConfigPath("./config")\nviper.ReadInConfig()\nhttp.ListenAndServe(":"+viper.GetString("server.port"), nil)',
        ),
      },
      { number: 7001 },
    ],
    [
      'a struct that a file fills in',
      {
        'app.env': 'PORT=7002\nDB_SOURCE=x\n',
        'main.go': viper(
          'viper.AddConfigPath(".")\nviper.SetConfigName("app")\nviper.SetConfigType("env")\nviper.AutomaticEnv()\nvar config Config\nviper.Unmarshal(&config)\nhttp.ListenAndServe(":"+config.Port, nil)',
          'type Config struct {\n\tPort string `mapstructure:"PORT"`\n\tSource string `mapstructure:"DB_SOURCE"`\n}',
        ),
      },
      { number: 7002, variable: 'PORT' },
    ],
  ])('%s say the port', async (_, files, expected) => {
    expect(portOf(await inspect(files as never))).toEqual(expected);
  });

  it('are shipped where they lie in the project', async () => {
    const facts = await inspect({
      'configs/app.yml': 'port: 7001\n',
      'main.go': viper('viper.SetConfigFile("configs/app.yml")\nhttp.ListenAndServe(":"+viper.GetString("port"), nil)'),
    });
    expect(facts.reads.map(({ value }) => value)).toEqual(['configs/app.yml']);
  });

  it('leave methods of others with such names alone', async () => {
    const facts = await inspect({
      'main.go':
        'package main\n\nimport "github.com/spf13/viper"\n\nfunc main() {\n\tviper.AutomaticEnv()\n\tserve()\n}\n',
      'serve.go':
        'package main\n\nimport (\n\t"net/http"\n\t"github.com/gin-gonic/gin"\n)\n\nfunc serve() {\n\tr := gin.Default()\n\tr.GET("/", func(c *gin.Context) { c.String(200, c.GetString("user")) })\n\thttp.ListenAndServe(":8080", r)\n}\n',
    });
    expect(facts.variables).toEqual([]);
  });
});

describe('settings in files', () => {
  const reading = (field: string) =>
    `package main\n\nimport (\n\t"net/http"\n\t"os"\n\t"gopkg.in/yaml.v3"\n)\n\ntype Config struct{ HTTP struct{ Port string }; Addr string }\n\nfunc main() {\n\tvar cfg Config\n\tdata, _ := os.ReadFile("config.yml")\n\tyaml.Unmarshal(data, &cfg)\n\thttp.ListenAndServe(":"+cfg.${field}, nil)\n}\n`;

  it.each([
    ['below the same name', 'HTTP.Port', 'http:\n  port: 4001\ngrpc:\n  port: 4002\n', { number: 4001 }],
    ['of that name alone', 'Addr', 'addr: "4003"\nname: shop\n', { number: 4003 }],
    ['with marks between the words', 'HTTPPort', 'http_port: 4004\n', { number: 4004 }],
  ])('say what a field %s is', async (_, field, text, expected) => {
    expect(portOf(await inspect({ 'main.go': reading(field), 'config.yml': text }))).toEqual(expected);
  });

  it('say nothing where two fit as well', async () => {
    const facts = await inspect({ 'main.go': reading('Port'), 'config.yml': 'http:\n  port: 1\ngrpc:\n  port: 2\n' });
    expect(portOf(facts)).toMatchObject({ ask: 'port' });
  });
});

describe('a file of variables that a program does not start without', () => {
  const program = (body: string) =>
    `package main\n\nimport (\n\t"log"\n\t"net/http"\n\t"github.com/joho/godotenv"\n)\n\nfunc main() {\n${body}\n\thttp.ListenAndServe(":8080", nil)\n}\n`;
  const env = [{ path: '.env', lines: ['# the environment has the values'] }];

  it.each([
    ['with log.Fatal', 'err := godotenv.Load()\nif err != nil {\n\tlog.Fatal("no .env")\n}', env],
    ['in the condition itself', 'if err := godotenv.Load(".env"); err != nil {\n\tpanic(err)\n}', env],
    [
      'by another name',
      'if err := godotenv.Load("configs/.env.prod"); err != nil {\n\tlog.Fatalf("%v", err)\n}',
      [{ path: 'configs/.env.prod', lines: env[0]?.lines }],
    ],
    ['ignored where it is missing', '_ = godotenv.Load()', undefined],
    ['said where it is missing', 'if err := godotenv.Load(); err != nil {\n\tlog.Println("no .env")\n}', undefined],
  ])('%s', async (_, body, expected) => {
    const facts = await inspect({ 'main.go': program(body) });
    expect(facts.details['placeholders']).toEqual(expected);
  });
});

describe('a program with many names', () => {
  it('is read in a moment, whatever calls what', async () => {
    const functions = Array.from(
      { length: 60 },
      (_, at) =>
        `func f${at}(value string) (string, error) {\n\terr := g(value)\n\tresult := f${(at + 7) % 60}(value + f${(at + 13) % 60}(err))\n\treturn result, err\n}`,
    ).join('\n\n');
    const start = performance.now();
    await inspect({
      'main.go': `package main\n\nimport "net/http"\n\n${functions}\n\nfunc g(value string) string { return f1(value) }\n\nfunc main() {\n\tx := f1("a")\n\thttp.ListenAndServe(":8080", x)\n}\n`,
    });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('tells private fields of one name in two packages apart', async () => {
    const server = (name: string, port: string) =>
      `package ${name}\n\nimport (\n\t"net"\n\t"net/http"\n)\n\ntype Server struct{ address string }\n\ntype Option func(*Server)\n\nfunc Port(port string) Option {\n\treturn func(s *Server) {\n\t\ts.address = net.JoinHostPort("", port)\n\t}\n}\n\nfunc New(opts ...Option) *Server {\n\ts := &Server{address: ":${port}"}\n\treturn s\n}\n\nfunc (s *Server) Start() { http.ListenAndServe(s.address, nil) }\n`;
    const facts = await inspect({
      'main.go':
        'package main\n\nimport (\n\t"os"\n\t"example.com/shop/web"\n\t"example.com/shop/rpc"\n)\n\nfunc main() {\n\ta := web.New(web.Port(os.Getenv("HTTP_PORT")))\n\tb := rpc.New(rpc.Port(os.Getenv("RPC_PORT")))\n\tgo a.Start()\n\tb.Start()\n}\n',
      'web/web.go': server('web', '80'),
      'rpc/rpc.go': server('rpc', '81'),
    });
    expect(
      [portOf(facts), ...(facts.otherPorts ?? []).map(({ value }) => value)].map(
        (one) => (one as { variable?: string }).variable,
      ),
    ).toEqual(['HTTP_PORT']);
  });
});

const server = (imports: string, body: string, more = '') =>
  `package main\n\nimport (\n\t"net/http"\n${imports}\n)\n\n${more}\n\nfunc main() {\n${body}\n}\n`;

describe('the address of a server', () => {
  it.each([
    [
      'that an option sets',
      server(
        '\t"os"',
        'app := New(Addr(os.Getenv("SERVER_ADDRESS")))\napp.Run()',
        'type App struct {\n\taddr string\n}\ntype Option func(app *App)\nfunc Addr(addr string) Option {\n\treturn func(app *App) {\n\t\tapp.addr = addr\n\t}\n}\nfunc New(options ...Option) *App {\n\tapp := &App{addr: ":8085"}\n\treturn app\n}\nfunc (app *App) Run() {\n\thttp.ListenAndServe(app.addr, nil)\n}',
      ),
      { number: 8085 },
    ],
    [
      'of a constructor whose parameter has the name of its field',
      server(
        '',
        'New(":9090").Run()',
        'type Server struct {\n\taddr string\n}\nfunc New(addr string) *Server {\n\ts := &Server{}\n\ts.addr = addr\n\treturn s\n}\nfunc (s *Server) Run() {\n\thttp.ListenAndServe(s.addr, nil)\n}',
      ),
      { number: 9090 },
    ],
    [
      'with defaults and variables of koanf',
      server(
        '\t"fmt"\n\t"strings"\n\t"github.com/knadh/koanf"\n\t"github.com/knadh/koanf/providers/confmap"\n\t"github.com/knadh/koanf/providers/env"',
        'k := koanf.New(".")\nk.Load(confmap.Provider(defaults, "."), nil)\nk.Load(env.Provider("SHOP_", ".", func(s string) string {\n\treturn strings.Replace(strings.ToLower(strings.TrimPrefix(s, "SHOP_")), "_", ".", -1)\n}), nil)\nvar cfg Config\nk.Unmarshal("", &cfg)\nhttp.ListenAndServe(fmt.Sprintf(":%d", cfg.Server.Port), nil)',
        'type Config struct {\n\tServer struct {\n\t\tPort int `koanf:"port"`\n\t}\n}\nvar defaults = map[string]interface{}{\n\t"server.port": 8081,\n\t"log.level": "info",\n}',
      ),
      { number: 8081, variable: 'SHOP_SERVER_PORT' },
    ],
    [
      'with defaults of koanf alone',
      server(
        '\t"fmt"\n\t"github.com/knadh/koanf/v2"\n\t"github.com/knadh/koanf/providers/confmap"',
        'k := koanf.New(".")\nk.Load(confmap.Provider(map[string]any{"http.port": 7070}, "."), nil)\nvar cfg Config\nk.Unmarshal("", &cfg)\nhttp.ListenAndServe(fmt.Sprintf(":%d", cfg.HTTP.Port), nil)',
        'type Config struct {\n\tHTTP struct {\n\t\tPort int\n\t}\n}',
      ),
      { number: 7070 },
    ],
  ])('is found: %s', async (_, main, expected) => {
    expect(portOf(await inspect({ 'main.go': main }))).toMatchObject(expected);
  });

  it('is not that of a field of another name', async () => {
    const main = server(
      '',
      'New(":9090").Run()',
      'type Server struct {\n\taddr string\n\tother string\n}\nfunc New(other string) *Server {\n\ts := &Server{}\n\ts.other = other\n\treturn s\n}\nfunc (s *Server) Run() {\n\thttp.ListenAndServe(s.addr, nil)\n}',
    );
    expect(portOf(await inspect({ 'main.go': main }))).not.toMatchObject({ number: 9090 });
  });
});

it('files in the folder that the program starts in are read there', async () => {
  const main = server(
    '\t"os"\n\t"path/filepath"\n\t"html/template"',
    'pwd, _ := os.Getwd()\nos.ReadFile(pwd + "/words.txt")\ntemplate.ParseFiles(filepath.Join(pwd, "pages", "home.html"))\nhttp.ListenAndServe(":8080", nil)',
  );
  const { reads } = await inspect({ 'main.go': main, 'words.txt': 'a', 'pages/home.html': '' });
  expect(reads.map(({ value }) => value).sort()).toEqual(['pages/home.html', 'words.txt']);
});

describe('a field that several types have', () => {
  const types =
    'type Web struct {\n\tPort string `mapstructure:"WEB_LISTEN"`\n}\ntype Store struct {\n\tPort string `mapstructure:"STORE_LISTEN"`\n}\ntype All struct {\n\tWeb Web `mapstructure:",squash"`\n\tStore Store `mapstructure:",squash"`\n}';
  const main = (parameter: string) =>
    viper(
      'viper.SetConfigFile(".env")\nviper.AutomaticEnv()\nvar all All\nviper.Unmarshal(&all)\nserve(all.Web)',
      `${types}\n\nfunc serve(${parameter}) {\n\thttp.ListenAndServe(fmt.Sprintf(":%s", cfg.Port), nil)\n}`,
    );

  it.each([
    ['by value', 'cfg Web'],
    ['by pointer', 'cfg *Web'],
    ['beside others', 'name string, cfg Web'],
  ])('is that of the type of the parameter: %s', async (_, parameter) => {
    expect(portOf(await inspect({ 'main.go': main(parameter) }))).toMatchObject({ variable: 'WEB_LISTEN' });
  });

  it('is not known where nothing says the type', async () => {
    expect(portOf(await inspect({ 'main.go': main('cfg any') }))).not.toMatchObject({ variable: 'WEB_LISTEN' });
  });
});
