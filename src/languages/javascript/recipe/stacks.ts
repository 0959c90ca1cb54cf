import type { Facts } from '../../../model/facts.ts';
import { knownValue } from '../../../model/known.ts';
import { loadBuilder } from '../../../stacks/builders/registry.gen.ts';
import type { Builder, Framework, FullStack, Manager, Runtime, Site } from '../../../stacks/contract.ts';
import { loadFullStack } from '../../../stacks/fullstack/registry.gen.ts';
import { detailsOf } from '../../../stacks/javascript.ts';
import { loadManager } from '../../../stacks/managers/registry.gen.ts';
import { loadRuntime } from '../../../stacks/runtimes/registry.gen.ts';
import { loadFramework } from '../../../stacks/servers/registry.gen.ts';
import { loadSite } from '../../../stacks/sites/registry.gen.ts';

/** The stacks of one application, loaded: only those that its facts name. */
export type Stacks = {
  readonly runtime: Runtime;
  readonly manager: Manager | undefined;
  readonly builder: Builder | undefined;
  readonly framework: Framework | undefined;
  readonly site: Site | undefined;
  readonly fullStack: FullStack | undefined;
  /** of the packages that build pages which the app gives out; absent: none does */
  readonly pages?: readonly { readonly facts: Facts; readonly stacks: Stacks }[];
};

/** Loads what the facts name; undefined where the runtime is unknown, as nothing can be planned then. */
export async function loadStacks(facts: Facts): Promise<Stacks | undefined> {
  const runtime = knownValue(facts.runtime);
  const loaded = runtime && (await loadRuntime(runtime.name));
  if (!loaded) return undefined;
  const manager = knownValue(facts.manager);
  const framework = facts.frameworks[0]?.value;
  const { fullStack } = detailsOf(facts);
  return {
    runtime: loaded,
    manager: manager && (await loadManager(manager.name)),
    builder: facts.builder && (await loadBuilder(facts.builder.value)),
    framework: framework === undefined ? undefined : await loadFramework(framework),
    site: facts.site && (await loadSite(facts.site.value.tool)),
    fullStack: fullStack && (await loadFullStack(fullStack.value.name)),
    ...(await pagesOf(facts)),
  };
}

async function pagesOf(facts: Facts): Promise<Pick<Stacks, 'pages'>> {
  const pages: { facts: Facts; stacks: Stacks }[] = [];
  for (const { facts: built } of detailsOf(facts).pages ?? []) {
    const stacks = built && (await loadStacks(built));
    if (built && stacks) pages.push({ facts: built, stacks });
  }
  return pages.length > 0 ? { pages } : {};
}
