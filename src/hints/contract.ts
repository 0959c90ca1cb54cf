import type { Hint } from '../model/hint.ts';

/** How a file of another platform is found: data, kept in the generated registry so that only what a project has is loaded. */
export type HintDetection = {
  readonly name: string;
  readonly title: string;
  /** names of the file, the one that its platform takes first at the front */
  readonly files: readonly string[];
  /** where its platform looks for it: beside the manifest of the application, or at the root of the repository alone */
  readonly place: 'application' | 'repository';
  /** the page of its owner that says what stands in it */
  readonly page: string;
};

/** A file that was found. */
export type HintFile = {
  /** relative to the repository */
  readonly file: string;
  readonly text: string;
  /** folder of the application in the repository; `.` for its root */
  readonly root: string;
};

/** What it says, without the name of the file's kind. */
export type HintFact = Omit<Hint, 'hint'>;

/** hints/NAME.ts exports `detection` and `hint`. */
export type PlatformFile = {
  /**
   * What the file says of the application in `root`. The text is not trusted: any is read in linear time. Throws a UserError where it is none of
   * its format; what is not understood is left out.
   */
  readonly read: (file: HintFile) => readonly HintFact[];
};
