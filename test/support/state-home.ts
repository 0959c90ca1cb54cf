import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives the tests, and the programs that they start, a folder of state of their own instead of the user's, and no compiled code. */
export default function setUp(): () => void {
  const home = mkdtempSync(join(tmpdir(), 'dockwright-state-home-'));
  process.env['XDG_STATE_HOME'] = home;
  process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
  return () => rmSync(home, { recursive: true, force: true });
}
