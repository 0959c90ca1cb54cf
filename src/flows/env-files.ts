import { posix } from 'node:path';
import { canShip } from '../formats/env/files.ts';
import { envValue, readEnv } from '../formats/env/index.ts';
import { valuesPath } from '../model/compose-arguments.ts';
import type { ExistingService } from '../model/existing.ts';
import type { Facts } from '../model/facts.ts';
import { knownValue } from '../model/known.ts';
import type { Plan } from '../model/plan.ts';
import { isSecretName } from '../model/secret-names.ts';
import { namesLoopback } from '../plan/kept/settings.ts';
import { committed } from '../project/committed.ts';
import type { Project } from '../project/project.ts';
import { services as known } from '../services/registry.gen.ts';
import type { TargetFolder } from '../write/folder.ts';

/** A file of settings that a compose file of the author reads and that is not there: without it the file is not valid, nor is any form over it. */
export type MissingEnvFile = {
  /** relative to the repository */
  readonly path: string;
  /** where the compose file names it, as FILE:LINE */
  readonly place: string;
  /** the example that its names come from; absent: they are what the services read */
  readonly example?: string;
  /** its names with their values; undefined: a random one */
  readonly rows: Readonly<Record<string, string | undefined>>;
};

type EnvFileInput = {
  readonly facts: Pick<Facts, 'docker' | 'variables' | 'port'>;
  readonly plan: Pick<Plan, 'kept'>;
  readonly project: Pick<Project, 'has' | 'read'>;
};

/** Only files that are named as such are made: the name of another is the author's to explain. */
const isEnvFile = (path: string): boolean => /^\.env(\.[\w.-]+)?$|^[\w.-]+\.env$/i.test(posix.basename(path));

const isInside = (path: string): boolean =>
  !/^([/~]|[a-z]:)/i.test(path) && !path.includes('$') && posix.normalize(path).split('/')[0] !== '..';

type EnvFileUser = { readonly service: ExistingService; readonly place: string };

/** The files that the kept compose files need as `env_file` and that `isTaken` says are not there, with the services that read them. */
function readersOf(
  { facts, plan }: EnvFileInput,
  isTaken: (path: string) => boolean,
): readonly (readonly [string, readonly EnvFileUser[]])[] {
  const files = new Set(plan.kept?.files ?? []);
  const sets = (facts.docker?.compose ?? []).filter(
    (set) => set.use !== 'other' && set.use !== 'test' && set.files.every((file) => files.has(file)),
  );
  const readers = new Map<string, EnvFileUser[]>();
  for (const service of sets.flatMap((set) => set.services)) {
    for (const { value, required, from } of service.envFiles) {
      const path = posix.normalize(value);
      if (required === false || !isInside(value) || isTaken(path)) continue;
      const [at] = from;
      const place = at?.line === undefined ? (at?.file ?? '') : `${at.file}:${at.line}`;
      readers.set(path, [...(readers.get(path) ?? []), { service, place }]);
    }
  }
  return [...readers].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The files of settings that the kept compose files read and that `isTaken` says are not there. */
export function missingEnvFiles(ground: EnvFileInput, isTaken: (path: string) => boolean): MissingEnvFile[] {
  const { facts, plan, project } = ground;
  return readersOf(ground, isTaken)
    .filter(([path]) => isEnvFile(path))
    .map(([path, all]) => {
      const example = exampleOf(path).find(project.has);
      const place = all[0]?.place ?? '';
      const connected = withWritten(plan.kept?.envFiles?.[path] ?? {}, facts);
      if (example === undefined) {
        const rows = Object.assign({}, ...all.map(({ service }) => readBy(service, facts)));
        return { path, place, rows: { ...rows, ...withinFile(connected, rows) } };
      }
      const rows = Object.entries(readEnv(project.read(example) ?? '', example));
      const open = rows.filter(([, value]) => value === '' || namesLoopback(value)).map(([name]) => name);
      const known = Object.fromEntries(rows.map(([name, value]) => [name, filled(name, value)]));
      const fitting = Object.entries(withinFile(connected, known)).filter(([name]) => open.includes(name));
      return { path, place, example, rows: { ...known, ...Object.fromEntries(fitting) } };
    });
}

/** What is said of files of settings that are there, hold secrets, and that git does not leave out: the next commit would publish them. */
export const unignoredNotes = ({ plan, project }: { readonly plan: Plan; readonly project: Project }): string[] => {
  const tracked = committed(project);
  return [...new Set([valuesPath(plan), '.env'])].flatMap((path) => {
    const text = tracked.read(path);
    if (text === undefined || canShip(text, path)) return [];
    return [
      `${path} contains secrets, and Git does not ignore it: add \`${path}\` to .gitignore. If it is already committed, remove it with \`git rm --cached ${path}\` and replace its secrets.`,
    ];
  });
};

/** What is said of such files that are not offered: they are no files of settings by their names, or everything is written elsewhere. */
export const envFileWarnings = (
  ground: EnvFileInput,
  isTaken: (path: string) => boolean,
  isOffered: boolean,
): string[] =>
  readersOf(ground, isTaken)
    .filter(([path]) => !isOffered || !isEnvFile(path))
    .map(
      ([path, [first]]) =>
        `${first?.place ?? ''} reads ${path}, which does not exist, and docker compose does not start without it. Create it, or write \`{ path: ${path}, required: false }\` there.`,
    );

/** The values with the passwords that the compose files write out: the server was made with those, and takes no other. */
function withWritten(values: Readonly<Record<string, string>>, { docker }: Pick<Facts, 'docker'>) {
  const written = new Map(
    (docker?.compose ?? []).flatMap(({ services }) =>
      services.flatMap(({ service, env }) =>
        (known.find(({ name }) => name === service)?.login?.password.variables ?? []).flatMap((name) => {
          const value = Object.hasOwn(env, name) ? env[name]?.value : undefined;
          return value == null || value === '' || value.includes('$') ? [] : [[name, value] as const];
        }),
      ),
    ),
  );
  const filledIn = (text: string) => text.replace(reference, (whole, name: string) => written.get(name) ?? whole);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, filledIn(value)]));
}

