export { type AttributeFile, type AttributeValue, parseGitAttributes } from './attributes.ts';
export { parseGitConfig } from './config.ts';
export { type IgnoreRule, parseGitIgnore } from './ignore.ts';
export { type IndexEntry, type IndexFile, parseIndex } from './index-file.ts';
export { type Conversion, conversionOf, looksBinary, withUnixLines } from './line-endings.ts';
export { type HashName, objectId, treeId } from './objects.ts';
