import type { Evidence, Known, Unknown } from '../model/evidence.ts';
import type { BytesForm, Command, Facts, Route } from '../model/facts.ts';
import type { Check, Mount } from '../model/plan.ts';
import type { OfferedEdit, ProbeOptions, ProductionBase, Publication } from '../model/recipe.ts';
import type { Project } from '../project/project.ts';

/** What a stack is to an app. Two of one role in one app is a question, never first-come. */
export type Role =
  | 'runtime'
  | 'manager'
  | 'builder'
  | 'server'
  | 'migrator'
  | 'site'
  | 'package'
  | 'full-stack'
  | 'adapter';

/** How a stack is recognised: data, kept in the generated registry so that only candidates are loaded. */
export type Detection = {
  readonly name: string;
  readonly title: string;
  readonly role: Role;
  /** the language whose own contract it fills in (`stacks/LANGUAGE.ts`); absent: that of this file */
  readonly language?: string;
  /** other stacks that it stands on or contains: Express inside Nest is no second server */
  readonly includes?: readonly string[];
  /** any of these is enough */
  readonly dependencies?: readonly string[];
  readonly files?: readonly string[];
  /** fields of package.json, such as `engines.bun`; a value after `=` is a prefix: `packageManager=bun@` */
  readonly fields?: readonly string[];
  /** programs that a script of package.json runs */
  readonly programs?: readonly string[];
  /** modules of its packages that are for what asks a server, such as `hono/client`: who imports nothing else of it serves nothing */
  readonly asking?: readonly string[];
  /** names that the source uses as globals or imports, such as `Bun.serve` or `bun:sqlite` */
  readonly uses?: readonly string[];
  /** taken for a package.json that nothing says more about */
  readonly isDefault?: boolean;
};

/** One base image of a runtime, from the catalogue. */
export type RuntimeBase = Omit<ProductionBase, 'by'> & {
  readonly kind: 'distroless' | 'slim';
  /** files that are copied from the build image, because this base lacks the runtime */
  readonly copiedFromBuild: readonly { readonly source: string; readonly to: string }[];
};

/** The versions of the runtime that a package of the lockfile supports, where an install fails with any other. */
export type EngineConstraint = {
  /** such as `minio@7.0.28` */
  readonly of: string;
  readonly runtime: string;
  readonly range: string;
  readonly from: Evidence;
};

