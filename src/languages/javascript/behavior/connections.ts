import { isForeignKey } from '../../../catalog/foreign-keys.ts';
import { withReferences } from '../../../formats/env/index.ts';
import type { Dependency, Facts, ServiceUse, Variable } from '../../../model/facts.ts';
import { isOwnSecretName, isSecretForm, isSecretName } from '../../../model/secret-names.ts';
import { services } from '../../../services/registry.gen.ts';
import type { Example } from '../../contract.ts';
import { type App, present } from '../app.ts';
import { secretForms } from '../environment/secret-forms.ts';
import { loaderNotes, mergeUses, readUses } from '../environment/variables.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { exampleFile } from '../modules/paths.ts';
import { tlsNotes } from './database-tls.ts';
import { readExternals } from './externals.ts';
import { placedOutside } from './service-addresses.ts';
import { readByMappers, readServices } from './services.ts';
import { componentVariables, type FoundSite } from './site.ts';

/** Variables, and what they point to: backing services and APIs outside. */
export function readConnections(
  context: AnalysisContext,
  dependencies: readonly Dependency[],
): Pick<Facts, 'variables' | 'services' | 'externals' | 'notes'> {
  const examples = context.app.examples;
  const { uses, loaders } = readUses(context);
  const merged = mergeUses(uses);
  const byMappers = readByMappers(context, new Set(merged.map(({ name }) => name)));
  const read = [...merged, ...byMappers];
  const names = new Set(read.map(({ name }) => name));
  const drafts = read.map((draftVariable) =>
    withExample(draftVariable, examples.get(draftVariable.name), shownFor(draftVariable.name, examples, names)),
  );
  const deployed = drafts.filter(({ name }) => !isOfTests(name, names));
  const { services: used, pointing, notes } = readServices(context, deployed, dependencies);
  const externals = readExternals(context, deployed, new Set(pointing.keys()));
  const configured = context.app.config.variables ?? {};
  const forms = secretForms(context);
  const variables = drafts.map(({ example, ...read }): Variable => {
    const dialect = pointing.has(read.name) ? undefined : dialectFor(read, used);
    const described =
      dialect === undefined ? read : { ...read, default: dialect, given: true as const, required: false };
    const points = pointing.get(described.name);
    const draft = placedOutside(described, points);
    const external = externals.find(
      (external) => external.urlVariable === draft.name || external.keyVariable === draft.name,
    )?.name;
    const credentials = [draft.default, example].some((text) => text !== undefined && isSecretForm(text));
    const plain = /^(\d+(\.\d+)?|true|false)$/.test(draft.default ?? '');
    const secret = (isSecretName(draft.name) && !plain) || points?.part === 'password' || credentials;
    const settings = configured[draft.name];
    const { form = forms.get(draft.name), ...plainDraft } = draft;
    const half = form && 'key' in form ? form.half : undefined;
    const hidden = settings?.secret ?? (half === undefined ? secret : half === 'private');
    return {
      ...plainDraft,
      secret: hidden,
      ...(form && (hidden || half === 'public') ? { form } : {}),
      ...(example !== undefined && !hidden ? { example } : {}),
      ...(points ? { service: points.service, part: points.part } : {}),
      ...(external === undefined ? {} : { external }),
      ...present('fileOf', points ? undefined : secretFile(draft.name, pointing)),
      // with no value it signs with nothing, and with one of the source anybody can sign
      ...(hidden && !points && external === undefined && isMadeHere(draft.name) ? { required: true } : {}),
      ...(isOfTests(draft.name, names) ? { required: false } : {}),
      ...(settings?.required === undefined ? {} : { required: settings.required }),
      ...(settings?.default === undefined ? {} : { default: settings.default, given: true as const }),
      ...(settings?.purpose === undefined ? {} : { purpose: settings.purpose }),
    };
  });
  return {
    variables: variables.sort((a, b) => (a.name < b.name ? -1 : 1)),
    services: [...used],
    externals,
    notes: [...notes, ...tlsNotes(context, used), ...loaderNotes(loaders)],
  };
}

/** Whether a secret of this name is the application's own, and none that another party hands out: `SQS_SECRET_ACCESS_KEY`. */
const isMadeHere = (name: string): boolean => isOwnSecretName(name) && !isForeignKey(name);

