import { machine, onHostRule, type ProgramRule, programs, proxies } from '../src/engine/programs.ts';

const code = (text: string) => `\`${text}\``;
const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The environment of a program, in words: the groups that are named below the table, then single names. A plugin has that of its program. */
function environment(name: string, { passed, set, also }: ProgramRule): string {
  const base = Object.entries<ProgramRule>(programs).find(([other]) => name.startsWith(`${other} `));
  if (base && base[1].passed === passed && base[1].set === set)
    return [`as ${code(base[0])}`, ...(also ? [also] : [])].join('; ');
  const groups = [
    { title: 'machine', names: machine },
    { title: 'proxies', names: proxies },
  ].filter((group) => group.names.every((name) => passed.includes(name)));
  const grouped = new Set(groups.flatMap((group) => group.names));
  const single = passed.filter((name) => !grouped.has(name)).map(code);
  const ours = Object.entries(set).map(([name, value]) => code(`${name}=${value}`));
  return [
    [...groups.map((group) => `*${group.title}*`), ...single].join(', '),
    ...(ours.length > 0 ? [`set: ${ours.join(', ')}`] : []),
    ...(also ? [also] : []),
  ].join('; ');
}

/** The table of outside programs, as `docs/security.md` shows it: from the table in the code. */
export function programTable(): string {
  const head = [
    'Program',
    'What for',
    'Arguments',
    'Environment',
    'Working folder',
    'Time limit',
    'Reads of the repository',
  ];
  const rows = Object.entries<ProgramRule>(programs).map(([name, rule]) => [
    code(name),
    rule.purpose,
    rule.arguments,
    environment(name, rule),
    rule.folder,
    rule.limit,
    rule.reads,
  ]);
  const { purpose, arguments: args, environment: env, folder, limit, reads } = onHostRule;
  return [
    row(head),
    row(head.map(() => '---')),
    ...[...rows, ["the project's own test command", purpose, args, env, folder, limit, reads]].map(row),
    '',
    `*machine*: ${machine.map(code).join(', ')}. Entries of \`PATH\` that are relative or empty, that lie in the project or the repository around it, or in a \`node_modules\` folder are left out.`,
    '',
    `*proxies*: ${proxies.map(code).join(', ')}.`,
  ].join('\n');
}

/** Where the table stands in the page. */
export const tableMarks = {
  begin: '<!-- programs: `npm run gen` writes this table from src/engine/programs.ts -->',
  end: '<!-- end of programs -->',
};

/** The page with the table of today. Throws where its marks are gone. */
export function withProgramTable(page: string): string {
  const begin = page.indexOf(tableMarks.begin);
  const end = page.indexOf(tableMarks.end);
  if (begin < 0 || end < begin) throw new Error('the marks of the table of programs are gone');
  return `${page.slice(0, begin + tableMarks.begin.length)}\n\n${programTable()}\n\n${page.slice(end)}`;
}
