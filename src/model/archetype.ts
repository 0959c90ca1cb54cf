import { z } from './zod.ts';

/** What kind of program an app is: it decides the shape of its deployment. */
export const Archetype = z.enum(['web-service', 'web-app', 'cli-tool', 'worker', 'data-pipeline', 'library']);
export type Archetype = z.infer<typeof Archetype>;
