import { describe, expect, it } from 'vitest';
import { language } from '../../../../src/languages/go/index.ts';
import type { Config } from '../../../../src/model/config.ts';
import type { Facts } from '../../../../src/model/facts.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const inspect = (files: Readonly<Record<string, string>>, config: Config = {}, root = '.'): Promise<Facts> =>
  language.inspect({
    project: memoryProject({ 'go.mod': 'module example.com/shop\n\ngo 1.27\n', ...files }),
    root,
    config,
    archetype: undefined,
    existing: [],
    examples: new Map(),
    hints: [],
  });

/** A server on PostgreSQL with more imports, statements and declarations. */
const server = (imports: readonly string[] = [], body = '', more = '', address = 'DATABASE_URL') =>
  `package main\n\nimport (\n${['net/http', 'os', 'github.com/jackc/pgx/v5', ...imports].map((one) => `\t"${one}"`).join('\n')}\n)\n\n${more}\n\nfunc main() {\n\tdb := pgx.Connect(os.Getenv("${address}"))\n${body}\n\thttp.ListenAndServe(":8080", nil)\n}\n`;

const codes = ({ notes }: Facts) => notes.map(({ code }) => code).filter((code) => code.includes('migrates'));

const goose = '-- +goose Up\nCREATE TABLE one (id int);\n\n-- +goose Down\nDROP TABLE one;\n';

describe('a program that applies its migrations when it starts', () => {
  it.each([
    ['goose', ['github.com/pressly/goose/v3'], 'goose.Up(db, "migrations")', ''],
    ['goose by one call for all', ['github.com/pressly/goose/v3'], 'goose.Run("up", db, "migrations")', ''],
    [
      'golang-migrate',
      ['github.com/golang-migrate/migrate/v4'],
      'm, _ := migrate.New("file://migrations", url)\nm.Up()',
      '',
    ],
    ['tern', ['github.com/jackc/tern/v2/migrate'], 'prepare()', 'func prepare() {\n\tm.Migrate(ctx)\n}'],
    ['GORM', ['gorm.io/gorm'], 'db.AutoMigrate(&Order{})', ''],
  ])('is told of several replicas: %s', async (_, imports, body, more) => {
    const facts = await inspect({ 'main.go': server(imports, body, more), 'migrations/001_one.sql': goose });
    expect(codes(facts)).toEqual(['migrates-itself']);
    expect(facts.migration).toBeUndefined();
  });

  it.each([
    ['a call of another library', [], 'elevator.Up()', ''],
    ['what a command says that it does', ['github.com/pressly/goose/v3'], 'goose.Run("status", db, "migrations")', ''],
    [
      'a command for the database alone',
      ['github.com/pressly/goose/v3', 'github.com/spf13/cobra'],
      '',
      'var command = &cobra.Command{Use: "migrate", RunE: apply}\n\nfunc apply() error {\n\treturn goose.Up(db, "migrations")\n}',
    ],
  ])('is not %s', async (_, imports, body, more) => {
    expect(codes(await inspect({ 'main.go': server(imports, body, more) }))).toEqual([]);
  });
});

describe('migrations that only a tool applies', () => {
  it.each([
    [
      'goose, by the marks of its files',
      { 'sql/schema/001_one.sql': goose },
      'exec goose -dir sql/schema postgres "$DATABASE_URL" up',
      { path: 'github.com/pressly/goose/v3/cmd/goose', release: 'v3.30.1' },
    ],
    [
      'goose, at the release of go.mod',
      {
        'go.mod': 'module example.com/shop\n\ngo 1.27\n\nrequire github.com/pressly/goose/v3 v3.20.0\n',
        'migrations/001_one.sql': goose,
      },
      'exec goose -dir migrations postgres "$DATABASE_URL" up',
      { path: 'github.com/pressly/goose/v3/cmd/goose', release: 'v3.20.0' },
    ],
    [
      'golang-migrate, as a tool of go.mod',
      {
        'go.mod': 'module example.com/shop\n\ngo 1.27\n\ntool github.com/golang-migrate/migrate/v4/cmd/migrate\n',
        'db/migrations/000001_one.up.sql': 'CREATE TABLE one (id int);',
        'db/migrations/000001_one.down.sql': 'DROP TABLE one;',
      },
      'exec migrate -path db/migrations -database "pgx5://${DATABASE_URL#*://}" up',
      { path: 'github.com/golang-migrate/migrate/v4/cmd/migrate', tags: ['pgx5'] },
    ],
    [
      'tern, in a folder with a blank',
      {
        'my migrations/001_one.sql':
          'CREATE TABLE one (id int);\n---- create above / drop below ----\nDROP TABLE one;\n',
      },
      `exec tern migrate --migrations 'my migrations' --conn-string "$DATABASE_URL"`,
      { path: 'github.com/jackc/tern/v2', release: 'v2.3.4' },
    ],
  ])('are a job: %s', async (_, files, script, migrator) => {
    const facts = await inspect({ 'main.go': server(), ...files });
    expect(facts.migration).toMatchObject({ value: { argv: ['sh', '-c', script] } });
    expect((facts.details as { migrator?: object }).migrator).toEqual({ title: expect.any(String), ...migrator });
    expect(codes(facts)).toEqual([]);
  });

  it.each([
    ['files that name no tool', { 'migrations/001_one.sql': 'CREATE TABLE one (id int);' }],
    ['files of golang-migrate and of others', { 'migrations/1_one.up.sql': 'CREATE TABLE one (id int);' }],
    ['several folders of which one may be for tests', { 'a/001_one.sql': goose, 'b/001_one.sql': goose }],
  ])('are left alone: %s', async (_, files) => {
    const facts = await inspect({ 'main.go': server(), ...files });
    expect([facts.migration, codes(facts)]).toEqual([undefined, []]);
  });

  it('are told of where no variable has the address', async () => {
    const facts = await inspect({ 'main.go': server([], '', '', 'PG_HOST'), 'migrations/001_one.sql': goose });
    expect([facts.migration, codes(facts)]).toEqual([undefined, ['nothing-migrates']]);
  });

  it('are applied by one of several programs: the one that listens', async () => {
    const worker = server().replace('http.ListenAndServe(":8080", nil)', 'time.NewTicker(1)');
    const files = { 'cmd/a/main.go': worker, 'cmd/web/main.go': server(), 'migrations/001_one.sql': goose };
    expect((await inspect(files, {}, 'cmd/web')).migration).toBeDefined();
    const other = await inspect(files, {}, 'cmd/a');
    expect([other.migration, codes(other)]).toEqual([undefined, ['migrates-elsewhere']]);
  });

  it('are what the configuration says', async () => {
    const files = { 'main.go': server(), 'migrations/001_one.sql': goose };
    expect((await inspect(files, { migrate: false })).migration).toBeUndefined();
    const argv = ['/out/shop', 'migrate'];
    expect((await inspect(files, { migrate: argv })).migration).toMatchObject({ value: { argv }, by: 'config' });
  });
});
