import type { Plan, Setting, Workload } from '../model/plan.ts';
import { recorder } from './decide.ts';
import { sorted } from './settings.ts';

/** The variable that names the image of an application or of a stage of it. */
export const imageVariable = (name: string): string => {
  const stem = name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
  return `${/^\d/.test(stem) ? `APP_${stem}` : stem}_IMAGE`;
};

/** The image of a workload, and the stage where that is another one than production starts. */
const nameOf = ({ image, target }: Workload): string => (target === undefined ? image : `${image}-${target}`);

/** Whether production may start another image than is built here: in a form of ours, and for a service whose author does not say the name by a variable. */
function isOpen({ image, kept }: Workload, plan: Plan): boolean {
  if (!plan.images[image]) return false;
  return !kept || (kept.has.includes('build') && !kept.has.includes('image'));
}

/**
 * The plan with a variable for each image that production starts: it names one that was pushed, so that a machine with the compose files and their settings
 * alone starts it without building. What the application itself reads under this name stays the application's.
 */
export function withPublishedImages(plan: Plan): Plan {
  if (plan.kept && plan.kept.forms.production !== 'added') return plan;
  const { decide, decisions } = recorder();
  const found: Record<string, { readonly variable: string; readonly decision: string; readonly purpose: string }> = {};
  for (const workload of Object.values(plan.workloads)) {
    const name = nameOf(workload);
    const variable = imageVariable(name);
    if (found[name] || !isOpen(workload, plan) || plan.settings[variable]) continue;
    const why = 'production runs the pushed image by its digest, and builds nothing';
    found[name] = {
      variable,
      purpose:
        workload.target === undefined
          ? 'image that production runs: NAME@DIGEST, as printed by `dockwright push`'
          : `image of the stage ${workload.target} that production runs: NAME@DIGEST, as printed by \`dockwright push\``,
      decision: decide(`settings.${variable}`, { choice: 'the image that is built here, unless it is set', why }),
    };
  }
  const settings = Object.values(found).map(({ variable, decision, purpose }): [string, Setting] => [
    variable,
    { purpose, required: false, secret: false, decision },
  ]);
  if (settings.length === 0) return plan;
  const workloads = Object.entries(plan.workloads).map(([key, workload]): [string, Workload] => {
    const published = isOpen(workload, plan) ? found[nameOf(workload)] : undefined;
    if (!published) return [key, workload];
    const { variable, decision } = published;
    return [key, { ...workload, published: { variable, decision } }];
  });
  return {
    ...plan,
    workloads: Object.fromEntries(workloads),
    settings: sorted({ ...plan.settings, ...Object.fromEntries(settings) }),
    decisions: { ...plan.decisions, ...decisions() },
  };
}
