import { withAccessors } from './environment/accessors.ts';
import { withAliases } from './environment/aliases.ts';
import { schemaOf } from './environment/schema.ts';
import { classOfObject } from './evaluate/class-of.ts';
import type { AnalysisContext } from './evaluate/context.ts';

/** What the readers of source facts work with, for the modules of an app that some entries reach. */
export const analysisContext = (parts: Pick<AnalysisContext, 'app' | 'modules' | 'runtime'>): AnalysisContext =>
  withAccessors(withAliases({ ...parts, resolvers: { schema: schemaOf, classOfObject } }));
