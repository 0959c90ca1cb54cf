import { posix } from 'node:path';
import { managerSettings } from '../../catalog/credential-files.ts';
import { indexWords, NETRC_VARIABLE as NETRC, netrcHint } from '../../catalog/registry-tokens.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Facts } from '../../model/facts.ts';
import type { Project } from '../../project/project.ts';
import type { PythonIndex, PythonLogins, PythonManager } from '../../stacks/python.ts';
import { buildTexts } from '../support/build-texts.ts';
import { type LoginSetting, tokensOf } from '../support/registry-tokens.ts';
import type { InstallFacts } from './manifest.ts';

type Found = Pick<Facts, 'notes'> & {
  /** build secrets, and settings of the manager that it reads while it installs */
  readonly facts: Pick<Facts, 'tokens' | 'installs'>;
  /** undefined: nothing logs in */
  readonly logins: PythonLogins | undefined;
};

/** An index, as far as it matters for a login. */
type IndexLogin = { readonly index: PythonIndex; readonly host: string; readonly words: readonly string[] };

/**
 * What installing logs in with. Variables that an address names are those; an index that asks for a login gets what its manager calls by its name, or
 * a `.netrc`. Whether an index asks is known by what the project says of it; of others a note says how it would be told.
 */
export function readLogins(project: Project, { folder, loaded: manager, reads }: InstallFacts): Found {
  const indexes = manager?.indexes?.(project, folder) ?? [];
  const inAddresses = tokensOf(indexes.map(addressOf));
  const bare = indexes.filter(({ url }) => !url.includes('$')).flatMap(placeOf);
  const texts = bare.length > 0 ? textsOf(project) : [];
  const asking = bare.filter((indexLogin) => asks(indexLogin, manager, texts));
  const pairs = asking.flatMap(({ index: { name, from }, host }) => {
    const names = name === undefined ? undefined : manager?.loginOf?.(name);
    return names ? [{ host, user: names[0], password: names[1], from }] : [];
  });
  const others = asking.filter(({ host }) => !pairs.some((pair) => pair.host === host));
  const named = [
    ...pairs.flatMap(({ user, password, from }) => [user, password].map((variable) => tokenOf(variable, from))),
    ...(others[0] ? [{ ...tokenOf(NETRC, others[0].index.from), hint: netrcHint(others[0].host) }] : []),
  ];
  const open = bare
    .filter((indexLogin) => !asking.includes(indexLogin))
    .flatMap((indexLogin) => noteOf(indexLogin, manager));
  const own = manager?.logsIn ? pairs.flatMap(({ user, password }) => [user, password]) : [];
  const tokens = [...inAddresses.tokens, ...named];
  return {
    facts: { tokens, installs: reads.development.filter((file) => managerSettings.has(posix.basename(file))) },
    notes: [...inAddresses.notes, ...open],
    logins:
      tokens.length === 0
        ? undefined
        : {
            variables: [...inAddresses.tokens.map(({ variable }) => variable), ...own],
            ...(others.length > 0 ? { netrc: NETRC } : {}),
            pairs: manager?.logsIn ? [] : pairs.map(({ host, user, password }) => ({ host, user, password })),
          },
  };
}

const addressOf = ({ url, from, name }: PythonIndex): LoginSetting => ({
  file: from.file ?? '',
  line: from.line,
  text: url,
  ...(name === undefined ? {} : { scope: name }),
});

const tokenOf = (variable: string, from: Evidence): Facts['tokens'][number] => ({
  variable,
  file: from.file ?? '',
  from: [from],
});

/** A host as a line of a `.netrc` has it, without signs that a shell or that file takes apart. */
function placeOf(index: PythonIndex): IndexLogin[] {
  if (!URL.canParse(index.url)) return [];
  const { protocol, hostname, pathname } = new URL(index.url);
  if (!protocol.startsWith('http') || !/^[\w.-]+$/.test(hostname)) return [];
  return [
    {
      index,
      host: hostname,
      words: [...hostname.split('.'), ...pathname.split('/')].map((word) => word.toLowerCase()),
    },
  ];
}

/** Whether an index asks for a login: it is said, its variables are named somewhere, or its address is that of a server of one's own. */
function asks(
  { index, host, words }: IndexLogin,
  manager: PythonManager | undefined,
  texts: readonly string[],
): boolean {
  if (index.asks || new URL(index.url).username !== '') return true;
  const [, password] = (index.name === undefined ? undefined : manager?.loginOf?.(index.name)) ?? [undefined, NETRC];
  if (texts.some((text) => text.includes(password))) return true;
  return !host.includes('.') || words.some((word) => indexWords.asking.has(word));
}

const textsOf = (project: Project): readonly string[] =>
  buildTexts(project).flatMap((path) => project.read(path) ?? []);

function noteOf({ index, host, words }: IndexLogin, manager: PythonManager | undefined): Facts['notes'] {
  if (words.some((word) => indexWords.open.has(word))) return [];
  const names = (index.name === undefined ? undefined : manager?.loginOf?.(index.name)) ?? [NETRC];
  return [
    {
      code: 'index-without-login',
      message: `Packages also come from ${host}. If it requires a login, add ${names.join(' and ')} to .env.example: the install then gets ${names.length > 1 ? 'them as build secrets' : 'it as a build secret'}.`,
      from: [index.from],
    },
  ];
}