/** stacks/runtimes/NAME.ts exports `detection` and `runtime`. */
export type Runtime = {
  /** what says where the headers lie that native code is compiled against; absent: its images have none, and they are fetched */
  readonly headers?: Readonly<Record<string, string>>;
  /** puts packages with their programs into a build image, outside of the project; absent: its images cannot */
  readonly installPrograms?: (packages: readonly string[]) => readonly string[];
  /** what a package manager needs that the build images of this runtime lack; absent, or undefined: nothing */
  readonly lacksFor?: (
    manager: string,
  ) => { readonly image: string; readonly source: string; readonly to: string; readonly why: string } | undefined;
  /** the version that the project asks for, with the documented precedence; a default from the catalogue is `by: default` */
  readonly version: (
    project: Project,
    root: string,
    constraints?: readonly EngineConstraint[],
  ) => Known<{ version: string; range?: string }> | Unknown;
  /** what of `from` of a version only hints at it, such as the types that the source is written against: no other version contradicts it */
  readonly isHint?: (from: Evidence) => boolean;
  /** the constraints that the image of a version does not satisfy */
  readonly engineMismatches?: (
    version: string,
    constraints: readonly EngineConstraint[],
  ) => readonly EngineConstraint[];
  /** the image in which everything is built, and the bases that the production image can have, best first */
  readonly build: (version: string) => { readonly image: string; readonly uid: number; readonly gid: number };
  readonly bases: (version: string) => readonly RuntimeBase[];
  /** the base of a program that has the runtime inside */
  readonly compiledBase?: () => RuntimeBase;
  /**
   * a command that succeeds when GET http://127.0.0.1:PORT/path answers 2xx, or as `asking` says, in an image of a version; PORT is read from `variable` where there is
   * one
   */
  readonly probe: (
    port: number,
    variable: string | undefined,
    path: string,
    asking?: ProbeOptions,
    version?: string,
  ) => readonly string[];
  /** a command that succeeds when the port accepts a connection: for apps without a health route */
  readonly probePort: (port: number, variable: string | undefined, version?: string) => readonly string[];
  /** a command that answers every HTTP request on a port with 200 and an empty JSON object: `verify` puts it in the place of external APIs */
  readonly stubServer?: (port: number) => readonly string[];
  readonly run: (file: string) => readonly string[];
  readonly watch: (file: string) => readonly string[];
  /** the first major version with the globals of the web that a health module uses, such as `fetch` and `AbortSignal.timeout`; absent: every one has them */
  readonly webFrom?: number;
  /**
   * how its server bundles pages while it runs, as the settings of the app say: packages and files (`./x`) that take part, and the beginning of the variables
   * that pages get; undefined: they say nothing
   */
  readonly pages?: (
    read: (file: string) => string | undefined,
  ) => { readonly file: string; readonly plugins: readonly string[]; readonly prefix?: string } | undefined;
  /** the first major version that can watch; absent: every one can */
  readonly watchesFrom?: number;
  /** whether it runs the source as it is, without a build */
  readonly runsSource: (facts: Pick<Facts, 'entry' | 'runtime' | 'details'>) => boolean;
  /** what runs the source while it is developed, where the runtime alone does not; absent, or undefined: nothing that the project has */
  readonly developing?: (facts: Facts) => readonly string[] | undefined;
  readonly test: () => readonly string[];
  /** modules of which a file of tests imports one where the runtime itself runs it; absent: it runs those of other tools, too */
  readonly testModules?: readonly string[];
  /** notes on the version, such as a line past its end as of the catalogue's date */
  readonly supportNotes: (version: string) => readonly { code: string; message: string }[];
  /** what the project says of the version in other places and does not agree with what `version` took */
  readonly notes?: (
    project: Project,
    root: string,
  ) => readonly { code: string; message: string; from: readonly Evidence[] }[];
  /** how source reads variables besides `process.env`: globals, and names imported from a module */
  readonly environment?: {
    readonly globals: readonly string[];
    readonly imports: readonly { readonly module: string; readonly name: string }[];
  };
  /** the runtime's own server call, and the port that it takes where the call names none */
  readonly serves?: { readonly call: string; readonly port: number; readonly variable: string; readonly why: string };
  /**
   * the file that a command line starts, and the line without what only serves development; undefined: it starts no file. `read` gives
   * the text of a file of the app, for programs that are told in a file what to start.
   */
  readonly starts?: (argv: readonly string[], read?: (file: string) => string | undefined) => StartTarget | undefined;
  /** the configurations of the compiler that a program runs by another name, the one that it looks for first at the front */
  readonly compiles?: (
    argv: readonly string[],
    read?: (file: string) => string | undefined,
  ) => readonly string[] | undefined;
  /** files that are started where nothing names one, best first */
  readonly entries?: readonly string[];
  /** the variable in which it takes flags besides those of its command line; absent: none */
  readonly flagsVariable?: string;
  /** variables with which a version of it takes hashes that it refuses by default, such as those of old bundlers; absent: it refuses none */
  readonly oldHashes?: (version: string) => Readonly<Record<string, string>>;
  /** variables of the runtime itself that production sets */
  readonly production: Readonly<Record<string, string>>;
};

/** What a command line starts. */
export type StartTarget = {
  readonly file: string;
  readonly argv: readonly string[];
  readonly dropped: readonly string[];
  /** the command ends at once, and what it has started goes on: the commands after it may start more */
  readonly leaves?: true;
  /** where the program listens, where it is no source of the app that does */
  readonly opens?: {
    readonly port: { readonly number: number; readonly variable?: string };
    readonly host: { readonly address: string; readonly variable?: string };
    /** signals on which it ends the app in order */
    readonly signals: readonly string[];
  };
};

/** Why a lockfile cannot be read; `broken`: it is none, and no install would take it. */
export type NotLocked = { readonly unknown: string; readonly broken?: boolean };

/** What a lockfile was made for. */
export type Locked = {
  /** what is wrong with it for a dependency of package.json, in a few words; undefined: nothing */
  readonly wrong: (name: string, range: string) => string | undefined;
  /** the dependencies that it was made for, where one that package.json no longer has stops an install too */
  readonly names?: readonly string[];
};

