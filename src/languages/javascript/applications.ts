import { posix } from 'node:path';
import { type Dockerfile, parseDockerfile } from '../../formats/dockerfile/index.ts';
import { memberPath, nodesOf } from '../../formats/source/index.ts';
import { type Data, readData } from '../../project/data.ts';
import { pathIn } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { readSource } from '../../project/source.ts';
import { managers } from '../../stacks/managers/registry.gen.ts';
import { runtimes } from '../../stacks/runtimes/registry.gen.ts';
import { startingPackages } from './system/starting-packages.ts';
import { membersAt, packageFolders } from './workspace/members.ts';
import { runnersOf } from './workspace/runners.ts';

/** Folders of the apps of a repository: its root, or, where it has workspaces or projects of a runner, each of them that can be started. */
export function applicationRoots(project: Project): readonly string[] {
  const root = readData(project, 'package.json');
  const packages = packagesOf(project);
  if (packages.length === 0) return isHollow(project, root) ? nested(project) : ['.', ...halves(project, root)];
  const beside = halves(project, root).filter((folder) => isOutside(project, folder, packages));
  const apps = [...packages.filter((folder) => isApplication(project, folder)), ...beside].sort();
  if (apps.length === 0 || (root && isStartable(root) && !runsOthers(project, root, apps))) return ['.', ...apps];
  return apps;
}

/** Whether a package is no part of the workspace around it: it is not a member, holds none, and has a lockfile of its own. */
const isOutside = (project: Project, folder: string, members: readonly string[]): boolean =>
  !members.some((one) => one === folder || one.startsWith(`${folder}/`)) &&
  managers.some(({ files = [] }) => files.some((file) => project.has(pathIn(folder, file))));

/** Whether a manifest starts nothing of its own: `package.json` for a formatter or for styles, in the repository of a server in another language. */
export function holdsTools(project: Project, root: string): boolean {
  const manifest = readData(project, pathIn(root, 'package.json'));
  const starts = [...starting, 'dev'].some((name) => manifest?.at(['scripts', name]) !== undefined);
  return root === '.' && !starts && isHollow(project, manifest);
}

/** Folders of the packages that a repository is divided into, sorted: members of its workspace, and projects that a runner alone knows. */
export function packagesOf(project: Project): readonly string[] {
  const members = [...(membersAt(project, '.')?.folders.keys() ?? [])];
  return [...new Set([...members, ...runnersOf(project).flatMap(({ projects }) => projects)])].sort();
}

/** What is started by its scripts, or is an application of a runner, which has no manifest. */
function isApplication(project: Project, folder: string): boolean {
  const manifest = readData(project, pathIn(folder, 'package.json'));
  return manifest ? isStartable(manifest) || isShipped(project, folder) : true;
}

/** What an image of its own starts: a Dockerfile beside a manifest that ends with a command, whatever its scripts say. */
function isShipped(project: Project, folder: string): boolean {
  const text = project.read(pathIn(folder, 'Dockerfile'));
  const stages = text === undefined ? [] : parseDockerfile(text).stages;
  return (stages.at(-1)?.instructions ?? []).some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
}

/** A package in a folder of its own that starts by itself: by its scripts, by `npm start`, which runs `server.js` where no script says more, or in an image. */
const isApart = (project: Project, folder: string): boolean =>
  isStartable(readData(project, `${folder}/package.json`)) ||
  project.has(`${folder}/server.js`) ||
  isShipped(project, folder);

/** Scripts that start an application in production. */
const starting = ['start', 'start:prod', 'start:production'];

/** A package that only has `dev` starts all the same, unless it is made for others to import: what they import then is not what `dev` starts. */
function isStartable(data: Data | undefined): boolean {
  if (!data) return false;
  const has = (...path: string[]) => data.at(path) !== undefined;
  if (starting.some((name) => has('scripts', name)) || has('bin')) return true;
  const dev = data.text(['scripts', 'dev']);
  return dev !== undefined && ((!has('exports') && !has('main') && !has('types')) || startsServer(dev));
}

const programs = new Set(runtimes.flatMap((stack) => stack.programs ?? []));

