export * from './comments.ts';
export * from './imports.ts';
export * from './layout.ts';
export * from './parse.ts';
export * from './scope.ts';
export * from './value.ts';
export * from './walk.ts';
export * from './words.ts';
