import {
  isGlobal,
  keyName,
  memberPath,
  type Node,
  nodesOf,
  property,
  type Source,
  unwrap,
} from '../../../formats/source/index.ts';
import type { Facts } from '../../../model/facts.ts';
import { inSource } from '../app.ts';
import type { AnalysisContext } from '../evaluate/context.ts';
import { trace } from '../evaluate/trace.ts';

/** What in the source keeps it from becoming one file, as notes that builders read: code that is found by a path while the app runs. */
export function readBlockers(context: AnalysisContext): Facts['notes'] {
  const notes: Facts['notes'] = [];
  for (const source of context.modules.sources) {
    for (const node of nodesOf(source.program, 'ImportExpression', 'CallExpression', 'NewExpression')) {
      const transport = transportOf(context, source, node);
      const why = transport ? threads[transport] : blocks(source, node);
      if (why)
        notes.push({
          // what keeps only the packages out of the one file works where they stay in node_modules
          code: transport === 'package' ? 'packages-apart' : 'bundle-blocker',
          message: `${source.file} ${why}`,
          from: [inSource(source, node.start, why)],
        });
    }
  }
  return notes;
}

const threads = {
  own: 'logs through a transport, which is a worker with its own file',
  package: 'logs through a transport, which is a worker with a file in its package',
} as const;

function blocks(source: Source, node: Node): string | undefined {
  if (node.type === 'ImportExpression')
    return isWritten(node.source) ? undefined : 'imports a module whose name is computed at run time';
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined;
  const path = memberPath(node.callee);
  const [first] = node.arguments;
  if (path === undefined || !first) return undefined;
  if (node.type === 'NewExpression') {
    if (path === 'Worker' && isThread(source, node)) return 'starts a worker from its own file';
    return path.endsWith('FileSystemRouter') ? 'loads its routes from files at run time' : undefined;
  }
  if (path === 'require' && isGlobal(source, 'require', node.start) && !isWritten(first))
    return 'requires a module whose name is computed at run time';
  return undefined;
}

/** The global, or that of the threads of the runtime; a queue library has a class of the same name. */
const isThread = (source: Source, node: Node): boolean =>
  isGlobal(source, 'Worker', node.start) ||
  source.imports.some(
    (imported) =>
      /^(node:)?worker_threads$/.test(imported.specifier) && imported.names.some((name) => name.local === 'Worker'),
  );

/** Whether a name of a module stands there as it is: such imports are followed by what resolves them. */
export const isWritten = (node: Node): boolean => {
  const at = unwrap(node);
  return at.type === 'Literal' || (at.type === 'TemplateLiteral' && at.expressions.length === 0);
};

/**
 * `pino({ transport: { target: 'pino-pretty' } })` and `pino.transport(…)`: whether the worker is a file of the project or of a package; a
 * transport only outside of production counts too.
 */
function transportOf(context: AnalysisContext, source: Source, node: Node): 'own' | 'package' | undefined {
  const path = node.type === 'CallExpression' ? memberPath(node.callee) : undefined;
  const first = node.type === 'CallExpression' ? node.arguments[0] : undefined;
  if (path === undefined || !first) return undefined;
  const [local] = path.split('.');
  const imported = source.imports.some(
    (imported) => imported.specifier === 'pino' && imported.names.some((name) => name.local === local),
  );
  if (!imported) return undefined;
  const options = trace(context, source, first);
  const direct = path.endsWith('.transport') || path === 'transport';
  const found = options.kind !== 'syntax' ? undefined : direct ? options.node : property(options.node, 'transport');
  if (!direct && found === undefined) return undefined;
  const targets = found
    ? nodesOf(found, 'Property').filter((item) => keyName(item.key, item.computed) === 'target')
    : [];
  const named = targets.every(({ value }) => value.type === 'Literal' && /^[@a-z]/i.test(String(value.value)));
  return named && targets.length > 0 ? 'package' : 'own';
}