/** A member of a workspace that is installed, and the siblings that it needs; folders are relative to the root of the workspace, `.` is the root. */
export type Member = {
  readonly name: string;
  readonly folder: string;
  readonly siblings: readonly { readonly name: string; readonly folder: string }[];
};

/** Where an install puts a package that no manifest names. */
export type InstalledIn = 'production' | 'development' | 'apart' | 'absent';

/** stacks/managers/NAME.ts exports `detection` and `manager`. */
export type Manager = {
  readonly lockfiles: readonly { readonly path: string; readonly format: 'text' | 'binary' }[];
  /** reads a lockfile (path in the repository) for the app in `root`; `unknown` says why it cannot be read. Nothing is run. */
  readonly locked: (project: Project, root: string, lockfile: string) => Locked | NotLocked;
  /** the engine constraints of the lockfile's packages, where an install fails with any other version of the runtime */
  readonly engineConstraints?: (project: Project, root: string, lockfile: string) => readonly EngineConstraint[];
  /** further files that installing reads, where the project has them: .npmrc, bunfig.toml, patches */
  readonly reads: (project: Project, root: string) => readonly string[];
  /** the version that the project asks for: `packageManager`, `engines`, else what its lockfile was written by; undefined: any will do */
  readonly version?: (project: Project, root: string) => Known<string> | undefined;
  /** how the build image of a runtime gets it; undefined: it is there */
  readonly installInto?: (of: {
    readonly runtime: string;
    readonly runtimeVersion: string;
    readonly version: string | undefined;
  }) =>
    | { readonly argv: readonly string[]; readonly why: string }
    | { readonly image: string; readonly source: string; readonly to: string; readonly why: string }
    | undefined;
  /** flags of its command for installing without which some projects cannot be installed */
  readonly installFlags?: readonly string[];
  /** installs exactly what the lockfile says; `production` leaves development dependencies out */
  readonly install: (options: {
    lockfile: string | undefined;
    production: boolean;
    tokens: readonly string[];
    /** runs no script of the project or of packages: where the project's own would need what is not there (note `install-scripts`) */
    ignoreScripts?: boolean;
    version?: string | undefined;
    /** the version of the runtime, which brings some managers */
    runtimeVersion?: string | undefined;
    /** of a workspace: what of it is installed */
    member?: Member | undefined;
    /** of `installFlags`, those that the author's Dockerfile has */
    flags?: readonly string[];
    /** packages that are built all the same, of which `notBuilt` says that this manager leaves them as they come */
    build?: readonly string[];
  }) => {
    readonly argv: readonly string[];
    readonly mounts: readonly Mount[];
    readonly env?: Readonly<Record<string, string>>;
    readonly why: string;
  };
  /** of packages that are compiled by a script of their own, those whose script this manager does not run, as no setting of the project allows or denies it */
  readonly notBuilt?: (
    project: Project,
    root: string,
    version: string | undefined,
    names: readonly string[],
  ) => readonly string[];
  /** folders of the workspace that its lockfile has an entry of, relative to where the lockfile lies; undefined: it says nothing of folders */
  readonly listed?: (project: Project, lockfile: string) => ReadonlySet<string> | undefined;
  /** of a workspace: whether a dependency of a member is installed beside its manifest; absent: all are in the root */
  readonly besideMember?: (
    project: Project,
    lockfile: string,
    member: { readonly folder: string; readonly root: string },
    name: string,
  ) => boolean;
  /** of a workspace: the setting by which each member has a lockfile of its own; undefined: one lockfile is that of all */
  readonly lockfileOfEach?: (project: Project, root: string) => Evidence | undefined;
  /** the file beside the manifest that names the members of a workspace; absent: the manifest names them */
  readonly membersFile?: string;
  /** of a workspace: variables that each command of it needs while an image is built */
  readonly workspaceEnv?: (version: string | undefined) => Readonly<Record<string, string>>;
  /** variables that its scripts need in a container whose temporary folder runs no program */
  readonly scriptEnv?: (version: string | undefined) => Readonly<Record<string, string>>;
  /** of a workspace: whether an install from the lockfile is refused where the manifest of a member is missing, whoever needs it */
  readonly everyManifest?: (version: string | undefined) => boolean;
  /** of a workspace: a script of a member, as a command in the root */
  readonly memberScript: (
    member: { readonly name: string; readonly folder: string },
    script: string,
  ) => readonly string[];
  /** of a workspace: where a production install links a member whose manifest is there, also where only building needs it; from the root */
  readonly memberLinks?: (name: string, version: string | undefined) => readonly string[];
  /** of a workspace: the production install goes on from the whole one, which alone compares the lockfile with the manifests */
  readonly focuses?: (version: string | undefined) => boolean;
  /** every command of it, also one that installs nothing, stops where a variable is not set that the settings of the project name */
  readonly stopsWithoutTokens?: true;
  /**
   * where an install for production puts a package that others need and no manifest names, relative to the lockfile; undefined: the lockfile does not have
   * it; absent: nobody can tell
   */
  readonly brought?: (
    project: Project,
    lockfile: string,
    name: string,
  ) => { readonly path: string; readonly release: string } | undefined;
  /** every release of a package that a lockfile has; absent: nobody can tell */
  readonly releases?: (project: Project, lockfile: string, name: string) => readonly string[];
  /**
   * of a package that no manifest names: whether an install for production brings it all the same, development alone does, it lies where only those that ask
   * for it find it, or the lockfile lacks it; undefined, and an absent method: nobody can tell
   */
  readonly reached?: (
    project: Project,
    lockfile: string,
    folder: string,
    production: readonly { readonly name: string; readonly range: string }[],
  ) => (name: string) => InstalledIn | undefined;
  /** development dependencies that production has all the same, because one of its own asks for them as peers */
  readonly shared?: (project: Project, root: string) => readonly string[];
  /** files of node_modules in which it keeps times: with them two builds differ, and running needs none */
  readonly timestampFiles?: readonly string[];
  /** takes the development dependencies out of what is installed, and leaves what scripts have made there */
  readonly prune?: (options: { version?: string | undefined; runtimeVersion?: string | undefined }) => {
    readonly argv: readonly string[];
    readonly mounts: readonly Mount[];
    readonly env?: Readonly<Record<string, string>>;
  };
  /** runs the install scripts of the dependencies alone, after an install without any */
  readonly rebuild?: () => readonly string[];
  /**
   * takes scripts out of package.json before an install that would run them: for managers that cannot leave out the project's own alone; `members`: out of
   * those of the members of a workspace, too, which are installed from its root
   */
  readonly stripScripts?: (scripts: readonly string[], members: boolean) => readonly string[];
  /** a program of node_modules as a command */
  readonly exec: (argv: readonly string[]) => readonly string[];
  /** shows what would be published, and publishes it; `access` for a scoped name that everybody may read */
  readonly publish: (options: { readonly access: 'public' | undefined; readonly registry: string | undefined }) => {
    readonly look: readonly string[];
    readonly login: readonly string[];
    readonly send: readonly string[];
  };
  /** a script of package.json as a command */
  readonly script: (name: string, args: readonly string[]) => readonly string[];
  /** what a command line of this manager runs, such as `x run start`; undefined: neither a script nor a program of a package */
  readonly runs?: (argv: readonly string[], scripts: readonly string[]) => ScriptRun | undefined;
};

