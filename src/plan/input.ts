import type { Config } from '../model/config.ts';
import type { CiFacts, Facts } from '../model/facts.ts';
import type { Specification } from '../model/requirement.ts';

import type { KeptSet } from './kept/set.ts';
import type { RunningServices } from './running.ts';

/** What a Dockerfile of the author copies and the ignore file of its context leaves out. */
export type IgnoredCopy = {
  readonly dockerfile: string;
  /** line of the COPY */
  readonly line?: number;
  /** the ignore file */
  readonly file: string;
  /** relative to the context */
  readonly path: string;
};

/** The names of what several applications share. */
export type SharedNames = {
  /** of the deployment, and of the databases in it */
  readonly project: string;
  /** of the compose services that are there already, by the backing service */
  readonly hosts: Readonly<Record<string, string>>;
};

/** What a deployment is decided from. */
export type PlanInput = {
  readonly facts: Facts;
  readonly specification: Specification | undefined;
  readonly config: Config;
  /** texts of the project's files, for the source edits that are offered */
  readonly read: (file: string) => string | undefined;
  /** the author's compose files, which start services that the app needs, and not the app */
  readonly beside?: KeptSet;
  /** files of the author that are no longer to count: ours take their places */
  readonly replaced?: readonly string[];
  /** the owner wants no edit of the sources that would add health routes */
  readonly withoutHealth?: boolean;
  /** what the application shares with others of its repository; absent: it is deployed alone */
  readonly shared?: SharedNames;
  /** copies of the author's Dockerfiles that find nothing */
  readonly ignored?: readonly IgnoredCopy[];
  /** backing services that were deployed before */
  readonly running?: RunningServices;
  /** what the repository says of the build server that it uses */
  readonly ci?: CiFacts | undefined;
};
