import {
  memberPath,
  type Node,
  parseSource,
  property,
  type Source,
  stringValue,
  unwrap,
  walk,
} from '../../formats/source/index.ts';
import type { Wiring } from '../contract.ts';

const loopback = new Set(['localhost', '127.0.0.1', '::1']);

type Call = Extract<Node, { type: 'CallExpression' }>;

/** The calls that open a server: `app.listen(…)`. */
const listens = (source: Source): readonly Call[] => {
  const found: Call[] = [];
  walk(source.program, (node) => {
    if (node.type === 'CallExpression' && memberPath(node.callee)?.endsWith('.listen')) found.push(node);
  });
  return found;
};

/**
 * The edit that makes a server listen on every interface: an address that is written out is replaced; where a framework listens on the
 * loopback address unless told otherwise, the address is added to the options.
 */
export function listenEverywhere(file: string, text: string, byDefault: boolean): Wiring {
  const source = parseSource(file, text);
  const lines = ["host: '0.0.0.0'"];
  const why = 'listens on every interface: nothing outside of its container reaches a loopback address';
  for (const call of listens(source)) {
    const [first, second] = call.arguments;
    const options = first && unwrap(first);
    const host =
      options?.type === 'ObjectExpression' ? (property(options, 'host') ?? property(options, 'hostname')) : second;
    const said = host && stringValue(source, unwrap(host));
    if (host && said !== undefined && loopback.has(said))
      return { ok: true, edits: [{ start: host.start, end: host.end, text: "'0.0.0.0'" }], why };
    if (byDefault && host === undefined && options?.type === 'ObjectExpression') {
      const last = options.properties.at(-1);
      if (last) return { ok: true, edits: [{ start: last.end, end: last.end, text: ", host: '0.0.0.0'" }], why };
    }
  }
  return { ok: false, why: 'the call that opens the server was not found', lines };
}
