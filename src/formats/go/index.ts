export * from './mod.ts';
export * from './parse.ts';
