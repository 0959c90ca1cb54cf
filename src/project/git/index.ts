export { compareTree, isRecorded, stagedTree, type TreeState } from './compare.ts';
export { findRepository, type GitRepository, prefixOf, shallowOf, tagsOf } from './repository.ts';
export { indexedFiles, type Tracked, trackedFiles } from './tracked.ts';
