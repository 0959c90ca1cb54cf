import { valueMarks } from '../catalog/value-marks.ts';
import { quoteShell } from '../formats/dockerfile/index.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';
import { header, headerDecision } from './header.ts';
import { lines, remark } from './lines.ts';

type Site = NonNullable<Plan['site']>;

/**
 * Puts the value behind each mark, written as the place wants it: in code as escapes that mean the same in JavaScript and JSON, in pages as entities, in the
 * scripts of pages as code. Of two names the longer one is tried first.
 */
const program = `
    BEGIN { count = split(names, name, " ") }
    function escaped(text,   out, at, sign) {
      out = ""
      for (at = 1; at <= length(text); at++) {
        sign = substr(text, at, 1)
        if (page && !script) {
          if (sign == "&") sign = "&amp;"
          else if (sign == "<") sign = "&lt;"
          else if (sign == ">") sign = "&gt;"
          else if (sign == "\\"") sign = "&quot;"
          else if (sign == "\\047") sign = "&#39;"
        } else if (sign == "\\\\") sign = "\\\\u005c"
        else if (sign == "\\"") sign = "\\\\u0022"
        else if (sign == "\\047") sign = "\\\\u0027"
        else if (sign == "\`") sign = "\\\\u0060"
        else if (sign == "$") sign = "\\\\u0024"
        else if (sign == "<") sign = "\\\\u003c"
        else if (sign == "\\n") sign = "\\\\u000a"
        else if (sign == "\\r") sign = "\\\\u000d"
        out = out sign
      }
      return out
    }
    function look(text) {
      if (!page) return
      text = tolower(text)
      while (match(text, /<\\/?script/)) {
        script = substr(text, RSTART + 1, 1) != "/"
        text = substr(text, RSTART + RLENGTH)
      }
    }
    {
      rest = $0
      out = ""
      while (at = index(rest, "${valueMarks.start}")) {
        look(substr(rest, 1, at - 1))
        out = out substr(rest, 1, at - 1)
        rest = substr(rest, at)
        found = 0
        for (i = 1; i <= count && !found; i++) {
          mark = "${valueMarks.of('" name[i] "')}"
          if (substr(rest, 1, length(mark)) == mark) {
            out = out escaped(ENVIRON[name[i]])
            rest = substr(rest, length(mark) + 1)
            found = 1
          }
        }
        if (!found) {
          out = out substr(rest, 1, ${valueMarks.start.length})
          rest = substr(rest, ${valueMarks.start.length + 1})
        }
      }
      look(rest)
      print out rest
    }
  `;

/**
 * The script that fills in the values of a site before its web server starts. The root file system may be read-only, so that copies are made where the server
 * has its temporary files: of the files with marks alone, beside links to all others.
 */
export function valuesScript(plan: Plan, { values, root, decision }: Site): Artifact {
  const { script = '', from = '', names = {} } = values ?? {};
  const all = Object.keys(names).sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const out = lines();
  const add = (text: string) => out.add(text, decision);
  add('#!/bin/sh');
  for (const line of header(plan, script)) out.add(remark(line), headerDecision);
  add(
    '# writes the values of these variables into the files of the site: browsers receive them, so none may be a secret',
  );
  add('set -eu');
  for (const name of all) {
    const item = names[name];
    if (item?.required && item.default === undefined) add(`: "\${${name}:?is required: it is written into the pages}"`);
    else add(`[ -n "\${${name}-}" ] || ${name}=${quoteShell([item?.default ?? ''])}`);
  }
  add(`export ${all.join(' ')}`);
  add(`
rm -rf ${root}
mkdir -p ${root}
cd ${from}
# links, so that files without values take no memory
find . -type d -exec mkdir -p '${root}/{}' ';'
find . '(' -type f -o -type l ')' -exec ln -s '${from}/{}' '${root}/{}' ';'
grep -rlF ${valueMarks.start} . | while IFS= read -r file; do
  rm -f "${root}/$file"
  case "$file" in
    *.html | *.htm | *.xhtml | *.svg | *.xml) page=1 ;;
    *) page= ;;
  esac
  awk -v names='${all.join(' ')}' -v page="$page" '${program}' "$file" > "${root}/$file"
done
exec "$@"`);
  return { ...out.artifact(script, 'source'), mode: 0o755 };
}
