import type { Facts } from '../model/facts.ts';
import { loadBuilder } from '../stacks/builders/registry.gen.ts';
import type { Builder, Framework, Manager, Runtime } from '../stacks/contract.ts';
import { loadManager } from '../stacks/managers/registry.gen.ts';
import { loadRuntime } from '../stacks/runtimes/registry.gen.ts';
import { loadFramework } from '../stacks/servers/registry.gen.ts';
import { settled } from './decide.ts';

/** The stacks of one app, loaded: only those that its facts name. */
export type Stacks = {
  readonly runtime: Runtime;
  readonly manager: Manager | undefined;
  readonly builder: Builder | undefined;
  readonly framework: Framework | undefined;
};

/** Loads what the facts name; undefined where the runtime is unknown, as nothing can be planned then. */
export async function loadStacks(facts: Facts): Promise<Stacks | undefined> {
  const runtime = settled(facts.runtime);
  const loaded = runtime && (await loadRuntime(runtime.name));
  if (!loaded) return undefined;
  const manager = settled(facts.manager);
  const framework = facts.frameworks[0]?.value;
  return {
    runtime: loaded,
    manager: manager && (await loadManager(manager.name)),
    builder: facts.builder && (await loadBuilder(facts.builder.value)),
    framework: framework === undefined ? undefined : await loadFramework(framework),
  };
}
