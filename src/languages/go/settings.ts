import { posix } from 'node:path';
import { readEnv } from '../../formats/env/index.ts';
import { callOf, fieldsOf, type GoFile, type GoNode, nodesIn } from '../../formats/go/index.ts';
import { isTable, readData } from '../../project/data.ts';
import type { Project } from '../../project/project.ts';
import { readSettings as readYaml } from '../../project/settings.ts';
import { goKoanf, goSettingsReaders, goViper, isOfModule } from '../../stacks/go.ts';
import { type Evaluation, evaluate, type Scope } from './evaluate.ts';
import { inGo } from './program.ts';
import type { Settings, SettingsFile, Viper } from './setting-values.ts';
import { textOf } from './value.ts';

type SettingsCall = { readonly node: GoNode; readonly file: GoFile; readonly fn: Scope['fn'] };

const endings = ['.yaml', '.yml', '.json', '.toml', '.env', '.ini', '.hcl', '.properties'];

/** Reads the files of settings of a program: those that its sources name by a path that is known. */
export function readSettings(evaluation: Evaluation, project: Project, folder: string): Settings {
  const viper = evaluation.program.packages.some(({ path }) => isOfModule(path, goViper))
    ? viperOf(evaluation)
    : undefined;
  const named = [...(viper ? viperFiles(evaluation) : []), ...readerFiles(evaluation)];
  const there = named.filter(({ path }) => project.has(posix.join(folder, path)));
  const files = there.filter((item, at) => there.findIndex(({ path }) => path === item.path) === at);
  const values = new Map(
    files.flatMap(({ path }) => flattened(fileValue(project, posix.join(folder, path)), [])).reverse(),
  );
  const koanf = evaluation.program.packages.some(({ path }) => isOfModule(path, goKoanf))
    ? koanfOf(evaluation)
    : undefined;
  const defaults = [...(viper ? viperDefaults(evaluation) : []), ...(koanf ? koanfDefaults(evaluation) : [])];
  for (const [key, value] of defaults) if (!values.has(key)) values.set(key, value);
  const lacking =
    viper && files.length === 0 ? named.filter(({ path }) => isVariables(path)).map(({ path }) => path) : [];
  return {
    files,
    values,
    lacking: [...new Set(lacking)].slice(0, 1),
    ...(viper ? { viper } : {}),
    ...(koanf?.automatic ? { koanf } : {}),
  };
}

const isVariables = (path: string): boolean => posix.basename(path).startsWith('.env') || path.endsWith('.env');

const callsOf = ({ calls }: Evaluation, ...names: readonly string[]): readonly SettingsCall[] =>
  names.flatMap((name) => calls.get(name) ?? []);

/** The text of an argument of a call. */
const argument = (evaluation: Evaluation, { node, file, fn }: SettingsCall, at: number): string | undefined =>
  textOf(evaluate(evaluation, callOf(node)?.args[at], { file, fn }));

/** A path below the working folder; undefined: it lies elsewhere. */
function below(path: string): string | undefined {
  const plain = posix.normalize(path);
  return plain.startsWith('/') || plain.startsWith('..') || plain.includes('$') ? undefined : plain;
}

const settingsFile = (path: string | undefined, { file, node }: SettingsCall): SettingsFile[] => {
  const plain = path === undefined ? undefined : below(path);
  return plain !== undefined && endings.includes(posix.extname(plain) || posix.basename(plain))
    ? [{ path: plain, from: inGo(file, node, `it reads ${plain}`) }]
    : [];
};

/** `viper.SetConfigFile("config.yaml")`, or a name in folders: `SetConfigName("config")`, `AddConfigPath("./configs")`. */
function viperFiles(evaluation: Evaluation): SettingsFile[] {
  const whole = callsOf(evaluation, 'SetConfigFile').flatMap((call) =>
    settingsFile(argument(evaluation, call, 0), call),
  );
  const folders = callsOf(evaluation, 'AddConfigPath').flatMap((call) => argument(evaluation, call, 0) ?? []);
  const types = callsOf(evaluation, 'SetConfigType').flatMap((call) => argument(evaluation, call, 0) ?? []);
  const found = callsOf(evaluation, 'SetConfigName').flatMap((call) => {
    const name = argument(evaluation, call, 0) ?? 'config';
    const names =
      types.length > 0
        ? [...types.map((type) => `${name}.${type}`), name]
        : endings.map((ending) => `${name}${ending}`);
    return folders.flatMap((folder) => names.flatMap((value) => settingsFile(posix.join(folder, value), call)));
  });
  return [...whole, ...found];
}

