/**
 * Committed files of variables: those that builders read by themselves (`.env` and the one of the mode: vite.dev/guide/env-and-mode, nextjs.org/docs,
 * create-react-app.dev), and those that the start command names.
 */
import { posix } from 'node:path';
import { isOnlyExample } from '../../../catalog/placeholders.ts';
import { entriesOf, envFilesOf, isOpen } from '../../../formats/env/files.ts';
import type { Facts, Variable } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { type App, present } from '../app.ts';

/** What a build for production reads, the weakest first; and what the development server reads. */
const ofProduction = ['.env', '.env.production'];
const ofDevelopment = '.env.development';

/**
 * The values that committed files give to variables of the build: nobody has to set those. The files belong to the build then; one that holds a secret stays
 * out of it, and its values are only the defaults. `isBuilt` tells which variables the build writes into the code.
 */
export function withModeFiles(app: App, facts: Facts, isBuilt: (variable: Variable) => boolean): Facts {
  // the tool of a site reads them, whatever of the sources was understood
  if (!facts.site && !facts.variables.some(isBuilt)) return facts;
  const found = [...ofProduction, ofDevelopment].flatMap((name) => readModeFile(app, name));
  if (found.length === 0) return facts;
  const open = found.filter(({ isOpen }) => isOpen).map(({ name, from }) => detected(name, [from]));
  const variables = facts.variables.map((variable) => {
    const told = found.findLast(
      ({ name, values }) => name !== ofDevelopment && isSaid(values.get(variable.name)?.text),
    );
    const value = told?.values.get(variable.name);
    return told && value && isBuilt(variable) ? valued(variable, told, value) : variable;
  });
  return { ...facts, variables, ...(open.length > 0 ? { modeFiles: open } : {}) };
}

/** What only shows the form of a value, or names another variable, is none. */
const isSaid = (text: string | undefined): boolean =>
  text !== undefined && text !== '' && !text.includes('$') && !isOnlyExample(text);

type ModeFile = ReturnType<typeof readModeFile>[number];

function valued(
  { default: _, example: _unused, external: _none, ...variable }: Variable,
  file: ModeFile,
  { text, line }: { readonly text: string; readonly line: number },
): Variable {
  const from = [...variable.from, { file: file.path, line, why: `${variable.name} has a value` }];
  return file.isOpen
    ? { ...variable, required: false, purpose: `its default is in ${file.name}`, from }
    : { ...variable, required: false, default: text, given: true, from };
}

function readModeFile(app: App, name: string) {
  const path = app.path(name);
  const text = app.project.read(path);
  if (text === undefined) return [];
  const entries = entriesOf(text, path);
  if (!entries) return [];
  return [
    {
      name,
      path,
      isOpen: isOpen(entries),
      values: new Map(entries.map((entry) => [entry.name, { text: entry.value ?? '', line: entry.line }])),
      from: { file: path, why: 'the build reads it' },
    },
  ];
}

/** The values of the files that the start command names: the image holds them, and whoever deploys may set others. The port is what they say. */
export function withEnvFiles(app: App, facts: Facts, start: readonly string[] = []): Facts {
  const found = envFilesOf(start)
    .flatMap((name) => readModeFile(app, posix.normalize(name)))
    .filter(({ isOpen }) => isOpen);
  if (found.length === 0) return facts;
  const files = found.map(({ name, from }) => detected(name, [{ ...from, why: 'the start command reads it' }]));
  const told = (name: string) => found.findLast(({ values }) => values.has(name));
  const variables = facts.variables.map((variable) => {
    const file = told(variable.name);
    const value = file?.values.get(variable.name);
    return file && value ? valued(variable, file, value) : variable;
  });
  return {
    ...facts,
    ...portIn(facts, told),
    variables,
    reads: [...facts.reads, ...files.filter(({ value }) => !facts.reads.some((read) => read.value === value))],
    modeFiles: [...(facts.modeFiles ?? []), ...files],
  };
}

/** The port, where its variable has a value in a file and nothing in the source has the last word. */
function portIn({ port }: Facts, told: (name: string) => ModeFile | undefined): Partial<Pick<Facts, 'port'>> {
  const variable = port && 'value' in port ? port.value.variable : undefined;
  const file = variable === undefined ? undefined : told(variable);
  const value = variable === undefined ? undefined : file?.values.get(variable);
  const number = Number(value?.text);
  if (!file || !value || !Number.isInteger(number) || number < 1 || number > 65_535) return {};
  return {
    port: detected({ number, ...present('variable', variable) }, [
      { file: file.path, line: value.line, why: `${variable} is ${number}` },
    ]),
  };
}