/** A script of package.json with what is said to it, or the line of a program of node_modules. */
export type ScriptRun =
  | { readonly script: string; readonly args: readonly string[] }
  | { readonly program: readonly string[] };

/** stacks/builders/NAME.ts exports `detection` and `builder`: how source becomes what runs. */
export type Builder = {
  /** whether it can build this app, and why or why not */
  readonly fits: (facts: Facts) => { readonly ok: boolean; readonly why: string; readonly from: readonly Evidence[] };
  readonly build: (facts: Facts) => {
    readonly argv: readonly string[];
    /** folder or file that the build makes, relative to the app */
    readonly output: string;
    /** what the build makes besides, and running needs: other folders, and files in them; only with `inPlace` */
    readonly beside?: readonly string[];
    /** file in the output that the runtime starts, relative to the output */
    readonly entry: string;
    /** true: the output runs without node_modules */
    readonly selfContained: boolean;
    /** what the settings of a compiler name is made one file at a time, tests too, where they leave none out */
    readonly ofEach?: boolean;
    /** files that building reads besides the reached sources; `.`: whatever the context holds */
    readonly needs: readonly string[];
    /** the output stays in its folder beside the manifest, which it finds from there; else its contents become the app's folder */
    readonly inPlace?: boolean;
    /** the output holds the runtime too; `$TARGETARCH` in `argv` is BuildKit's name of the platform that it is built for */
    readonly compiled?: boolean;
    /** the command that starts it, where it is not the runtime on the entry alone */
    readonly start?: readonly string[];
    /** the command that starts what it makes of another source of the app, such as a worker; absent: that is started as it is written */
    readonly starts?: (file: string) => readonly string[] | undefined;
    /** the program of `argv` is one of node_modules */
    readonly ofModules?: boolean;
    /** it makes the sources that flags of the start command load before the app, too; absent: they ship as they are */
    readonly makesPreloads?: boolean;
    readonly why: string;
  };
};

