import { imageReference } from './image.ts';
import type { Reference, References, Span, Unpinnable } from './types.ts';
import { readWord } from './word.ts';
import { type Value, yamlValues } from './yaml.ts';

const COMMIT = /^[0-9a-f]{40}$/;

/** The actions, reusable workflows and images that a workflow or an action of GitHub names. */
export function workflowReferences(text: string): References {
  const all = yamlValues(text, ['uses', 'image', 'container']).flatMap((value): (Reference | Unpinnable)[] => {
    const key = value.path.at(-1);
    if (key === 'uses') return isStep(value) ? used(value, text) : [];
    return isContainer(value) ? [image(value, text, 0)] : [];
  });
  return {
    references: all.flatMap((item) => ('span' in item ? [item] : [])),
    left: all.flatMap((item) => ('why' in item ? [item] : [])),
    built: [],
  };
}

const isStep = ({ path }: Value): boolean => path[0] === 'jobs' || path[0] === 'runs';

/** `jobs.NAME.container`, with its image below it or not, and the images of the services beside it. An action's own may be its Dockerfile. */
const isContainer = ({ path, text }: Value): boolean =>
  (path[0] === 'jobs' &&
    (['container', 'container.image'].includes(path.slice(2).join('.')) ||
      (path[2] === 'services' && path.length === 5 && path[4] === 'image'))) ||
  (path.join('.') === 'runs.image' && text.startsWith('docker://'));

function used(value: Value, source: string): (Reference | Unpinnable)[] {
  const { text, line } = value;
  if (text.startsWith('./')) return [];
  if (text.startsWith('docker://')) return [image(value, source, 'docker://'.length)];
  const at = text.lastIndexOf('@');
  const [owner = '', name = ''] = text.slice(0, Math.max(0, at)).split('/');
  const version = text.slice(at + 1);
  if (!isName(owner) || !isName(name) || !/^[\w./-]{1,200}$/.test(version))
    return [{ text, line, why: 'it does not have the form OWNER/NAME@VERSION' }];
  return [action(value, source, { name: `${owner}/${name}`, version })];
}

const isName = (text: string): boolean => /^[A-Za-z0-9][\w.-]{0,99}$/.test(text) && !text.includes('..');

function action(
  { span, end, line, text }: Value,
  source: string,
  { name, version }: { readonly name: string; readonly version: string },
): Reference {
  const isPinned = COMMIT.test(version);
  const note = isPinned ? noteBehind(source, end) : { version, span: { start: end, end } };
  return {
    kind: 'action',
    key: note === undefined ? undefined : `${name}@${note.version}`,
    pin: isPinned ? version : undefined,
    line,
    text,
    span: { start: span.end - version.length, end: span.end },
    written: '',
    ...(note ? { note: note.span } : {}),
  };
}

/** The version in the comment behind a pin, and where both stand: ` # v4.2.2`. Another comment is none. */
function noteBehind(source: string, end: number): { readonly version: string; readonly span: Span } | undefined {
  const feed = source.indexOf('\n', end);
  const line = source.slice(end, feed === -1 ? source.length : feed);
  const [, comment = ''] = /^\s+#\s*(\S.*)$/.exec(line.trimEnd()) ?? [];
  const [version = '', ...more] = comment.split(/\s+/);
  const isVersion =
    /^v?\d[\w.-]{0,100}$/.test(version) || (more.length === 0 && /^[A-Za-z][\w./-]{0,100}$/.test(version));
  return isVersion ? { version, span: { start: end, end: end + line.indexOf(version) + version.length } } : undefined;
}

function image({ text, span, line }: Value, source: string, prefix: number): Reference | Unpinnable {
  // an expression is filled in where the workflow runs
  const word = text.includes('${{')
    ? undefined
    : readWord(source, { ...span, start: span.start + prefix }, () => undefined);
  return imageReference({ text, line, word });
}
