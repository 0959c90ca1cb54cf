import { posix } from 'node:path';
import { isManifestOrLockfile, managerSettings } from '../catalog/credential-files.ts';
import { isOpening, tokenIn } from '../catalog/secret-values.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { inRepository } from '../model/folders.ts';
import { HIDDEN_VALUE } from '../model/secret-names.ts';
import type { Project } from '../project/project.ts';

/** A login that somebody wrote into a file, and the text of it that no output may show. */
type Login = {
  readonly file: string;
  readonly line: number;
  readonly kind: 'setting' | 'address';
  readonly text: string;
};

/** Logins in the settings, manifests and lockfiles of a repository. No value of them leaves this module. */
export type Credentials = { readonly logins: readonly Login[] };

const NEWLINE = 10;

/** A shorter text may be a word of its own somewhere else. */
const LEAST_HIDDEN = 16;

/** Reads the settings, manifests and lockfiles for logins that are written out. */
export function readCredentials(project: Project): Credentials {
  return {
    logins: project.files().flatMap((file): Login[] => {
      const isSettings = managerSettings.has(posix.basename(file));
      if (!isSettings && !isManifestOrLockfile(file)) return [];
      const text = project.read(file);
      if (text === undefined) return [];
      return [...(isSettings ? inSettings(file, text) : []), ...inAddresses(file, text)];
    }),
  };
}

/** Keys whose values log in, as managers call them; a value is one word, or stands in quotes. */
function inSettings(file: string, text: string): Login[] {
  return text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    if (line.startsWith('#') || line.startsWith(';')) return [];
    return [
      ...line.matchAll(
        /(?:^|[\s,{:/.])(_auth|_authToken|_password|npmAuthToken|npmAuthIdent|token|password)["']?[ \t]{0,20}[=:][ \t]{0,20}("[^"\n]{1,4000}"|'[^'\n]{1,4000}'|[^\s,}"'#]{1,4000})/gi,
      ),
    ].flatMap(([, , value = '']): Login[] => {
      const plain = value.replace(/^["']|["']$/g, '');
      // a manager puts the value of a variable in its place; `:` begins a port or a further key
      const isLiteral = plain !== '' && !/\$|%\(|^:/.test(plain);
      return isLiteral ? [{ file, line: index + 1, kind: 'setting', text: plain }] : [];
    });
  });
}

/** Addresses with a password, or with a token as the user. Those of this machine and of containers beside it log in to nothing of others. */
function inAddresses(file: string, text: string): Login[] {
  const found: Login[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const start = at + 3;
    const [authority = ''] = text.slice(start, start + 600).split(/[\s/"'<>()[\]{},#?]/, 1);
    const sign = authority.lastIndexOf('@');
    if (sign <= 0 || !opens(authority.slice(0, sign), authority.slice(sign + 1))) continue;
    for (; counted < at; counted += 1) if (text.charCodeAt(counted) === NEWLINE) line += 1;
    found.push({ file, line, kind: 'address', text: authority.slice(0, sign) });
  }
  return found;
}

function opens(user: string, host: string): boolean {
  const [name = '', password] = [
    user.split(':', 1)[0],
    user.includes(':') ? user.slice(user.indexOf(':') + 1) : undefined,
  ];
  const isElsewhere = host.includes('.') && !/^(127\.|0\.0\.0\.0|host\.docker\.)/.test(host);
  if (!isElsewhere) return false;
  return password === undefined ? tokenIn(name) !== undefined : isOpening(password) || tokenIn(password) !== undefined;
}

/**
 * The facts of an application with what was found: which files no stage gets, what whoever owns them should know, and no text that holds one of
 * the logins.
 */
export function withCredentials(facts: Facts, { logins: all }: Credentials): Facts {
  const near = all.filter(({ file }) => isNear(facts, file));
  if (near.length === 0) return facts;
  const settings = [...new Set(near.map(({ file }) => file))].filter((file) =>
    managerSettings.has(posix.basename(file)),
  );
  const installs = new Set(facts.installs.map((path) => inRepository(facts, path)));
  const credentialFiles = settings.map((file) => ({
    file,
    installs: installs.has(file),
    from: near.filter((login) => login.file === file).map(evidenceOf),
  }));
  const held = new Set(settings);
  const hidden = hide(facts, textsOf(all)) as Facts;
  return {
    ...hidden,
    installs: facts.installs.filter((path) => !held.has(inRepository(facts, path))),
    sources: facts.sources.filter((path) => !held.has(inRepository(facts, path))),
    reads: facts.reads.filter(({ value }) => !held.has(inRepository(facts, value))),
    ...(credentialFiles.length > 0 ? { credentialFiles } : {}),
    notes: [...hidden.notes, ...notesOf(near, credentialFiles)],
  };
}

/** Of a repository with several applications, each hears of its own files and of those that all have in common. */
const isNear = ({ root, context = root }: Facts, file: string): boolean => {
  const folder = posix.dirname(file);
  return context === '.' || folder === '.' || folder === context || folder.startsWith(`${context}/`);
};

const evidenceOf = ({ file, line }: Login): Evidence => ({ file, line, why: 'it contains a login in plain text' });

/** The lines of a file, as few as say it. */
const placeOf = (file: string, logins: readonly Login[]): string =>
  `${file}:${[...new Set(logins.map(({ line }) => line))].slice(0, 5).join(', ')}`;

function notesOf(near: readonly Login[], files: NonNullable<Facts['credentialFiles']>): Facts['notes'] {
  const settings = files.map(({ file, installs, from }): Facts['notes'][number] => {
    const place = placeOf(
      file,
      near.filter((login) => login.file === file),
    );
    const means = installs
      ? 'The file is not copied into the image: the install instruction reads it as a build secret.'
      : 'The file is not copied into the image.';
    return {
      code: 'token-in-clear',
      message: `${place} contains a token in plain text. ${means} Everybody with access to the repository can read it: use a variable instead if the package manager supports it, as in \${NPM_TOKEN}`,
      from,
    };
  });
  const named = new Set(files.map(({ file }) => file));
  const others = [...new Set(near.map(({ file }) => file))].filter((file) => !named.has(file));
  const addresses = others.map((file): Facts['notes'][number] => {
    const all = near.filter((login) => login.file === file);
    return {
      code: 'password-in-address',
      message: `${placeOf(file, all)} has a URL with a password or token. The build needs the file, so build stages contain it: remove the login from the URL, pass it to the package manager as a build secret, and revoke it`,
      from: all.slice(0, 5).map(evidenceOf),
    };
  });
  return [...settings, ...addresses];
}

/** What no output may show: of an address the part before the host, with the sign behind it. */
const textsOf = (logins: readonly Login[]): readonly string[] => [
  ...new Set(
    logins.flatMap(({ kind, text }) => (kind === 'address' ? [`${text}@`] : text.length < LEAST_HIDDEN ? [] : [text])),
  ),
];

/** Every text without the logins in it: an address keeps its place. */
function hide(value: unknown, logins: readonly string[]): unknown {
  if (typeof value === 'string')
    return logins.reduce(
      (text, login) => text.replaceAll(login, login.endsWith('@') ? `${HIDDEN_VALUE}@` : HIDDEN_VALUE),
      value,
    );
  if (Array.isArray(value)) return value.map((item) => hide(item, logins));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item, logins)]));
}
