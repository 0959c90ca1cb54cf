/** Files in which programs keep what they log in with, a name and a value in each line: what is read of an image. Data only; what a build never gets is in `credential-files.ts`. */

/** Names of such files, whatever folder they lie in. */
const names: ReadonlySet<string> = new Set([
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pypirc',
  'pip.conf',
  '.netrc',
  '_netrc',
  '.git-credentials',
  '.pgpass',
  '.my.cnf',
  '.s3cfg',
]);

/** Names that count in their own folder alone. */
const inFolders: readonly RegExp[] = [
  /(^|\/)\.aws\/credentials$/,
  /(^|\/)\.docker\/config\.json$/,
  /(^|\/)\.config\/gh\/hosts\.yml$/,
  /(^|\/)\.cargo\/credentials(\.toml)?$/,
];

/** Settings of an application; examples of them hold no secret. */
const settings = /^\.env(\.[\w-]+)*$/;
const examples = /\.(example|sample|template|dist|defaults?)$/;

/** Whether a file of this path holds settings or logins, a line each. */
export function isLoginFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return names.has(name) || (settings.test(name) && !examples.test(name)) || inFolders.some((form) => form.test(path));
}

/** Paths of an image below which others keep examples, tests and keys of trial: packages of languages and of the system, their pages and tests. */
export const othersFiles =
  /^(usr\/(?!src\/|app\/)|lib\/|lib64\/|proc\/|sys\/)|(^|\/)(node_modules|site-packages|dist-packages|vendor\/bundle|testdata|tests?|__tests__|fixtures|examples?|man)\/|(^|\/)ssl-cert-snakeoil\.key$/;
