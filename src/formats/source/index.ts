export * from './comments.ts';
export * from './imports.ts';
export * from './parse.ts';
export * from './scope.ts';
export * from './types.ts';
export * from './value.ts';
export * from './walk.ts';