/** What is wired: the file and its text, and the health module without its ending. */
export type WireInput = {
  readonly file: string;
  readonly text: string;
  readonly module: string;
  /** how the project ends its relative imports, for a file that has none */
  readonly ending?: '' | '.js' | '.ts' | undefined;
};

/** stacks/servers/NAME.ts exports `detection` and `framework`. */
export type Framework = {
  /** the file that makes the server object, and where; `files` are the reached ones, the entry first; undefined: not found */
  readonly locate: (project: Project, files: readonly string[]) => { file: string; line: number } | undefined;
  /** routes that the app registers itself */
  readonly routes: (project: Project, files: readonly string[]) => readonly Route[];
  /** the port, where the framework's own call says it: `app.listen(3000)` */
  readonly port?: (
    project: Project,
    files: readonly string[],
  ) => Known<{ number: number; variable?: string }> | undefined;
  /** the part of src/health.ts that answers /live, /ready and /health for this framework */
  readonly healthRoutes: { readonly imports: readonly string[]; readonly code: string; readonly exports: string };
  /** the edit of `text` (of `file`) that adds the health module at `module` (an import specifier) */
  readonly wire: (input: WireInput) => OfferedEdit;
  readonly dev?: (facts: Facts) => Command | undefined;
  /** true: it listens on the loopback address alone, unless it is told otherwise */
  readonly loopback?: boolean;
  /** the edit that makes a server in a file listen on every interface; `line` (1-based) is where its address was read */
  readonly bindAllInterfaces?: (file: string, text: string, line?: number) => OfferedEdit;
};

/** What a package is completed from. */
export type PackageInput = {
  readonly read: (file: string) => string | undefined;
  readonly has: (file: string) => boolean;
  /** words of the build script, followed to what it runs in the end */
  readonly build: readonly string[];
};

/** stacks/packages/NAME.ts exports `detection` and `packageKind`: what is published, and not deployed. */
export type PackageKind = { readonly complete: (input: PackageInput) => Omit<Publication, 'steps'> };

/** Where the settings of a site are read: the app, and the command of its build script. */
export type SiteSource = {
  readonly project: Project;
  readonly root: string;
  readonly argv: readonly string[];
  /** variables that the build script sets for it; absent: none */
  readonly env?: Readonly<Record<string, string>>;
  /** of a member of a workspace: the folder of the workspace, in which its lockfile lies; relative to the repository */
  readonly top?: string;
  /** packages of the manifest, by their names, of production alone or all of them; absent: it was not read */
  readonly depends?: (name: string, of?: 'production') => boolean;
  /** the folder with the packages among which a dependency lies, relative to the app */
  readonly modules?: (name: string) => string;
  /** a package that the dependencies of production bring, by its folder relative to the app; undefined: none does; absent: it is not known */
  readonly brings?: (name: string) => { readonly path: string; readonly release: string } | undefined;
  /** a server of the author starts, and hands on to what is built; absent: what is built starts by itself */
  readonly ownServer?: true;
};

