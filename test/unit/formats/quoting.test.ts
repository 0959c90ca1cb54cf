import { assert as always, property, string } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  expressionsOf,
  loadPython,
  parsePython,
  pythonString,
  statementsOf,
} from '../../../src/formats/python/index.ts';
import { environmentRead, nodesOf, parseSource, sourceString } from '../../../src/formats/source/index.ts';
import { externalCheck } from '../../../src/languages/javascript/recipe/health.ts';
import { loadBackingService, services } from '../../../src/services/registry.gen.ts';
import { runtime as python } from '../../../src/stacks/runtimes/python.ts';
import { httpProbe, portOf } from '../../../src/stacks/support/probe.ts';
import { healthModule } from '../../support/health.ts';

/** Names and texts that try to end what they stand in. */
const hostile = [
  "PAY'];process.exit();//_API_URL",
  "PO'RT",
  'PO"RT',
  'A\\',
  "A\\'",
  'A\nB',
  'A\u2028B',
  'A`${B}`',
  '$' + '{A}',
  'A*/B',
  '\u202eA',
  '\u0000',
  '',
  'A B',
  '__proto__',
  '</script>',
];

const shapeOf = (text: string): readonly string[] => {
  const source = parseSource('a.ts', text);
  expect(source.problems).toEqual([]);
  return nodesOf(source.program, 'Identifier', 'Literal', 'CallExpression', 'MemberExpression').map(({ type }) => type);
};

/** The value of a program that is one expression, which reads nothing but `process.env`. */
const evaluated = (text: string, env: Readonly<Record<string, string>> = {}): unknown =>
  new Function('process', `return ${text}`)({ env });

let plain: Promise<readonly string[]> | undefined;

const texts = string({ unit: 'binary', maxLength: 20 });

describe('text of a project in JavaScript', () => {
  it('is the same text again, and one literal', () => {
    for (const text of hostile) expect([text, evaluated(sourceString(text))]).toEqual([text, text]);
    always(
      property(texts, (text) => evaluated(sourceString(text)) === text && !/[\n\r\u2028]/.test(sourceString(text))),
    );
  });

  it('is the same variable again, whatever its name', () => {
    for (const name of hostile.filter((one) => one !== '__proto__'))
      expect(evaluated(environmentRead(name), { [name]: 'value' })).toBe('value');
    expect(environmentRead('PORT')).toBe('process.env.PORT');
    expect(environmentRead("PO'RT")).toBe("process.env['PO\\'RT']");
  });

  it.each(hostile)('adds nothing to a probe: %j', (text) => {
    const plain = shapeOf(httpProbe(3000, 'PO RT', '/ready'));
    const probe = httpProbe(3000, `${text} `, `/${text}`);
    expect(shapeOf(probe)).toEqual(plain);
    // Compose would take it for a variable of its own
    expect(probe).not.toContain('$');
    expect(shapeOf(httpProbe(3000, undefined, `/${text}`, { over: 'https' }))).toEqual(
      shapeOf(httpProbe(3000, undefined, '/ready', { over: 'https' })),
    );
    expect(shapeOf(portOf(3000, `${text} `))).toEqual(shapeOf(portOf(3000, 'PO RT')));
  });

  it.each(hostile)('adds nothing to a health module: %j', async (text) => {
    const moduleOf = async (name: string) => {
      const outside = { ...externalCheck(`${name} `, `https://example.com/${name}`), outside: true as const };
      const checks = [{ name: `${name} `, required: true, ...outside, decision: 'check' }];
      for (const service of services.filter(({ embedded }) => !embedded)) {
        const code = (await loadBackingService(service.name))?.checks['javascript'];
        for (const client of service.clients) {
          const of = [{ url: `${name} ` }, { parts: { host: `${name} `, port: `${name} `, user: `${name} ` } }];
          for (const connection of of) {
            const one = code?.(client, connection);
            if (one) checks.push({ name: service.name, required: true, ...one, outside: true, decision: 'check' });
          }
        }
      }
      // each in a module of its own: they share names
      return checks.flatMap((one) => shapeOf(healthModule([one])));
    };
    plain ??= moduleOf('PLAIN');
    expect(await moduleOf(text)).toEqual(await plain);
  });
});

describe('text of a project in Python', () => {
  beforeAll(loadPython);

  const partsOf = (script: string): readonly string[] => {
    const { body } = parsePython('a.py', script);
    return [...statementsOf(body).map(({ kind }) => kind), ...expressionsOf(body).map(({ kind }) => kind)];
  };

  /** The text of a literal, whose escapes are those of https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences. */
  const decoded = (literal: string): string =>
    literal
      .slice(1, -1)
      .replace(/\\(?:x(..)|u(.{4})|U(.{8}))/g, (_, ...codes: (string | undefined)[]) =>
        String.fromCodePoint(Number.parseInt(codes.find((one) => one !== undefined) ?? '', 16)),
      );

  it('is the same text again, and one literal of plain letters', () => {
    for (const text of hostile) expect([text, decoded(pythonString(text))]).toEqual([text, text]);
    always(
      property(
        texts,
        (text) =>
          decoded(pythonString(text)) === text &&
          /^'(?:[ !-#%-&(-[\]-~]|\\(?:x..|u.{4}|U.{8}))*'$/.test(pythonString(text)),
      ),
    );
  });

  it.each(hostile)('adds nothing to a probe: %j', (text) => {
    const probesOf = (name: string) =>
      [
        python.probe(8000, name, `/${name}`),
        python.probe(8000, name, `/${name}`, { over: 'https' }),
        python.probePort(8000, name),
        python.probeAnswer?.(8000, name) ?? [],
      ].map(([, , script = '']) => script);
    for (const script of probesOf(text)) expect(script).not.toContain('$');
    expect(probesOf(text).map(partsOf)).toEqual(probesOf('PORT').map(partsOf));
  });
});
