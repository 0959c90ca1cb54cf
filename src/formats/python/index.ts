export { loadPython, parsePython } from './parse.ts';
export { pythonString } from './quoting.ts';
export type { Argument, Expression, PythonModule, Statement } from './types.ts';
export { expressionsOf, pathOf, statementsOf, valuesIn } from './walk.ts';
