import manifest from '../../package.json' with { type: 'json' };
import { onReaderGone, out } from './terminal.ts';

/** Prints the version, where nothing else is asked for, and says whether it did: loading the commands takes as long as starting Node.js. */
export function saysVersion(words: readonly string[]): boolean {
  const [first = '', ...more] = words;
  if (more.length > 0 || !['-v', '--version'].includes(first)) return false;
  onReaderGone(() => process.exit(0));
  out(manifest.version);
  return true;
}
