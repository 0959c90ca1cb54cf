/** What stacks of Python fill in, and what only the facts of Python have: its own folder of languages/ and its stacks read it. */
import type { Evidence, Known, Unknown } from '../model/evidence.ts';
import type { Dependency, Facts } from '../model/facts.ts';
import type { Mount } from '../model/plan.ts';
import type { LimitedVariable, ProbeOptions, RecipeStep } from '../model/recipe.ts';
import type { Project } from '../project/project.ts';
import type { RuntimeBase } from './contract.ts';
import type { PythonIndex } from './support/requirements.ts';

export { type PythonIndex, readRequirements } from './support/requirements.ts';

/** Where the virtual environment lies in every image: outside of the application, so that no mounted source hides it. */
export const VIRTUAL_ENVIRONMENT = '/opt/venv';

/** Where the application itself is installed, in the stage of that name, if something needs it to be: its commands and its metadata. */
export const OWN_PACKAGE = '/opt/project';
export const OWN_PACKAGE_STAGE = 'project';

/** The stage in which a manager writes what its lockfile holds as requirements. */
export const EXPORT_STAGE = 'requirements';

/** stacks/runtimes/NAME.ts of Python exports `detection` and `runtime`. */
export type PythonRuntime = {
  /** `newest`: the newest line that the pinned packages can be installed on */
  readonly version: (
    project: Project,
    root: string,
    newest?: { readonly line: string; readonly from: Evidence },
  ) => Known<{ version: string; range?: string }> | Unknown;
  readonly build: (version: string) => { readonly image: string };
  /** the version that is taken where nothing asks for one */
  readonly usual: string;
  readonly bases: (version: string) => readonly RuntimeBase[];
  readonly probe: (
    port: number,
    variable: string | undefined,
    path: string,
    asking?: ProbeOptions,
  ) => readonly string[];
  readonly probePort: (port: number, variable: string | undefined) => readonly string[];
  /** any answer of a server of HTTP: one with workers takes connections before any of them runs, and after the last has gone */
  readonly probeAnswer: (port: number, variable: string | undefined) => readonly string[];
  readonly stubServer: (port: number) => readonly string[];
  readonly supportNotes: (version: string) => readonly { code: string; message: string }[];
  /** variables of every stage in which the virtual environment is used */
  readonly environment: Readonly<Record<string, string>>;
  /** variables that production sets besides */
  readonly production: Readonly<Record<string, string>>;
  /** writes the byte code of what is installed: unchecked, so that two builds write the same */
  readonly compile: readonly string[];
};

/** What installing logs in to indexes with: build secrets, by the names of their variables. */
export type PythonLogins = {
  /** what the manager reads by itself */
  readonly variables: readonly string[];
  /** holds a `.netrc` */
  readonly netrc?: string;
  /** a user and a password for a host, of which the instruction writes a `.netrc` */
  readonly pairs: readonly { readonly host: string; readonly user: string; readonly password: string }[];
  /** settings of the manager that hold a login; absent: none */
  readonly settings?: readonly Mount[];
};

/** What is installed, and where from. */
export type PythonInstall = {
  /** files of `reads`, relative to the application */
  readonly files: readonly string[];
  readonly lockfile: string | undefined;
  /** development dependencies too */
  readonly development: boolean;
  /** packages with their versions that are installed besides, as the project has none of their kind */
  readonly added: readonly string[];
  /** what the lockfile holds, as requirements: the path of that file in the build */
  readonly exported?: string;
  /** each package is held to a hash: what has none needs a step of its own */
  readonly isHashed?: true;
  /** absent: no index asks for a login */
  readonly logins?: PythonLogins;
};

/** Files that installing reads. */
export type PythonReads = {
  readonly production: readonly string[];
  readonly development: readonly string[];
  /** groups of dependencies that production has besides the usual ones */
  readonly groups?: readonly string[];
  /** the lockfile holds packages that no hash is known of: checking those of the others would refuse it */
  readonly isUnhashed?: true;
  /** each package is held to a hash, so that one that is installed besides needs a step of its own */
  readonly isHashed?: true;
};

/** How a manager writes what its lockfile holds as requirements, in a stage of its own: it stays out of every image that runs. */
export type PythonExport = {
  /** what is installed to have it, each with its version */
  readonly tool: readonly string[];
  readonly steps: (
    of: Pick<PythonReads, 'groups' | 'isUnhashed'> & { readonly development: boolean; readonly file: string },
  ) => readonly RecipeStep[];
};

/** stacks/managers/NAME.ts of Python exports `detection` and `manager`. */
export type PythonManager = {
  readonly lockfiles: readonly string[];
  /** files that installing reads, relative to the application: for production, and with the development dependencies too */
  readonly reads: (project: Project, root: string) => PythonReads;
  /** what the project depends on */
  readonly dependencies: (project: Project, root: string) => readonly Dependency[];
  /** it installs from a `pyproject.toml` without a lockfile, too */
  readonly takesManifest?: true;
  /** it installs from files by their paths, so that they may lie in any folder of the application */
  readonly takesPaths?: true;
  /** absent: it installs from its lockfile itself */
  readonly exports?: PythonExport;
  /** how the build image gets it; absent: it is there */
  readonly installInto?: { readonly image: string; readonly source: string; readonly to: string };
  /** indexes of packages that the project names; absent: the manager takes none from a file */
  readonly indexes?: (project: Project, root: string) => readonly PythonIndex[];
  /** the variables of user and password by which the manager logs in to the index of a name; absent: it takes a `.netrc` alone */
  readonly loginOf?: (name: string) => readonly [user: string, password: string];
  /** it installs itself, and so reads those variables; absent: pip installs */
  readonly logsIn?: true;
  /** makes the virtual environment */
  readonly install: (of: PythonInstall) => readonly RecipeStep[];
};

