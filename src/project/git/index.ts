export { compareTree, isRecorded, stagedTree, type TreeState } from './compare.ts';
export { findRepository, type GitRepository, prefixOf } from './repository.ts';
export { type Tracked, trackedFiles } from './tracked.ts';