/** stacks/sites/NAME.ts exports `detection` and `site`: what builds a folder of files that any web server can give out. */
export type Site = {
  /** whether what this build makes is something else than a site: a library, or a part of a server */
  readonly other?: (source: SiteSource) => boolean;
  /** why this version has no deployment for what this build makes besides files, and what works; absent: it makes files alone */
  readonly unsupported?: (source: SiteSource) => string | undefined;
  /** the folder with the page that the build starts from, relative to the app */
  readonly home: (source: SiteSource) => string;
  /** the files that the build begins with, out of those of the app, where no page names them; absent: what a page loads */
  readonly entries?: (files: readonly string[]) => readonly string[];
  /** the folder that the build makes, relative to the app */
  readonly output: (source: SiteSource) => string;
  /** the folder in it whose files carry a hash in their names; undefined: there is none */
  readonly assets: (source: SiteSource) => string | undefined;
  /** its build puts a hash into the names of files that lie in no folder of their own; absent: it does not */
  readonly hashes?: true;
  /** the path below which the pages ask for their files, such as `shop`; undefined: the top */
  readonly base: (source: SiteSource) => string | undefined;
  /** whether that path is where its files are asked for alone, and its page shows any path; absent: the pages lie below it, too */
  readonly everywhere?: (source: SiteSource) => boolean;
  /** folders of what is built, each with the whole site in one language, the one that is shown first before the others: '' is the top; none or absent: it is in one */
  readonly languages?: (source: SiteSource) => readonly string[];
  /** beginnings of the variables that are written into the code when it is built */
  readonly prefixes: (source: SiteSource) => readonly string[];
  /** where its development server listens */
  readonly port: (source: SiteSource) => number;
  /** its development server, reachable from outside of a container; a program of node_modules */
  readonly dev: (port: number, source: SiteSource) => readonly string[];
  /** what its development server hands on to another server; absent: nothing */
  readonly proxies?: (source: SiteSource) => readonly DevProxy[];
  /** folders that it writes while developing */
  readonly writes: readonly string[];
  /** what is mounted while developing, by the files of the app; absent, or undefined: the whole folder */
  readonly develops?: (files: readonly string[]) => DevelopmentMounts | undefined;
  /** variables that its build and its development server get: what it would report, it does not; absent: none */
  readonly env?: Readonly<Record<string, string>>;
  /** folders that a build keeps for the next one, relative to the app; absent: none */
  readonly caches?: readonly string[];
  /** absent, or undefined: each build of one commit writes the same */
  readonly varies?: (source: SiteSource) => Variation | undefined;
  /** what the tool itself asks git for while it builds, and stops where there is none; absent, or undefined: nothing */
  readonly asksGit?: (source: SiteSource) => string | undefined;
  /** what the build takes from elsewhere than the registry of packages, and how it does without; undefined or absent: nothing */
  readonly downloads?: (source: SiteSource) => { readonly what: string; readonly instead: string } | undefined;
  /** folders of documents that it makes pages of, relative to the app; absent: pages are code */
  readonly documents?: (source: SiteSource) => readonly string[];
  /** `one`: a page that shows every path itself; `many`: a file for each path */
  readonly pages: (source: SiteSource) => 'one' | 'many';
  /** the page that shows every path for which there is no file; absent: index.html */
  readonly page?: (source: SiteSource) => string | undefined;
};

/**
 * Requests that a development server hands on: those whose path begins so, to the address of another one; `strips`: without that beginning. The path `/`
 * stands for whatever has no file and asks for no page.
 */
export type DevProxy = { readonly path: string; readonly target: string; readonly strips: boolean };

/** What is mounted while developing, and what of the image the development server writes beside it. Paths are relative to the app. */
export type DevelopmentMounts = { readonly mounts: readonly string[]; readonly writes: readonly string[] };

/** What each build writes differently into its output, and what in the project would fix it. */
export type Variation = { readonly what: string; readonly edit: string };