/** An example for who deploys: what it refers to stays a reference where the app reads that, too, so that one value is set once. */
function shownFor(name: string, examples: ReadonlyMap<string, Example>, read: ReadonlySet<string>): string | undefined {
  const example = examples.get(name);
  if (example?.refers === undefined || example.value === '') return undefined;
  return withReferences(example.refers, (other, fallback) =>
    read.has(other) ? `\${${other}}` : examples.get(other)?.value || fallback,
  );
}

/** What the source says of a variable, with what the project's example of its settings says besides. */
function withExample(
  item: ReturnType<typeof mergeUses>[number],
  example: Example | undefined,
  shown: string | undefined,
) {
  const value = item.example ?? (example?.value === '' ? undefined : example?.value);
  return {
    ...item,
    ...(item.purpose === undefined && example?.purpose !== undefined ? { purpose: example.purpose } : {}),
    ...(value === undefined ? {} : { example: item.example ?? shown ?? value }),
    // a path without a default is set to the one of the example, whose folder is kept
    ...(item.default === undefined && isFileName(item.name) && exampleFile(value) !== undefined && value !== undefined
      ? { default: value, given: true as const, required: false }
      : {}),
    from: example
      ? [...item.from, { file: example.file, line: example.line, why: `${item.name} is in the example` }]
      : item.from,
  };
}

/**
 * Whether a variable is the one for tests beside another that is deployed: `TEST_DATABASE_URL` beside `DATABASE_URL`. Tests empty what it names, so
 * that it is given nothing of the deployment.
 */
function isOfTests(name: string, names: ReadonlySet<string>): boolean {
  const words = name.split('_');
  const others = words.filter((word) => !/^(tests?|testing|e2e|shadow)$/i.test(word));
  return others.length < words.length && names.has(others.join('_'));
}

/** Which database a mapper speaks to, where a variable without a default says it and there is one database: that one. */
function dialectFor(
  { name, default: own, required }: Pick<Variable, 'name' | 'default' | 'required'>,
  used: readonly ServiceUse[],
): string | undefined {
  if (own !== undefined || !required || !/^([A-Z]+_)?(DIALECT|TYPE)$|^TYPEORM_CONNECTION$/.test(name)) return undefined;
  if (!/^(DB|DATABASE|SQL|POSTGRES|MYSQL|MONGO|TYPEORM|SEQUELIZE|ORM|DIALECT)(_|$)/.test(name)) return undefined;
  const dialects = services
    .filter(({ name: one }) => used.some(({ service }) => service === one))
    .flatMap(({ dialect }) => dialect ?? []);
  return dialects.length === 1 ? dialects[0] : undefined;
}

/** Whether a variable of this name holds the path of a file or a folder. */
const isFileName = (name: string): boolean =>
  /(^|_)(FILE|FILENAME|PATH|DIR|DIRECTORY|FOLDER|DB|DATABASE|SQLITE)$/.test(name);

/** The secret whose file a variable names; not where the secret is a part of the address of a service, which the service has as well. */
function secretFile(name: string, pointing: { has(name: string): boolean }): string | undefined {
  const secret = /^(.+)_FILE$/.exec(name)?.[1];
  return secret !== undefined && isSecretName(secret) && !pointing.has(secret) ? secret : undefined;
}

/** The variables that the build writes into the code; what a page reaches outside is its visitor's to reach. */
export function ofBuild(app: App, variables: readonly Variable[], found: FoundSite): Variable[] {
  const prefixes = found.site.prefixes(found.source);
  const inModules = variables
    .filter((variable) => prefixes.some((prefix) => variable.name.startsWith(prefix)))
    .map(({ external: _external, ...one }) => one);
  const others = componentVariables(app, {
    prefixes,
    output: found.fact.value.output,
    modules: found.site.home(found.source),
  }).filter((componentVariable) => !inModules.some(({ name }) => name === componentVariable.name));
  return [...inModules, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Secrets for which the source has a value of its own: whoever reads the source knows it. */
export const inSourceNotes = (variables: readonly Variable[]): Facts['notes'] =>
  variables
    .filter(
      (variable) =>
        variable.secret && variable.default !== undefined && variable.default !== '' && variable.service === undefined,
    )
    .map((variable) => ({
      code: 'secret-in-source',
      message: `${variable.name} has a default in the source that anybody can read: set a different value for the deployment`,
      from: variable.from.slice(0, 1),
    }));
