import { posix } from 'node:path';
import type { Source } from '../../../formats/source/index.ts';
import { isGlobal, memberPath, nodesOf } from '../../../formats/source/index.ts';
import type { Archetype } from '../../../model/archetype.ts';
import type { Evidence, Known, Unknown } from '../../../model/evidence.ts';
import type { Facts, ServiceUse, Variable } from '../../../model/facts.ts';
import { detected } from '../../../model/known.ts';
import { type App, inData, inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { binOf, type Commands } from '../scripts/commands.ts';
import type { FoundFullStack, RefusedFullStack } from './full-stack.ts';
import { readLifetime } from './lifetime.ts';
import { connectsOnly, servingPackage } from './openers.ts';
import { type Listening, portVariable } from './port.ts';
import { extensionOf, moreThanSite } from './site.ts';

/** What an archetype is read from. */
export type ArchetypeInput = {
  readonly app: App;
  readonly context: AnalysisContext;
  readonly listening: readonly Listening[];
  readonly frameworks: Facts['frameworks'];
  readonly commands: Pick<Commands, 'start' | 'startFile' | 'opens' | 'devFile'>;
  readonly stated: Known<Archetype> | undefined;
  readonly site: Facts['site'];
  readonly fullStack: FoundFullStack | RefusedFullStack | undefined;
  readonly entry: Facts['entry'];
  readonly variables: readonly Variable[];
  readonly services: readonly ServiceUse[];
  readonly signals: Facts['signals'];
};

/** What is deployed, and what it could be as well, where the project shows both. */
export type FoundArchetype = Pick<Facts, 'archetype' | 'otherwise'>;

/** What is deployed: as somebody states it, else as the project shows it by what its code does. */
export function readArchetype(input: ArchetypeInput): FoundArchetype {
  const { app, listening, frameworks, commands, stated, site, fullStack } = input;
  if (stated) return { archetype: { ...stated, from: [...stated.from] } };
  const [first] = listening;
  if (fullStack && 'fact' in fullStack) return { archetype: detected('web-app', fullStack.fact.from) };
  if (site && !first && frameworks.length === 0) return { archetype: detected('web-app', site.from) };
  // a server in its sources is a part of what the framework builds, where nothing starts it by itself
  if (fullStack && !commands.startFile) return { archetype: ofProgram(input) };
  const served = serverOf(input);
  const bin = binOf(app);
  if (served) return bin && !commands.opens ? toolOrServer(input, served, bin.from) : { archetype: served };
  if (bin && frameworks.length === 0) return { archetype: detected('cli-tool', [bin.from]) };
  return { archetype: ofProgram(input) };
}

/** A server: something listens, or everything that does so is there. */
function serverOf(input: ArchetypeInput): (Known<Archetype> & { readonly from: Evidence[] }) | undefined {
  const { listening, commands, frameworks, context, variables } = input;
  const [first] = listening;
  if (first) return detected('web-service', [inSource(first.at, first.node.start, first.why)]);
  if (commands.opens) return detected('web-service', commands.opens.from);
  const started = commands.start !== undefined;
  const [framework] = frameworks;
  if (framework && started) return detected('web-service', framework.from);
  const whole = servingPackage(context);
  if (whole && started) return detected('web-service', whole.from);
  // a framework that nobody here knows, and the variable that only servers read
  const port = started && !connectsOnly(context) ? portVariable(variables) : undefined;
  const read = port?.from.filter((item) => item.file !== undefined && context.modules.source(item.file) !== undefined);
  return port && read?.[0] ? detected('web-service', read) : undefined;
}

/** A program that is offered as a command and that also listens: what starts it says what it is for, and it is asked once. */
function toolOrServer({ commands }: ArchetypeInput, served: Known<Archetype>, bin: Evidence): FoundArchetype {
  // a script starts it, and it goes on listening: what is offered besides is for those who install it
  if (commands.start?.value.script !== undefined) return { archetype: { ...served, from: [...served.from, bin] } };
  const tool: Known<Archetype> = { value: 'cli-tool', by: 'default', from: [bin] };
  const server: Known<Archetype> = { ...served, by: 'default' };
  const [guess, other] = commands.start ? [server, tool] : [tool, server];
  const copy = (item: Known<Archetype>) => ({ ...item, from: [...item.from] });
  return { archetype: copy({ ...guess, from: [...guess.from, ...other.from] }), otherwise: copy(other) };
}

/** A program that opens no port. */
function ofProgram(input: ArchetypeInput): Facts['archetype'] {
  const { app, context, commands, entry } = input;
  if (input.fullStack && 'unsupported' in input.fullStack)
    return { why: input.fullStack.unsupported, ask: 'archetype', from: [] };
  const extension = extensionOf(app);
  if (extension !== undefined && !commands.start) {
    const why = 'it is a browser extension, which is packaged for its users and not deployed';
    return { why, ask: 'archetype', from: [{ file: extension, why: 'the manifest of a browser extension' }] };
  }
  const more = moreThanSite(app);
  if (more !== undefined) {
    const why = `${more} needs a server at run time, and this version cannot deploy it yet`;
    return { why, ask: 'archetype', from: [] };
  }
  const [source] = context.modules.sources;
  const exported = source && exportsOf(source);
  const isStarted = commands.start !== undefined || isDeveloped(input);
  const library = commands.start || isOwnProgram(input) ? undefined : libraryOf(app, exported, entry);
  if (library) return library;
  if (commands.start && !commands.startFile) return ofForeignStart(commands.start, 'value' in entry);
  if ('why' in entry) return { why: entry.why, ask: entry.ask, from: [...entry.from] };
  const unread = unreadable(context);
  if (!source || unread) return { why: unread ?? `${entry.value} could not be read`, ask: 'archetype', from: [] };
  // a module that hands something out, and that nothing starts
  const handed = exported ?? (app.manifest?.at(['exports']) !== undefined && { why: 'the manifest has exports' });
  if (!isStarted && handed) {
    const why = `${entry.value} exports something, and no script starts it`;
    return { why, ask: 'archetype', from: [handed], choices: ['data-pipeline', 'worker', 'library'] };
  }
  const page = isStarted ? undefined : forBrowsers(context);
  if (page) {
    const why = `${entry.value} is written for browsers, and no build tool that this version supports was found`;
    return { why, ask: 'archetype', from: [page] };
  }
  const { lifetime, sure, from } = readLifetime(context, input.services, input.signals);
  const value = lifetime === 'stays' ? 'worker' : 'data-pipeline';
  const starts = { file: source.file, why: `${entry.value} starts, but opens no port` };
  return { value, by: sure ? 'detected' : 'default', from: [...from, starts] };
}

/** Whether developing starts the file that is the entry, or what is built of it: it is a program, though it may hand something out to tests. */
function isDeveloped({ app, commands: { devFile }, entry }: ArchetypeInput): boolean {
  if (devFile === undefined || !('value' in entry)) return false;
  const file = posix.normalize(devFile.value);
  const stem = (path: string) => posix.basename(path).replace(/\.[cm]?[jt]sx?$/, '');
  return file === entry.value || (!app.project.has(app.path(file)) && stem(file) === stem(entry.value));
}

/** A program that its developer starts, of which the manifest says nothing that a package for others would: `main` is written by `npm init`. */
const isOwnProgram = (input: ArchetypeInput): boolean =>
  isDeveloped(input) &&
  ['exports', 'module', 'types', 'files'].every((key) => input.app.manifest?.at([key]) === undefined);

/** What only a browser has: the document, or a page that loads the module. Nothing of that runs by itself. */
function forBrowsers({ app, modules }: AnalysisContext): Evidence | undefined {
  for (const source of modules.sources) {
    const used = nodesOf(source.program, 'MemberExpression').find(({ object }) => {
      return (
        object.type === 'Identifier' &&
        /^(document|window)$/.test(object.name) &&
        isGlobal(source, object.name, object.start)
      );
    });
    if (used) return inSource(source, used.start, 'it uses the DOM');
  }
  const file = app.path('index.html');
  return app.project.has(file) ? { file, why: 'a page beside it' } : undefined;
}

/** The start script runs a program of a package, of which nothing here says what it does. */
function ofForeignStart(start: NonNullable<Commands['start']>, hasEntry: boolean): Unknown {
  const why = `the start script runs \`${start.value.argv.join(' ')}\`, and it is not known whether that opens a port`;
  const from = [...start.from];
  return hasEntry
    ? { why, ask: 'archetype', from, choices: ['web-service', 'worker', 'data-pipeline'] }
    : {
        why: `${why}; set the key "start" to a command with the file that it runs, such as ["node", "server.js"]`,
        ask: 'start',
        from,
      };
}

const unreadable = ({ modules }: AnalysisContext): string | undefined => {
  const broken = modules.sources.find((source) => source.problems.length > 0);
  return broken && `${broken.file} could not be fully read`;
};

/** A package to publish: it hands something out from a file that is there, and may be published. */
function libraryOf(app: App, exported: Evidence | undefined, entry: Facts['entry']): Facts['archetype'] | undefined {
  const { manifest } = app;
  if (!manifest || manifest.at(['private']) === true) return undefined;
  const key = ['exports', 'main', 'module', 'types'].find((value) => manifest.at([value]) !== undefined);
  if (key === undefined) return undefined;
  const types = 'why' in entry && app.project.has(app.path(manifest.text(['types']) ?? ''));
  if (!exported && !types && key !== 'exports') return undefined;
  if ('why' in entry && !types) {
    const why = `${key} in the manifest points to a file that does not exist, and no source for it was found`;
    return {
      why,
      ask: 'archetype',
      from: [inData(manifest, [key], `${key} is there`)],
      choices: ['library', 'worker'],
    };
  }
  return detected('library', [inData(manifest, [key], `${key} is there, and nothing starts`)]);
}

/** What a module exports, in either form of modules. */
function exportsOf(source: Source): Evidence | undefined {
  const statement = source.program.body.find(
    (item) =>
      item.type === 'ExportDefaultDeclaration' ||
      item.type === 'ExportAllDeclaration' ||
      item.type === 'TSExportAssignment' ||
      (item.type === 'ExportNamedDeclaration' && (item.declaration !== null || item.specifiers.length > 0)),
  );
  const assigned = nodesOf(source.program, 'AssignmentExpression').find((node) =>
    /^(module\.exports|exports)(\.|$)/.test(memberPath(node.left) ?? ''),
  );
  const found = statement ?? assigned;
  return found && inSource(source, found.start, 'it exports something');
}
