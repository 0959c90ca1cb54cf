import type { ExistingCommand, ExistingService } from '../../model/existing.ts';
import type { Facts } from '../../model/facts.ts';
import type { Plan } from '../../model/plan.ts';
import type { ForeignRuntime } from '../../model/recipe.ts';
import type { Decide } from '../decide.ts';
import type { KeptApp, KeptSet } from './set.ts';
import { bringsInit } from './workloads.ts';

type Input = {
  readonly app: KeptApp | undefined;
  readonly set: KeptSet;
  readonly facts: Facts;
  readonly runtime: ForeignRuntime | undefined;
  readonly decide: Decide;
};

/**
 * What is said where the code has migrations and nothing of the author's set applies them. Only where the container starts the program alone is that known:
 * a script of the image may do anything.
 */
export function migrationNotes({ app, set, facts, runtime, decide }: Input): NonNullable<Plan['kept']>['notWritten'] {
  const { migration } = facts;
  if (!migration || !app?.built || runtime?.isDirect !== true) return [];
  const before = app.service?.entrypoint ?? app.built.stage.entrypoint;
  if (before !== undefined && !bringsInit(app)) return [];
  const services = [set.base, set.override, set.production].flatMap((item) => item?.services ?? []);
  const { built } = app;
  if (services.some(migrates) || [built.stage.command, built.stage.entrypoint].some(mentions)) return [];
  const line = migration.value.argv.join(' ');
  const why = `${app.service ? app.name : 'the image'} starts the program alone, and nothing else of the author’s files runs \`${line}\``;
  const service = app.service?.name ?? 'app';
  return [
    {
      what: 'a job that brings the database up to date',
      why,
      next: `Run \`${line}\` before ${service} starts: by hand, or in a service \`migrate\` of a stage that has the tool, with \`restart: "no"\`, for which ${service} waits with \`condition: service_completed_successfully\`.`,
      decision: decide('kept.migration', { choice: 'not added', why, from: migration.from }),
    },
  ];
}

const mentions = (command: ExistingCommand | undefined): boolean => /migrat/i.test(command?.argv.join(' ') ?? '');

/** Whether a service applies migrations, as its name or its command says. */
const migrates = ({ name, command, entrypoint }: ExistingService): boolean =>
  /migrat/i.test(name) || mentions(command) || mentions(entrypoint);
