/** The exit codes of the command line. Those of `UserError` are the ones from 1 to 4. */
export const exitCodes = { ok: 0, findings: 1, usage: 2, conflict: 3, program: 4, bug: 70, interrupted: 130 } as const;

/** What each of them means, for people. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'Done, and all is well.',
  findings: 'Done, with findings: the deployment is not ready, or a check failed.',
  usage: 'Used wrongly, or something is missing that only you can say.',
  conflict: 'A conflict with your own edits: nothing was written.',
  program: 'An outside program failed, such as the engine.',
  bug: 'A bug of Dockwright: run it again with `DEBUG=1` and report what it prints.',
  interrupted: 'You interrupted it.',
};
