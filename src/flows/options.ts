/** What every verb takes. `set` holds the `--set KEY=VALUE` flags, by documented key; `signal` ends the work and cleans up. */
export type FlowOptions = {
  readonly cwd: string;
  /** the application, where the repository holds several: its name or its folder, or several with commas */
  readonly app?: string;
  /** every application of the repository */
  readonly all?: boolean;
  readonly set?: Readonly<Record<string, string>>;
  /** frontends of Dockerfiles that BuildKit may run besides Docker's own; only the command line names them */
  readonly allowFrontends?: readonly string[];
  /** files of the author that are adopted in this run: they say nothing, as they will not in the next */
  readonly adopted?: readonly string[];
  readonly signal?: AbortSignal;
  /** gets what is wrong with the folder itself, a sentence each, such as a write that was interrupted; results that have warnings hold it too */
  readonly onWarning?: (message: string) => void;
};