/** `node --watch src/index.ts`: a runtime starts what a server usually begins with. What compiles, bundles or tests as it watches does not. */
const startsServer = (script: string): boolean =>
  script
    .split(/&&|;/)
    .map((command) => command.trim().split(/\s+/))
    .some((words) => {
      const at = words.findIndex((word) => programs.has(word));
      const rest = at === -1 ? [] : words.slice(at + 1);
      return rest.some((word) => isUsualEntry(word.replace(/^\.\//, ''))) && !/^(build|test|x)$/.test(rest[0] ?? '');
    });

const isUsualEntry = (file: string): boolean => /^(src\/)?(index|main|server|app)\.[cm]?[jt]sx?$/.test(file);

/** A root that only holds others: nothing of its own starts, and it depends on nothing. What lies beside a manifest of a folder belongs to that one. */
function isHollow(project: Project, root: Data | undefined): boolean {
  const isOwn = (file: string) => root !== undefined || !project.has(posix.join(posix.dirname(file), 'package.json'));
  if (project.files().some((file) => isUsualEntry(file) && isOwn(file))) return false;
  if (!root) return true;
  const below = packageFolders(project).filter(isNear);
  // `npm init` names a file that nobody has written
  const hasMain = ['main', 'module'].some((key) => project.has(posix.normalize(root.text([key]) ?? '')));
  const starts = root.at(['scripts', 'start']) !== undefined && !runsOthers(project, root, below);
  const depends = Object.keys(root.texts(['dependencies']) ?? {}).some((name) => !starters.has(name));
  return !hasMain && !starts && !depends && root.at(['bin']) === undefined && root.at(['exports']) === undefined;
}

/** Programs that a root depends on to start what lies below it. */
const starters: ReadonlySet<string> = new Set(['concurrently', 'npm-run-all', 'npm-run-all2']);

/** Folders of applications without a workspace lie so far below the root. */
const isNear = (folder: string): boolean => folder.split('/').length <= 2;

/** Apps in folders of their own, without workspaces: up to two levels deep. */
function nested(project: Project): readonly string[] {
  const found = packageFolders(project)
    .filter(isNear)
    .filter((folder) => isApart(project, folder));
  const parts = new Set(found.flatMap((folder) => givenOut(project, folder)));
  const own = found.filter((folder) => !parts.has(folder));
  return found.length === 0 ? ['.'] : own.length === 0 ? found : own;
}

/** Folders beside a server whose build it gives out, `join(__dirname, '../client/dist')`: they are parts of it. */
function givenOut(project: Project, server: string): readonly string[] {
  const named = project.files().flatMap((file) => {
    if (!file.startsWith(`${server}/`) || !/\.[cm]?[jt]sx?$/.test(file)) return [];
    const source = readSource(project, file);
    const names = (source ? nodesOf(source.program, 'Literal') : []).flatMap(({ value }) => siblingOf(value));
    return names.length > 0 && givesPages(source) ? names : [];
  });
  return [...new Set(named)].map((name) => pathIn(posix.dirname(server), name)).filter((folder) => folder !== server);
}

/** The folder beside a server that a path leads to, where it is the folder itself or what its build makes: `../client/dist`. */
function siblingOf(path: unknown): readonly string[] {
  if (typeof path !== 'string' || !path.includes('../')) return [];
  const [first, second] = path.split('/').filter((part) => !/^\.{0,2}$/.test(part));
  return first !== undefined && (second === undefined || outputs.has(second)) ? [first] : [];
}

/** Whether a source gives out files: by a function of that name. */
const givesPages = (source: ReturnType<typeof readSource>): boolean =>
  source !== undefined &&
  nodesOf(source.program, 'CallExpression').some(({ callee }) =>
    ['static', 'sendFile', 'serveStatic'].includes(memberPath(callee)?.split('.').at(-1) ?? ''),
  );

/** Folders that hold the other half of an application: the pages of a server, or the server of pages. */
const halfNames: ReadonlySet<string> = new Set(
  'client frontend front-end front web webapp web-app ui dashboard admin server backend back-end api'.split(' '),
);

/**
 * Packages beside a root that is an application itself, which install and start by themselves: `client/` of a server in the root. One that the root
 * builds, starts or gives out is a part of it, and so is one that the image of the root holds.
 */
function halves(project: Project, root: Data | undefined): readonly string[] {
  const found = packageFolders(project)
    .filter((folder) => halfNames.has(folder.toLowerCase()))
    .filter((folder) => isApart(project, folder));
  if (!root || found.length === 0) return [];
  const image = rootImages(project).flatMap(({ instructions }) => instructions.map(({ rest }) => rest.text));
  const scripts = [...ofProduction.flatMap((name) => root.text(['scripts', name]) ?? []), ...image];
  return found.filter((folder) => !scripts.some((script) => isNamed(script, folder)) && !isRead(project, folder));
}

/** The Dockerfiles of the root: the one that lies there, and those in a folder of Docker files that copy its manifest or everything. */
function rootImages(project: Project): readonly Dockerfile[] {
  const isRoot = (word: string) =>
    ['.', './', 'package.json', './package.json', 'package*.json', './package*.json'].includes(word);
  const apart = project
    .files()
    .filter((file) => /^\.?(docker|deploy|deployment|build|infra|containers?)\/(Dockerfile|Containerfile)$/i.test(file))
    .map((file) => parseDockerfile(project.read(file) ?? ''))
    .filter(({ instructions }) =>
      instructions.some(
        ({ keyword, args, flags }) =>
          keyword === 'COPY' && flags.length === 0 && args.slice(0, -1).some(({ text }) => isRoot(text)),
      ),
    );
  return [parseDockerfile(project.read('Dockerfile') ?? ''), ...apart];
}

/** Scripts of a root that say what is deployed of it; those for developing start what lies beside it, too. */
const ofProduction = [...starting, 'prestart', 'build', 'prebuild', 'postbuild', 'heroku-postbuild', 'postinstall'];

/** Whether a script names a folder, or something in it: `npm run build --prefix client`, `cd client`, `node server/index.js`. */
const isNamed = (script: string, folder: string): boolean =>
  script.split(/[\s='"&;|]+/).some((word) => {
    const path = word.replace(/^\.\//, '');
    return path === folder || path.startsWith(`${folder}/`);
  });

/** Whether a source of the root names something in a folder: `express.static('client/dist')`, `import './server/app.js'`. */
function isRead(project: Project, folder: string): boolean {
  const others = packageFolders(project).map((packageFolder) => `${packageFolder}/`);
  return project.files().some((file) => {
    if (!/\.[cm]?[jt]sx?$/.test(file) || others.some((other) => file.startsWith(other))) return false;
    const source = readSource(project, file);
    const texts = source ? nodesOf(source.program, 'Literal', 'TemplateElement') : [];
    return texts.some(({ value }) => {
      const text = typeof value === 'object' && value && 'raw' in value ? value.raw : value;
      return typeof text === 'string' && isIn(text, folder);
    });
  });
}

/** Folders in which builds leave what a server gives out. */
const outputs: ReadonlySet<string> = new Set(['build', 'dist', 'out', 'public']);

/** Whether a text is the path of a folder or of what lies in it. One from the top is a route, unless it goes on to what a build makes. */
function isIn(text: string, folder: string): boolean {
  const [first, second] = text.split('/').filter((part) => !/^\.{0,2}$/.test(part));
  return first === folder && (!text.startsWith('/') || (second !== undefined && outputs.has(second)));
}

/** Programs that start several scripts or containers at once: those of a root that has applications below it are theirs. */
const several = /(^|\s)(concurrently|npm-run-all2?|run-p|run-s|docker|docker-compose) /;

/** Words by which a script hands its work to members: flags of package managers, runners, and programs that change the folder. */
const delegates =
  /--filter|-F |--workspaces?\b|(^|\s)-w |--recursive|pnpm (-r|m) |\b(turbo|nx|lerna|wsrun|moon) |yarn workspaces? |--prefix |--cwd |-C |(^|\s)cd /;

/** Whether a script runs a file of the root that has a package manager start the rest: `node scripts/dev.mjs`. */
function startsManager(project: Project, script: string): boolean {
  const file = script.split(/\s+/).find((word, at) => at > 0 && /\.[cm]?[jt]s$/.test(word));
  const source = file === undefined ? undefined : readSource(project, posix.normalize(file));
  if (!source) return false;
  const texts = [
    ...nodesOf(source.program, 'Literal').map(({ value }) => value),
    ...nodesOf(source.program, 'TemplateElement').map(({ value }) => value.raw.trim().split(/\s+/)[0]),
  ];
  const words = new Set(texts.flatMap((text) => (typeof text === 'string' ? [text.replace(/\.cmd$/, '')] : [])));
  return startingPackages.some((name) => words.has(name)) && managers.some(({ name }) => words.has(name));
}

/** The script of the same manifest that another one is nothing but a name for: `yarn run stage start`. */
function calledBy(root: Data, script: string): readonly string[] {
  const [program = '', ...words] = script.trim().split(/\s+/);
  if (!managers.some(({ name }) => name === program)) return [];
  const name = words.find((word) => word !== 'run' && !word.startsWith('-'));
  const text = name === undefined ? undefined : root.text(['scripts', name]);
  return text === undefined || text === script ? [] : [text];
}

/** Scripts of the root that only start members make no app of it, and neither does one that starts a file of theirs. */
function runsOthers(project: Project, root: Data, apps: readonly string[]): boolean {
  const scripts = [...starting, 'dev'].flatMap((name) => root.text(['scripts', name]) ?? []);
  const isFileOfApp = (script: string) =>
    script.split(/\s+/).some((word) => apps.some((folder) => word.replace(/^\.\//, '').startsWith(`${folder}/`)));
  const isOther = (script: string) =>
    [script, ...calledBy(root, script)].some(
      (value) => delegates.test(value) || several.test(value) || isFileOfApp(value) || startsManager(project, value),
    );
  return root.at(['bin']) === undefined && scripts.every(isOther) && !project.has('index.html');
}
