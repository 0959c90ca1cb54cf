import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** What decides where a user's caches lie. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** undefined where the system knows no home folder of this user */
  readonly home: string | undefined;
};

/** The machine that this process runs on. */
function thisMachine(): Machine {
  const { platform, env } = process;
  try {
    return { platform, env, home: homedir() };
  } catch {
    // a user that the system has no entry for
    return { platform, env, home: undefined };
  }
}

/**
 * The folder in which this user's programs keep what they can make again: `LOCALAPPDATA` on Windows, `XDG_CACHE_HOME` elsewhere, else the
 * custom of the system below the home folder. Undefined where none of them is absolute. Nothing is read or made.
 */
export function cacheHome({ platform, env, home }: Machine = thisMachine()): string | undefined {
  const { isAbsolute, join } = platform === 'win32' ? win32 : posix;
  const stated = env[platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'];
  if (stated && isAbsolute(stated)) return stated;
  if (!home || !isAbsolute(home)) return undefined;
  if (platform === 'win32') return join(home, 'AppData', 'Local');
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache');
}
