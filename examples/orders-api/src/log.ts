const levels = ['debug', 'info', 'warn', 'error'] as const;

export type Level = (typeof levels)[number];
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void;

/** One JSON object a line on stdout; what is below the threshold is left out. */
export function createLog(threshold: Level): Log {
  return (level, message, fields = {}) => {
    if (levels.indexOf(level) < levels.indexOf(threshold)) return;
    console.log(JSON.stringify({ time: new Date().toISOString(), level, message, ...fields }));
  };
}

export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // a refused connection to several addresses is an AggregateError without a message of its own
  return error.message || ('code' in error ? String(error.code) : error.name);
}
