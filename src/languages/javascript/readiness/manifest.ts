import type { CheckItem } from '../../../model/check.ts';
import { item } from '../../../model/check-item.ts';
import type { Facts } from '../../../model/facts.ts';
import { readData } from '../../../project/data.ts';
import { pathIn } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';

/** Whether package.json says what a deployment has to know: a name, and what starts or is published. */
export function manifestItem(project: Project, facts: Facts): CheckItem {
  const file = pathIn(facts.root, 'package.json');
  const data = readData(project, file);
  const title = 'package.json is valid';
  if (!data) {
    const next = `create ${file} with the fields name, version and scripts.start`;
    return item('manifest', title, { status: 'fail', detail: `${file} does not exist`, next, file });
  }
  const missing = [...(data.text(['name'])?.trim() ? [] : ['name']), ...(starts(facts) ? [] : [startField])];
  const named = [data.text(['name']), data.text(['version'])].filter(Boolean).join(' ');
  return missing.length === 0
    ? item('manifest', title, { status: 'pass', detail: named, file })
    : item('manifest', title, {
        status: 'fail',
        detail:
          missing.length === 1 ? `the field ${missing[0]} is missing` : `fields are missing: ${missing.join('; ')}`,
        next: `add ${missing.length === 1 ? 'it' : 'them'} to ${file}`,
        file,
        line: 1,
      });
}

/** Whether something says what runs, or what is built to a site. What a library exports is completed by the edits that are offered. */
const starts = (facts: Facts): boolean =>
  'value' in facts.commands.start ||
  'value' in facts.entry ||
  facts.site !== undefined ||
  ('value' in facts.archetype && facts.archetype.value === 'library');

const startField = 'scripts.start (or main, the entry point)';
