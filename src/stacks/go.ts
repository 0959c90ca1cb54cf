import type { Evidence } from '../model/evidence.ts';
import type { RecipeStep } from '../model/recipe.ts';

/** The name of the runtime, and of what resolves modules. */
export const goRuntime = 'golang';

/** What only applications in Go have, as their facts hold it in `details`. */
export type GoDetails = {
  readonly language: 'go';
  /** the folder of the module, relative to the build context; `.` for its root */
  readonly module: string;
  /** the folder of `package main`, relative to the module */
  readonly main: string;
  /** name of the binary */
  readonly binary: string;
  /** manifests that `go mod download` reads, relative to the build context */
  readonly manifests: readonly string[];
  /** folders of the build context that are compiled with it and lie in other modules */
  readonly beside: readonly string[];
  /** the packages lie in the project (`vendor/`) */
  readonly vendored?: true;
  /** documents are compiled into it, or a folder of them is a package */
  readonly documents?: true;
  /** nothing but the standard library */
  readonly alone?: true;
  /** parts in C: what needs them, and whether they are in C++ */
  readonly cgo?: { readonly by: string; readonly cpp?: true };
  readonly tags?: readonly string[];
  /** the line by which its `GOMAXPROCS` is that of the machine, and not of its container */
  readonly countsHost?: Evidence;
  /** arguments behind the binary */
  readonly args?: readonly string[];
  /** files that the program does not start without, and whose values the environment has: empty ones, or with the names alone */
  readonly placeholders?: readonly { readonly path: string; readonly lines: readonly string[] }[];
  /** commands that write sources before anything is compiled */
  readonly generators?: readonly (readonly string[])[];
  /** packages of another language whose build makes what is compiled into the program; paths are relative to the build context */
  readonly assets?: readonly {
    readonly folder: string;
    /** files of the folder that installing reads */
    readonly manifests: readonly string[];
    /** what installs its packages */
    readonly steps: readonly RecipeStep[];
    readonly build: readonly string[];
    readonly outputs: readonly string[];
    readonly from: Evidence;
  }[];
  /** modules that come from their own hosts, as GOPRIVATE has them, and the build secrets by which fetching logs in there; absent: none */
  readonly private?: { readonly patterns: string; readonly secrets: readonly string[] };
  /** arguments by which the program itself asks whether it answers */
  readonly healthcheck?: readonly string[];
  /** further programs of the module, each a binary beside that of the server; `main` is relative to the module */
  readonly programs?: readonly { readonly name: string; readonly main: string }[];
  /** the one of these that a job runs */
  readonly job?: string;
  /** the tool that brings the database up to date; without a release it is a tool of go.mod */
  readonly migrator?: {
    readonly title: string;
    readonly path: string;
    readonly release?: string;
    readonly tags?: readonly string[];
  };
};

/** A package by which a program listens. `argument` is the place of the address among what the call is given. */
export type GoListener = {
  readonly module: string;
  readonly calls: readonly { readonly name: string; readonly argument: number }[];
  /** where it listens when the call is given no address */
  readonly usual?: { readonly port: number; readonly variable?: string };
};

/** By module path; methods are known by their last name. */
export const goListeners: readonly GoListener[] = [
  {
    module: 'net/http',
    calls: [
      { name: 'ListenAndServe', argument: 0 },
      { name: 'ListenAndServeTLS', argument: 0 },
    ],
  },
  // gin.Engine.Run: the variable PORT, else 8080 (gin-gonic/gin, utils.go, resolveAddress)
  {
    module: 'github.com/gin-gonic/gin',
    calls: [
      { name: 'Run', argument: 0 },
      { name: 'RunTLS', argument: 0 },
    ],
    usual: { port: 8080, variable: 'PORT' },
  },
  {
    module: 'github.com/labstack/echo',
    calls: [
      { name: 'Start', argument: 0 },
      { name: 'StartTLS', argument: 0 },
    ],
  },
  {
    module: 'github.com/gofiber/fiber',
    calls: [
      { name: 'Listen', argument: 0 },
      { name: 'ListenTLS', argument: 0 },
    ],
  },
  { module: 'github.com/valyala/fasthttp', calls: [{ name: 'ListenAndServe', argument: 0 }] },
  { module: 'github.com/kataras/iris', calls: [{ name: 'Listen', argument: 0 }] },
  { module: 'net', calls: [{ name: 'net.Listen', argument: 1 }] },
];