/** How a server and an application speak. */
export type PythonInterface = 'asgi' | 'wsgi';

/** stacks/servers/NAME.ts of Python exports `detection` and `framework`. */
export type PythonFramework = {
  /** the calls that make the object which answers requests, as they are imported, and how servers speak to it */
  readonly makes: Readonly<Record<string, PythonInterface>>;
  /** its objects start by themselves while developing: `app.run()` */
  readonly runs?: true;
  /** decorators of routes besides those of the methods: `route` of Flask, with the methods that it takes where none are named */
  readonly decorator?: string;
  /** the framework's own server of its objects, which is taken before any other */
  readonly server?: string;
  /** the attribute of its objects that answers requests: `server` of Dash; absent: they do themselves */
  readonly attribute?: string;
  /** calls that open a port by themselves: Python runs the program that makes one */
  readonly listens?: readonly PythonListener[];
  /** its program serves a file of pages */
  readonly pages?: PythonPages;
};

/** An argument of a call, by its keyword and by its place among those without one. */
export type PythonArgument = { readonly name?: string; readonly at?: number };

/** A call that opens a port. */
export type PythonListener = {
  /** as it is imported, `aiohttp.web.run_app`; with a dot in front a method: `.listen` */
  readonly call: string;
  readonly port?: PythonArgument;
  readonly host?: PythonArgument;
  /** host and port in one: `'[::]:50051'` or `('', 8000)` */
  readonly address?: PythonArgument;
  /** where it listens when the call does not say so; without `host`: on every interface */
  readonly usual?: { readonly port: number; readonly host?: string };
  /** what the framework itself reads where the call does not say so */
  readonly variables?: { readonly port: string; readonly host: string };
  /** it speaks another protocol than HTTP */
  readonly isHttp?: false;
  /** it stops gracefully on SIGTERM by itself */
  readonly stops?: true;
};

/** How a file of pages is served. */
export type PythonPages = {
  readonly command: (file: string) => readonly string[];
  readonly port: number;
  readonly variables: { readonly port: string; readonly host: string };
  /** what else production sets */
  readonly env: Readonly<Record<string, string>>;
  /** a path that says that it is well */
  readonly health?: string;
  /** its own folders in the root, which ship although their names begin with a dot */
  readonly folders?: readonly string[];
  /** the names of files that it usually begins with, the likeliest first */
  readonly files: readonly string[];
};

/** stacks/migrators/NAME.ts of Python exports `detection` and `migrator`. */
export type PythonMigrator = {
  /** calls that a program applies its own migrations with; `argument`: the first argument that they need */
  readonly applies: readonly { readonly call: string; readonly argument?: string }[];
  /** the command, where the files of the application say that there is something to do; `object` is what answers requests */
  readonly command: (files: readonly string[], object?: PythonObject) => readonly string[] | undefined;
};

/** The object that answers requests. */
export type PythonObject = {
  /** as Python imports it: `shop.main` */
  readonly module: string;
  readonly name: string;
  /** it is a function that makes it */
  readonly isFactory: boolean;
  readonly interface: PythonInterface;
  readonly framework: string;
};

/** What only Python's own stacks and recipe read of an application. */
export type PythonDetails = Facts['details'] & {
  readonly language: 'python';
  /** what starts in the image, where it is a server of an object */
  readonly object?: Known<PythonObject>;
  /** it opens its port by itself, over HTTP */
  readonly answersHttp?: true;
  /** it is installed as a package of its own; absent: it runs from its sources alone */
  readonly ownPackage?: {
    /** what its backend reads beside the sources, relative to the application */
    readonly files: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly why: string;
    readonly from: readonly Evidence[];
  };
  /** variables that only its server reads */
  readonly serverVariables?: readonly string[];
  /** its program loads a file again once it changes */
  readonly reloads?: true;
  /** folders among the sources whose names look like those of files: `.streamlit` */
  readonly folders?: readonly string[];
  /** variables that its program reads, besides those of the sources */
  readonly env?: Readonly<Record<string, string>>;
  /** folders that modules are imported from besides the start folder, relative to the application */
  readonly importRoots?: readonly string[];
  /** files that installing reads, relative to the application */
  readonly reads?: PythonReads;
  /** what installing logs in with; absent: nothing */
  readonly logins?: PythonLogins;
  readonly added?: readonly {
    readonly requirement: string;
    readonly why: string;
    readonly from: readonly Evidence[];
  }[];
  /** variables by which it follows the limits of its container */
  readonly limited?: readonly LimitedVariable[];
  /** where libraries keep what they download: variables with their folders */
  readonly caches?: Readonly<Record<string, string>>;
  /** commands that make files while the image is built, each with values that its settings demand */
  readonly collects?: Known<{
    readonly argv: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly output: string;
  }>;
};

/** The details of facts of Python. */
export const pythonDetails = (facts: Pick<Facts, 'details'>): PythonDetails => facts.details as PythonDetails;