/** What the build of a full-stack framework makes, and how that runs. Paths are relative to the app. */
export type FullStackBuild = {
  /** the folder whose contents become the app's folder; with `inPlace` it stays in its place, beside the manifest */
  readonly output: string;
  readonly inPlace?: true;
  /** the contents hold the folder of the app below that of the workspace, whose place they take */
  readonly nested?: true;
  /** further files and folders that running needs: from the sources, or made */
  readonly beside: readonly string[];
  /** the command that starts the server, in the app's folder of the image */
  readonly start: readonly string[];
  /** it runs without the packages beside it */
  readonly selfContained: boolean;
  /** settings that the running server reads, with what they import */
  readonly settings: readonly string[];
  /** folders of packages without any of their own that the running server loads, though they are for development; `unless`: on releases of a runtime that do without; absent: none */
  readonly loads?: readonly {
    readonly path: string;
    readonly unless?: { readonly runtime: string; readonly releases: string };
    readonly why: string;
  }[];
  /** absent: the whole folder is mounted while developing, as the server writes into folders of its own alone */
  readonly develops?: DevelopmentMounts;
  /** folders that the running server writes, and may lose */
  readonly writes: readonly string[];
  /** what the build makes in its folder, and no running server needs: compiled tests; absent: nothing */
  readonly leavesOut?: readonly string[];
  /** the file of the author whose server hands on to what is built; absent: what is built has its own server */
  readonly server?: string;
  /** signals on which the server of this build stops gracefully; absent: those of every one of its framework */
  readonly signals?: readonly string[];
  /** variables that the build alone gets; absent: none */
  readonly buildEnv?: Readonly<Record<string, string>>;
  /** folders of the sources that the build takes into its output whole: nothing of them is needed beside it; absent: none */
  readonly taken?: readonly string[];
  /** the file that would answer whether the app lives and can serve; absent: a file that is added would not answer for sure */
  readonly health?: HealthRoute;
  /** what an owner should know of it; absent: nothing */
  readonly remark?: string;
  /** as of sites */
  readonly downloads?: ReturnType<NonNullable<Site['downloads']>>;
  /** absent: each build of one commit writes the same */
  readonly varies?: Variation;
  /** absent: each build and each start may make its own keys */
  readonly key?: BuildKey;
  /** settings that the owner may want, those that are set already too; absent: none */
  readonly offers?: readonly SettingOffer[];
  readonly why: string;
};

/**
 * A key that must be the same in every build and at every start: the build gets it as a secret, and the server as a variable. What the build writes of it
 * is taken out again in the same instruction.
 */
export type BuildKey = {
  readonly name: string;
  readonly purpose: string;
  readonly form: BytesForm;
  /** the file of the repository that makes it necessary */
  readonly file: string;
  /** lines of a shell behind the command that builds, in the folder of the app */
  readonly after: readonly string[];
};

/**
 * A setting that would make more of an app, which the owner may want: it changes the settings of the author, so that it is made only after a yes to it. The
 * deployment is right without it.
 */
export type SettingOffer = {
  readonly name: string;
  /** the file of settings, relative to the app; it may not exist yet */
  readonly file: string;
  readonly what: string;
  readonly why: string;
  /** where it stands in the object that the file exports */
  readonly setting: { readonly path: readonly string[]; readonly value: string | boolean };
};

/** A variable that the server of a full-stack framework reads by itself, so that no source of the app names it. */
export type OwnVariable = {
  readonly name: string;
  readonly purpose: string;
  /** it does not work without; absent: it has a default of its own */
  readonly required?: true;
  readonly default?: string;
  /** the build writes its value into the code */
  readonly built?: true;
  /** where the app says that it is read; absent: the server reads it in every app */
  readonly from?: { readonly file: string; readonly line?: number };
};

/** Files that answer requests by where they lie: what answers for the health of an app needs no edit of another file. */
export type HealthRoute = {
  /** relative to the app */
  readonly path: string;
  readonly imports: readonly string[];
  /** what the file exports for the framework: it calls `answer(name)`, which gives a `Response` for `live`, `ready` and anything else */
  readonly code: string;
  /** what it answers */
  readonly paths: { readonly live: string; readonly ready: string; readonly health: string };
};

