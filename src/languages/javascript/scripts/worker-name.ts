/** Whether a file, or what a process is called, is a further process by its name: of several that are started side by side the application is another one. */
export const isWorkerName = (name: string): boolean =>
  /(?:^|[/._-])(?:workers?|queues?|consumers?|jobs?|crons?|scheduler|schedule|clock|beat|bot|processor|listener|subscriber|daemon)(?:[/._-]|$)/.test(
    name,
  );