/** Calls of libraries that read a file of settings, by the place of its path. */
const readerFiles = (evaluation: Evaluation): SettingsFile[] =>
  goSettingsReaders.flatMap(({ name, argument: at }) =>
    callsOf(evaluation, name.split('.').at(-1) ?? '')
      .filter(({ node }) => callOf(node)?.name === name)
      .flatMap((call) => settingsFile(argument(evaluation, call, at), call)),
  );

function viperOf(evaluation: Evaluation): Viper {
  const [prefix] = callsOf(evaluation, 'SetEnvPrefix').flatMap((call) => argument(evaluation, call, 0) ?? []);
  const [replacer] = callsOf(evaluation, 'SetEnvKeyReplacer');
  const pairs = replacer
    ? nodesIn(replacer.node, 'CallExpr')
        .filter((node) => callOf(node)?.name === 'strings.NewReplacer')
        .flatMap((node) => callOf(node)?.args ?? [])
        .map((node) => textOf(evaluate(evaluation, node, replacer)) ?? '')
    : [];
  return {
    automatic: callsOf(evaluation, 'AutomaticEnv').length > 0,
    prefix: prefix === undefined || prefix === '' ? '' : `${prefix.toUpperCase()}_`,
    replaced: pairs.flatMap((from, at): [string, string][] => (at % 2 === 0 ? [[from, pairs[at + 1] ?? '']] : [])),
    bound: new Map(
      callsOf(evaluation, 'BindEnv').flatMap((call): [string, string][] => {
        const key = argument(evaluation, call, 0);
        const name = argument(evaluation, call, 1) ?? key?.toUpperCase();
        return key === undefined || name === undefined ? [] : [[key.toLowerCase(), name]];
      }),
    ),
  };
}

/** `viper.SetDefault("port", 8080)`. */
const viperDefaults = (evaluation: Evaluation): [string, string][] =>
  callsOf(evaluation, 'SetDefault').flatMap((call): [string, string][] => {
    const key = argument(evaluation, call, 0);
    const value = argument(evaluation, call, 1);
    return key === undefined || value === undefined ? [] : [[key.toLowerCase(), value]];
  });

/** `k.Load(confmap.Provider(map[string]any{"server.port": 8080}, "."), nil)`. */
const koanfDefaults = (evaluation: Evaluation): [string, string][] =>
  callsOf(evaluation, 'Provider')
    .filter(({ node }) => callOf(node)?.name === 'confmap.Provider')
    .flatMap((call) => {
      const table = callOf(call.node)?.args[0];
      const literals =
        table?.type === 'VariableName' ? (evaluation.given.get(table.text) ?? []).map(({ value }) => value) : [table];
      return literals.flatMap((literal) =>
        literal?.type !== 'TypedLiteral'
          ? []
          : [...fieldsOf(literal)].flatMap(([key, value]): [string, string][] => {
              const text = textOf(evaluate(evaluation, value, call));
              return text === undefined ? [] : [[key.toLowerCase(), text]];
            }),
      );
    });

/** `env.Provider("APP_", ".", …)`, whose function makes `.` of `_`, which is how its own page does it: a key is the variable with the prefix. */
function koanfOf(evaluation: Evaluation): Viper {
  const [call] = callsOf(evaluation, 'Provider').filter(({ node }) => callOf(node)?.name === 'env.Provider');
  const prefix = call ? argument(evaluation, call, 0) : undefined;
  const named = call && callOf(call.node)?.args[2];
  const texts = named ? nodesIn(named, 'String').map(({ text }) => text.slice(1, -1)) : [];
  const automatic = prefix !== undefined && texts.includes('_') && texts.includes('.');
  return { automatic, prefix: (prefix ?? '').toUpperCase(), replaced: [['.', '_']], bound: new Map() };
}

function fileValue(project: Project, file: string): unknown {
  const ending = posix.extname(file) || posix.basename(file);
  if (ending === '.yaml' || ending === '.yml') return readYaml(project, file);
  if (ending === '.json' || ending === '.toml') return readData(project, file)?.at([]);
  return ending === '.env' ? readEnv(project.read(file) ?? '', file) : undefined;
}

/** The plain values of a table by key. */
function flattened(value: unknown, path: readonly string[]): [string, string][] {
  if (isTable(value) && path.length < 8)
    return Object.entries(value).flatMap(([key, inner]) => flattened(inner, [...path, key.toLowerCase()]));
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain && path.length > 0 ? [[path.join('.'), String(value)]] : [];
}