/** Routers and servers with a title. */
export const goServers: readonly { readonly module: string; readonly name: string; readonly title: string }[] = [
  { module: 'github.com/go-chi/chi', name: 'chi', title: 'chi' },
  { module: 'github.com/gin-gonic/gin', name: 'gin', title: 'Gin' },
  { module: 'github.com/labstack/echo', name: 'echo', title: 'Echo' },
  { module: 'github.com/gofiber/fiber', name: 'fiber', title: 'Fiber' },
  { module: 'github.com/gorilla/mux', name: 'gorilla', title: 'gorilla/mux' },
  { module: 'google.golang.org/grpc', name: 'grpc', title: 'gRPC' },
  { module: 'net/http', name: 'net-http', title: 'net/http' },
];

/** Modules with parts in C; `cpp`: in C++, or with libraries made of it. */
export const goNative: readonly { readonly module: string; readonly cpp?: true }[] = [
  { module: 'github.com/mattn/go-sqlite3' },
  { module: 'gorm.io/driver/sqlite' },
  { module: 'github.com/mutecomm/go-sqlcipher' },
  { module: 'github.com/confluentinc/confluent-kafka-go' },
  { module: 'github.com/chai2010/webp', cpp: true },
  { module: 'github.com/kolesa-team/go-webp' },
  { module: 'github.com/smacker/go-tree-sitter' },
  { module: 'github.com/tree-sitter/go-tree-sitter' },
  { module: 'github.com/marcboeker/go-duckdb', cpp: true },
  { module: 'github.com/duckdb/duckdb-go', cpp: true },
];

/** Packages that programs on a command line are made with. */
export const goCommandLines: readonly string[] = [
  'flag',
  'github.com/spf13/cobra',
  'github.com/spf13/pflag',
  'github.com/urfave/cli',
  'github.com/alecthomas/kong',
  'github.com/alecthomas/kingpin',
  'github.com/charmbracelet/bubbletea',
];

/** Modules of bots, which stay connected or ask again and again until they are stopped. */
export const goBots: readonly string[] = [
  'github.com/go-telegram-bot-api/telegram-bot-api',
  'github.com/go-telegram/bot',
  'github.com/mymmrac/telego',
  'gopkg.in/telebot.v3',
  'gopkg.in/telebot.v4',
  'gopkg.in/tucnak/telebot.v2',
  'github.com/bwmarrin/discordgo',
  'github.com/disgoorg/disgo',
  'github.com/slack-go/slack/socketmode',
  'github.com/gempir/go-twitch-irc',
];

/** Whether an import is of a module: its path, or one below it, in any major version. */
export const isOfModule = (path: string, module: string): boolean => path === module || path.startsWith(`${module}/`);

/** A library that fills in structs from the environment, by tags of their fields. */
export type GoEnvironment = {
  readonly module: string;
  /** the keys of the tag: the variable, its default, that it is required, and what stands before the names of a type */
  readonly name: string;
  readonly fallback: string;
  readonly required: string;
  readonly prefix?: string;
};

export const goEnvironments: readonly GoEnvironment[] = [
  {
    module: 'github.com/caarlos0/env',
    name: 'env',
    fallback: 'envDefault',
    required: 'envRequired',
    prefix: 'envPrefix',
  },
  { module: 'github.com/kelseyhightower/envconfig', name: 'envconfig', fallback: 'default', required: 'required' },
  {
    module: 'github.com/ilyakaznacheev/cleanenv',
    name: 'env',
    fallback: 'env-default',
    required: 'env-required',
    prefix: 'env-prefix',
  },
  { module: 'github.com/sethvargo/go-envconfig', name: 'env', fallback: 'default', required: 'required' },
];

/** What reads settings from files, variables and defaults by keys. */
export const goViper = 'github.com/spf13/viper';

/** https://github.com/knadh/koanf */
export const goKoanf = 'github.com/knadh/koanf';

/** Calls that read a file of settings, by the place of its path. */
export const goSettingsReaders: readonly { readonly name: string; readonly argument: number }[] = [
  { name: 'os.ReadFile', argument: 0 },
  { name: 'ioutil.ReadFile', argument: 0 },
  { name: 'os.Open', argument: 0 },
  { name: 'cleanenv.ReadConfig', argument: 0 },
  { name: 'file.Provider', argument: 0 },
  { name: 'toml.DecodeFile', argument: 0 },
  { name: 'hclsimple.DecodeFile', argument: 0 },
  { name: 'ini.Load', argument: 0 },
];

/** Calls that read a file of variables, `.env` where none is named. */
export const goEnvFileReaders: readonly string[] = ['godotenv.Load', 'godotenv.Overload', 'godotenv.Read'];

/** A program that writes sources, taken at the release of its module in go.mod. */
export type GoGenerator = {
  readonly title: string;
  readonly module: string;
  readonly program: string;
  readonly arguments: readonly string[];
  /** for each source of an ending it writes a file of another one */
  readonly source?: { readonly ending: string; readonly written: string };
  /** it writes a package in a folder of that name, for the file that describes the program */
  readonly folder?: string;
};

