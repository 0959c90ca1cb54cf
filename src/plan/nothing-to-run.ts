import type { Plan } from '../model/plan.ts';

/** The parts of a plan that starts nothing: a library, or files of the author that nothing can be laid over. */
export const nothingRuns = {
  images: {},
  workloads: {},
  services: {},
  volumes: {},
  networks: {},
  secrets: {},
  settings: {},
  routes: {},
  sources: [],
  edits: [],
  manual: [],
  ci: { enabled: false },
} satisfies Partial<Plan>;