/** stacks/fullstack/NAME.ts exports `detection` and `fullStack`: a framework whose build makes pages and the server that renders them. */
export type FullStack = {
  /** whether what this build makes is no server but files alone; absent: it always makes a server */
  readonly other?: (source: SiteSource) => boolean;
  /** what the build makes; `unsupported` says why this version has no deployment for that */
  readonly build: (source: SiteSource) => FullStackBuild | { readonly unsupported: string };
  /** whether a source that the start script names is the framework's own start, of which the build makes what runs; absent: none is */
  readonly starts?: (file: string) => boolean;
  /** the package by which a server of the author hands on to what is built, without a name of it; absent: it imports what is built */
  readonly handler?: string;
  /** the files that the server begins with, out of those of the app: routes, and what is run around them */
  readonly entries: (files: readonly string[]) => readonly string[];
  /** the paths that files answer as programs do, by where the files lie; absent: no path is known */
  readonly answers?: (files: readonly string[]) => readonly { readonly file: string; readonly path: string }[];
  /**
   * the build loads modules of the server, to render pages or to ask them what they are: what they stop without has to be there; absent: it reads
   * their text alone
   */
  readonly loadsServer?: true;
  /** beginnings of the variables that are written into the code when it is built */
  readonly prefixes: readonly string[];
  /** the port of a start command that names none, and the variables by which the server is told port and address */
  readonly listens: { readonly port: number; readonly variable: string; readonly address?: string };
  /** flags of its start command that name the port */
  readonly portFlags: readonly string[];
  /** signals on which its server stops gracefully */
  readonly signals: readonly string[];
  /** variables that are set wherever it runs: while building, developing and in production */
  readonly env: Readonly<Record<string, string>>;
  /** folders that make the next build faster, and are no part of what is built */
  readonly caches: readonly string[];
  /** its development server, reachable from outside of a container; a program of the packages, or `node` with a file of the app */
  readonly dev: (port: number) => readonly string[];
  /** folders that it writes while building and developing: no context holds them */
  readonly made: readonly string[];
  /** what stands for the variables in its sources, besides what the runtime has; absent: nothing */
  readonly environment?: NonNullable<Runtime['environment']>;
  /** an object whose members the build writes into the code as values: those of the prefixes, or all; absent: there is none */
  readonly builtObject?: { readonly path: string; readonly all?: true };
  /**
   * modules that hold a variable under each name that is imported from them: the build writes its value into the code. `instead` is the module whose `env`
   * has them when the server starts; absent: there is none
   */
  readonly builtModules?: readonly { readonly module: string; readonly instead: string }[];
  /** variables that it sets itself while it builds and runs: nobody gives them; absent: none */
  readonly sets?: readonly string[];
  /** variables that its settings read when the app is built, and names that they give a value of their own in the code; absent: nobody knows */
  readonly ofSettings?: (source: SiteSource) => {
    readonly reads: readonly { readonly name: string; readonly file: string; readonly line: number }[];
    readonly defines: readonly string[];
  };
  /** names by which sources import each other besides those that the settings of the compiler say, as those say them: `{ '$lib/*': ['src/lib/*'] }`; absent: none */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** variables that its server reads by itself; absent: none */
  readonly variables?: (source: SiteSource) => readonly OwnVariable[];
};

/**
 * stacks/migrators/NAME.ts exports `detection` and `migrator`: what brings a database up to date before the app starts. Command lines
 * begin with a program of node_modules; `files` are those of the app, relative to its folder.
 */
export type Migrator = {
  /** whether a command line of it is for development: it makes migrations, or changes a database without one */
  readonly development: (argv: readonly string[]) => boolean;
  /** whether a command line applies the migrations that are there */
  readonly migrates: (argv: readonly string[]) => boolean;
  /** the command where no script of the project says one, of the releases that a range of the manifest allows; undefined: there is nothing to apply */
  readonly usual: (
    files: readonly string[],
    range: string,
    read: (file: string) => string | undefined,
  ) => readonly string[] | undefined;
  /** the flag without which it asks in production, where nobody answers; absent: it does not ask */
  readonly sure?: string;
  /** what has to be run before the app is built, because the source imports what it makes */
  readonly generates?: (
    files: readonly string[],
    read: (file: string) => string | undefined,
  ) => readonly string[] | undefined;
  /**
   * variables without which its programs stop, wherever they run, with what stands in their places while nothing is deployed; out of the files of the app
   * and their text; absent: there are none
   */
  readonly demands?: (
    files: readonly string[],
    read: (file: string) => string | undefined,
  ) => Readonly<Record<string, string>>;
  /** folders that `generates` makes among the sources, out of the files of the app and their text; absent: none */
  readonly makes?: (files: readonly string[], read: (file: string) => string | undefined) => readonly string[];
  /** what is said of an app whose database nothing brings up to date, out of its files and their text; undefined or absent: nothing */
  readonly unapplied?: (files: readonly string[], read: (file: string) => string | undefined) => string | undefined;
  /** packages of Debian that its client and its tool need, and slim images lack */
  readonly system?: readonly string[];
  /** whether applying fails with these files, as there is no migration among them; absent: nothing is to be done then */
  readonly lacks?: (files: readonly string[]) => boolean;
  /** calls by which an app applies its migrations itself, and the option that names their folder */
  readonly calls: readonly { readonly modules: RegExp; readonly name: string; readonly folder?: string }[];
};

export type { Check };
