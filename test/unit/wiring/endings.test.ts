import { describe, expect, it } from 'vitest';
import { parseSource } from '../../../src/formats/source/index.ts';
import { bringing } from '../../../src/stacks/support/wiring.ts';

const brought = (text: string, module: string, ending?: '' | '.js' | '.ts') =>
  bringing(parseSource('app.js', text), module, ending);

describe('how the health module is named', () => {
  it.each([
    ['import a from "a";', './health.mjs', 'import { healthRoutes } from "./health.mjs";'],
    [`import a from './a.mjs';`, './health.mjs', `import { healthRoutes } from './health.mjs';`],
    [`const a = require('a');`, './health.cjs', `const { healthRoutes } = require('./health.cjs');`],
    [`const a = require('./a')`, './health.js', `const { healthRoutes } = require('./health')`],
    [`import { a } from './a.js'`, './health.ts', `import { healthRoutes } from './health.js'`],
    [`import { a } from './user.service';`, './health.ts', `import { healthRoutes } from './health';`],
  ])('%s and %s', (text, module, expected) => {
    expect(brought(text, module)).toBe(expected);
  });

  it('is as other files do it where the file has no import of code to go by', () => {
    expect(brought(`import data from './data.json' with { type: 'json' };`, './health.js', '.js')).toBe(
      `import { healthRoutes } from './health.js';`,
    );
    expect(brought(`import { a } from './a';`, './health.ts', '.js')).toBe(`import { healthRoutes } from './health';`);
  });
});
