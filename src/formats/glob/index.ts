export { findMatch, literal, matchEnds, matchesWhole, type Step } from './automaton.ts';
export { type GlobDialect, globMatcher, readSet } from './glob.ts';
