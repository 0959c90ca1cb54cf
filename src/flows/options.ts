/** What every verb takes. `set` holds the `--set KEY=VALUE` flags, by documented key; `signal` ends the work and cleans up. */
export type FlowOptions = {
  readonly cwd: string;
  readonly app?: string;
  readonly set?: Readonly<Record<string, string>>;
  /** frontends of Dockerfiles that BuildKit may run besides Docker's own; only the command line names them */
  readonly allowFrontends?: readonly string[];
  readonly signal?: AbortSignal;
};