export const goGenerators: readonly GoGenerator[] = [
  // https://templ.guide/developer-tools/cli
  {
    title: 'templ',
    module: 'github.com/a-h/templ',
    program: 'github.com/a-h/templ/cmd/templ',
    arguments: ['generate'],
    source: { ending: '.templ', written: '_templ.go' },
  },
  // https://github.com/swaggo/swag, "swag cli"
  {
    title: 'swag',
    module: 'github.com/swaggo/swag',
    program: 'github.com/swaggo/swag/cmd/swag',
    arguments: ['init'],
    folder: 'docs',
  },
];

/** What brings a database up to date, as a library of the program or as a program of its own. */
export type GoMigrator = {
  readonly title: string;
  /** the module without its major version */
  readonly module: string;
  /** calls that apply what is there, in files that import it: by their whole names where these have a dot, else by the last one */
  readonly applies: readonly string[];
  /** how its files are known: by what their names end with, and by a line that each has; absent: it has none */
  readonly marks?: { readonly ending: string; readonly line?: string };
  /** its program; absent: none that a job runs */
  readonly tool?: {
    readonly path: string;
    /** the module of the program, with its major version */
    readonly of: string;
    /** the release that is taken where go.mod names none */
    readonly release: string;
    readonly tags?: readonly string[];
    /** databases that it is started for, by their names in `services/`, with the command for a folder and a variable that has the whole address */
    readonly commands: Readonly<Record<string, (folder: string, variable: string) => string>>;
  };
};

export const goMigrators: readonly GoMigrator[] = [
  // https://pressly.github.io/goose/documentation/cli-commands
  {
    title: 'goose',
    module: 'github.com/pressly/goose',
    applies: ['Up', 'UpContext', 'UpTo', 'UpToContext', 'goose.Run', 'goose.RunContext'],
    marks: { ending: '.sql', line: '-- +goose Up' },
    tool: {
      path: 'github.com/pressly/goose/v3/cmd/goose',
      of: 'github.com/pressly/goose/v3',
      release: 'v3.30.1',
      commands: { postgres: (folder, variable) => `exec goose -dir ${folder} postgres "$${variable}" up` },
    },
  },
  // https://github.com/golang-migrate/migrate/tree/master/cmd/migrate; lib/pq refuses a server without TLS, pgx does not
  {
    title: 'golang-migrate',
    module: 'github.com/golang-migrate/migrate',
    applies: ['Up', 'Migrate'],
    marks: { ending: '.up.sql' },
    tool: {
      path: 'github.com/golang-migrate/migrate/v4/cmd/migrate',
      of: 'github.com/golang-migrate/migrate/v4',
      release: 'v4.20.1',
      tags: ['pgx5'],
      commands: {
        postgres: (folder, variable) => `exec migrate -path ${folder} -database "pgx5://\${${variable}#*://}" up`,
      },
    },
  },
  // https://github.com/jackc/tern, "Migrations"
  {
    title: 'tern',
    module: 'github.com/jackc/tern',
    applies: ['Migrate', 'MigrateTo'],
    marks: { ending: '.sql', line: '---- create above / drop below ----' },
    tool: {
      path: 'github.com/jackc/tern/v2',
      of: 'github.com/jackc/tern/v2',
      release: 'v2.3.4',
      commands: {
        postgres: (folder, variable) => `exec tern migrate --migrations ${folder} --conn-string "$${variable}"`,
      },
    },
  },
  // https://github.com/amacneil/dbmate, "Creating Migrations"
  {
    title: 'dbmate',
    module: 'github.com/amacneil/dbmate',
    applies: ['CreateAndMigrate', 'Migrate'],
    marks: { ending: '.sql', line: '-- migrate:up' },
  },
  // https://gorm.io/docs/migration.html
  { title: 'GORM', module: 'gorm.io/gorm', applies: ['AutoMigrate'] },
];

/** Calls that open a database in a file or a folder: by the place of its path, and the drivers that the first argument has to name, if any. */
export const goFileDatabases: readonly {
  readonly name: string;
  readonly argument: number;
  readonly drivers?: readonly string[];
}[] = [
  { name: 'sqlite.Open', argument: 0 },
  ...['sql.Open', 'sqlx.Open', 'sqlx.Connect', 'sqlx.MustConnect', 'sqlx.MustOpen'].map((name) => ({
    name,
    argument: 1,
    drivers: ['sqlite', 'sqlite3', 'sqlite3_extended', 'duckdb'],
  })),
  { name: 'bolt.Open', argument: 0 },
  { name: 'bbolt.Open', argument: 0 },
  { name: 'badger.DefaultOptions', argument: 0 },
  { name: 'leveldb.OpenFile', argument: 0 },
  { name: 'pebble.Open', argument: 0 },
];
