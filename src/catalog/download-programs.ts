/** Programs that bring something into an image from elsewhere, each with the words that make it do so; none: it always does. */
const bringingPrograms: Readonly<Record<string, readonly string[]>> = {
  curl: [],
  wget: [],
  git: ['clone'],
  pip: ['install'],
  pip3: ['install'],
  pipx: ['install'],
  uv: ['install', 'sync', 'add'],
  gem: ['install'],
  cargo: ['install'],
  go: ['install', 'get'],
};

/** Whether an argument list brings a program or packages that no manager of the distribution has: a download, `pip install`, `python3 -m pip install`. */
export function isDownload([path = '', ...words]: readonly string[]): boolean {
  const program = path.split('/').at(-1) ?? '';
  const [flag, module = ''] = words;
  if (flag === '-m' && Object.hasOwn(bringingPrograms, module)) return words.includes('install');
  const verbs = Object.hasOwn(bringingPrograms, program) ? bringingPrograms[program] : undefined;
  return verbs !== undefined && (verbs.length === 0 || verbs.some((verb) => words.includes(verb)));
}
