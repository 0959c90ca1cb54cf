export { loadPython, parsePython } from './parse.ts';
export type { Argument, Expression, PythonModule, Statement } from './types.ts';
export { expressionsOf, pathOf, statementsOf, valuesIn } from './walk.ts';