/** The values that name no variable but those of the file itself, and secrets, which are the same in each file. */
const withinFile = (
  values: Readonly<Record<string, string>>,
  rows: MissingEnvFile['rows'],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).filter(([, value]) =>
      (value.match(/\$\{\w+\}/g) ?? [])
        .map((whole) => whole.slice('${'.length, -'}'.length))
        .every((name) => Object.hasOwn(rows, name) || Object.hasOwn(values, name) || isSecretName(name)),
    ),
  );

const reference = /\$\{(\w+)\}/g;

/** What an example leaves empty and is a secret gets a value of its own. */
const filled = (name: string, value: string): string | undefined =>
  value === '' && isSecretName(name) ? undefined : value;

const endings = ['example', 'sample', 'template', 'dist'];

/** Names that the example of a file of settings has, the nearest first. */
function exampleOf(path: string): readonly string[] {
  const folder = posix.dirname(path);
  const name = posix.basename(path);
  const own = endings.flatMap((ending) => [
    posix.join(folder, `${name}.${ending}`),
    posix.join(folder, name.replace(/^\.env/, `.env.${ending}`)),
    posix.join(folder, name.replace(/\.env$/, `.${ending}.env`)),
  ]);
  const shared = endings.map((ending) => `.env.${ending}`);
  return [...own, ...shared.map((one) => posix.join(folder, one)), ...shared].filter((one) => one !== path);
}

/** What a service reads, as far as it is known: the variables of the code, or the password that an image asks for. */
function readBy(
  { runs, service, env }: ExistingService,
  { variables, port }: Pick<Facts, 'variables' | 'port'>,
): MissingEnvFile['rows'] {
  // the port that the author's files reach it at beats the default of the source
  const own = port && knownValue(port);
  const names = (all: readonly string[]) => all.filter((name) => !Object.hasOwn(env, name));
  if (runs === 'backing') {
    const password = known.find(({ name }) => name === service)?.login?.password.variables[0];
    return Object.fromEntries(names(password === undefined ? [] : [password]).map((name) => [name, undefined]));
  }
  if (runs !== 'application') return {};
  const read = new Map(variables.map((variable) => [variable.name, variable]));
  return Object.fromEntries(
    names([...read.keys()]).map((name) => {
      const variable = read.get(name);
      const value = name === own?.variable ? String(own.number) : (variable?.default ?? variable?.example ?? '');
      return [name, variable?.secret === true || isSecretName(name) ? undefined : value];
    }),
  );
}

/** Its text; `random` gives the value of a secret by its name, the same in each file. Rows in `without` stand there already. */
export function envFileText(
  { rows, example, place }: MissingEnvFile,
  random: (name: string) => string,
  without: readonly string[] = [],
): string {
  const value = (name: string, within: readonly string[] = []): string =>
    rows[name]?.replace(reference, (text, other: string) =>
      within.includes(other) || !(Object.hasOwn(rows, other) || isSecretName(other))
        ? text
        : value(other, [...within, name]),
    ) ?? random(name);
  const lines = Object.keys(rows)
    .filter((name) => !without.includes(name))
    .map((name) => [name, value(name, [name])] as const)
    .map(([name, text]) => `${name}=${text === '' ? '' : envValue(text)}`);
  const from = example === undefined ? 'it has what the code reads' : `it was made from ${example}`;
  return [`# For this machine only: ignored by Git. ${place} reads it; ${from}.`, ...lines, ''].join('\n');
}

/** The values of this machine, by name; undefined: there is no file of them. A link is the owner's way to a file elsewhere, and what it holds is not ours to read. */
export function valuesOf(plan: Plan, folder: TargetFolder): Readonly<Record<string, string>> | undefined {
  const path = valuesPath(plan);
  const there = folder.isPlainFile(path) ? folder.read(path) : undefined;
  return there && readEnv(there.content, path);
}
