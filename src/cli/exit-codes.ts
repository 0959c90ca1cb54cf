/** The exit codes of the command line. Those of `UserError` are the ones from 1 to 4. */
export const exitCodes = { ok: 0, findings: 1, usage: 2, conflict: 3, program: 4, bug: 70, interrupted: 130 } as const;

/** What each of them means, for people. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'Success.',
  findings: 'Finished with findings: the deployment is not ready, or a check failed.',
  usage: 'Usage error, or a question that only you can answer is open.',
  conflict: 'Conflict with your own edits; nothing was written.',
  program: 'An external program failed, such as the Docker Engine.',
  bug: 'A bug in Dockwright: run the command again with `DEBUG=1` and report the output.',
  interrupted: 'Interrupted by the user.',
};
