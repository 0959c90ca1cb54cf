import { withAccessors } from './environment/accessors.ts';
import { withAliases } from './environment/aliases.ts';
import { schemaOf } from './environment/schema.ts';
import { classOfObject } from './evaluate/class-of.ts';
import { type AnalysisContext, withTraceCache } from './evaluate/context.ts';

type Parts = Pick<AnalysisContext, 'app' | 'modules' | 'runtime'>;

/** The same without what functions of the project do with variables: for finding the modules, which that is read from. */
export const plainContext = (parts: Parts): AnalysisContext => ({
  ...parts,
  resolvers: { schema: schemaOf, classOfObject },
});

/** What the readers of source facts work with, for the modules of an app that some entries reach. */
export const analysisContext = (parts: Parts): AnalysisContext =>
  withTraceCache(withAccessors(withTraceCache(withAliases(plainContext(parts)))));
