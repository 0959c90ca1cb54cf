export { type CompareOptions as Comparing, compareTree, isRecorded, stagedTree, type TreeState } from './compare.ts';
export { branchOf, findRepository, type GitRepository, prefixOf, shallowOf, tagsOf } from './repository.ts';
export { indexedFiles, type Tracked, trackedFiles } from './tracked.ts';
