import type { Archetype } from '../model/archetype.ts';
import type { CheckItem } from '../model/check.ts';
import type { Config } from '../model/config.ts';
import type { Known } from '../model/evidence.ts';
import type { ExistingDeployment } from '../model/existing.ts';
import type { Facts, LeftOut } from '../model/facts.ts';
import type { Hint } from '../model/hint.ts';
import type { ApplicationRecipes } from '../model/recipe.ts';
import type { Project } from '../project/project.ts';

/** How a language is recognised in a repository: data, kept in the generated registry so that only those that are there are loaded. */
export type LanguageDetection = {
  readonly name: string;
  readonly title: string;
  /** names of the files that an application of it begins with, such as `go.mod`; any of them, in any folder, is enough */
  readonly manifests: readonly string[];
  /** endings of its source files, for an application that has no manifest */
  readonly endings: readonly string[];
  /** what an owner does so that the command of the tests is known, beside the configuration */
  readonly testsHint?: string;
  /** taken where nothing says which language it is */
  readonly isDefault?: boolean;
};

/** One variable of an example of settings, such as `.env.example`. */
export type Example = {
  readonly value: string;
  /** the value as it is written, where it refers to other variables; absent: it refers to none */
  readonly refers?: string;
  readonly purpose?: string;
  readonly file: string;
  readonly line: number;
};

/** One application, with what was read of it that no language owns. */
export type ApplicationInput = {
  readonly project: Project;
  /** folder of the application in the repository; `.` for its root */
  readonly root: string;
  readonly config: Config;
  /** what is deployed, where the configuration or the specification says it: a language then has nothing to detect */
  readonly archetype: Known<Archetype> | undefined;
  /** deployment files that are there already, relative to the application */
  readonly existing: readonly string[];
  /** by name of the variable */
  readonly examples: ReadonlyMap<string, Example>;
  /** what the Docker files of the author say of it; absent: there are none */
  readonly docker?: ExistingDeployment;
  /** what files of other platforms say: evidence below the manifests of the project */
  readonly hints: readonly Hint[];
};

/** languages/NAME/index.ts exports `detection` and `language`. Nothing of a project is run to answer any of this. */
export type Language = {
  /** loads what reading its sources needs: before anything else is asked of it */
  readonly prepare?: () => Promise<void>;
  /** folders of the applications of this language in a repository, workspace members among them */
  readonly applications: (project: Project) => readonly string[];
  /** the packages that a repository is divided into, applications among them, each by the name that `--app` takes */
  readonly packages?: (
    project: Project,
  ) => readonly { readonly root: string; readonly name: string; readonly scope?: string }[];
  /** whether the manifest of a folder only holds tools for developing: no application beside those of other languages */
  readonly holdsTools?: (project: Project, root: string) => boolean;
  /** whether a folder is a member of a workspace whose root is that of the project */
  readonly isMember?: (project: Project, folder: string) => boolean;
  /** what the manifest in the root of a repository with several applications calls the whole; undefined: nothing */
  readonly repositoryName?: (project: Project) => string | undefined;
  /** the names under which images of an application are published: its own, and `owner/name` of its repository where it is the root of it */
  readonly imageNames?: (project: Project, root: string) => readonly string[];
  /** the commands that the manifests in these folders hold, as text: they may say which Docker files are used, and how */
  readonly commands?: (
    project: Project,
    roots: readonly string[],
  ) => readonly { readonly text: string; readonly file: string; readonly line: number }[];
  /** the facts of one application, each with its evidence */
  readonly inspect: (application: ApplicationInput) => Promise<Facts>;
  /** the manifest as a line of the checklist: whether it says what a deployment has to know */
  readonly manifestItem: (project: Project, facts: Facts) => CheckItem;
  /** the lockfile as a line of the checklist: whether there is one, and made for what the manifest says. Nothing is run */
  readonly lockfileItem: (project: Project, facts: Facts) => Promise<CheckItem>;
  /** scripts of the manifest that the deployment of an application does without, each with the reason */
  readonly leftScripts?: (project: Project, facts: Facts) => readonly LeftOut[];
  /** what `plan/` asks the stacks of one application; undefined: its runtime is not known */
  readonly recipes: (facts: Facts) => Promise<ApplicationRecipes | undefined>;
};
