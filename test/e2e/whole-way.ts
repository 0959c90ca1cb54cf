import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Generation, generate, writeGeneration } from '../../src/flows/generate.ts';
import type { Config } from '../../src/model/config.ts';
import type { VerifyReport } from '../../src/model/contract.ts';
import { copyProject } from '../support/projects.ts';
import { docker, standIns } from './engine.ts';

/** POST `path` keeps the body there, GET says what is kept. */
export type ServiceCase = { readonly path: string; readonly required: boolean; readonly keeps: boolean };

/** What must answer once a project runs: case.json beside it. */
export type Case = {
  readonly http?: readonly {
    readonly method?: string;
    readonly path: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly status: number;
    readonly contains?: string;
    /** headers that the answer must have */
    readonly expect?: Readonly<Record<string, string>>;
    /** only the build makes what answers: while developing another program does */
    readonly built?: true;
  }[];
  /** runs of what ends by itself, one after the other */
  readonly run?: readonly {
    readonly args: readonly string[];
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly code: number;
    readonly contains?: string;
  }[];
  /** of a library: its name, and a program that uses it as its users do */
  readonly package?: { readonly name: string; readonly consumer: string };
  /** backing services by their names in the compose file: where the application uses each, what it does without it, and whether it keeps data */
  readonly services?: Readonly<Record<string, ServiceCase>>;
  /** the same for what only the development form has */
  readonly development?: Readonly<Record<string, ServiceCase>>;
  /** stand-ins that the test bed makes only where they are asked for (`up extra`) */
  readonly standIns?: readonly string[];
  /** variables that the run sets beside the generated .env */
  readonly env?: Readonly<Record<string, string>>;
  /** items of the contract that cannot be proved of this project, by id */
  readonly notProved?: readonly string[];
};

export const caseOf = (folder: string): Case => JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Case;

export type Copy = { readonly root: string; readonly generation: Generation; readonly remove: () => void };

/** No file here names the hosts of a registry, and uv reads no lockfile without them: in a copy, those that pip has as its own are put in. */
const shownLock = `
import sys
from pip._internal.models.index import PyPI as p
text = open(sys.argv[1]).read()
text = text.replace('@INDEX@', p.simple_url).replace('@FILES@', 'https://' + p.file_storage_domain)
open(sys.argv[1], 'w').write(text)
`;

function showLock(root: string): void {
  const file = join(root, 'uv.lock');
  if (existsSync(file) && readFileSync(file, 'utf8').includes('@INDEX@'))
    execFileSync('python3', ['-c', shownLock, file]);
}

/** A project in a copy under version control, with everything generated into it as a user would who says yes to every question. */
export async function generated(folder: string, config?: Config): Promise<Copy> {
  const { root, remove } = copyProject(folder);
  showLock(root);
  if (config) writeFileSync(join(root, 'dockwright.json'), JSON.stringify(config));
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' });
  const commit = (what: string) => {
    git('add', '--all');
    git('-c', 'user.name=test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '--message', what);
  };
  git('init', '--quiet');
  commit('the project');
  const generation = await generate({ cwd: root });
  await writeGeneration(generation, { edits: true, env: true });
  commit('its deployment');
  const bases = Object.values(generation.context.plan.images).flatMap((image) =>
    image.stages.flatMap((stage) => ('image' in stage.from ? [stage.from.image] : [])),
  );
  const backing = Object.values(generation.context.plan.services).map(({ image }) => image);
  const named = standIns([...new Set([...bases, ...backing])]);
  return {
    root,
    generation,
    remove: () => {
      if (named.length > 0) docker(['image', 'rm', ...named]);
      remove();
    },
  };
}

/** A compose project of a copy, under a name of its own, published on a port that is free. */
export type Deployment = {
  readonly name: string;
  readonly compose: (...args: string[]) => string;
  /** runs the app once with arguments and standard input, as the README says; its exit code and what it printed */
  readonly once: (run: NonNullable<Case['run']>[number]) => { readonly code: number; readonly stdout: string };
  readonly url: () => string;
  readonly down: () => void;
};

export function deployment(
  copy: Copy,
  options: { readonly files?: readonly string[]; readonly env?: Readonly<Record<string, string>> | undefined } = {},
): Deployment {
  const { plan } = copy.generation.context;
  const name = `e2e-${plan.name}-${process.pid}`;
  const chosen = (options.files ?? []).flatMap((file) => ['--file', file]);
  const [app, workload] = Object.entries(plan.workloads)[0] ?? [];
  const port = Object.values(workload?.ports ?? {})[0];
  const publish = [
    port?.publish?.variable,
    ...Object.values(plan.services).map((service) => service.developmentPort?.variable),
  ].filter((variable) => variable !== undefined);
  // TAG keeps the image of this run apart from any other of the same name
  const env = {
    ...process.env,
    ...options.env,
    TAG: name,
    ...Object.fromEntries(publish.map((variable) => [variable, '0'])),
  };
  const compose = (...args: string[]) =>
    execFileSync('docker', ['compose', '--project-name', name, ...chosen, ...args], {
      cwd: copy.root,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1e8,
    });
  const once: Deployment['once'] = ({ args, stdin = '', env: more = {} }) => {
    const set = Object.entries(more).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const argv = ['compose', '--project-name', name, ...chosen, 'run', '--rm', '--no-TTY', ...set, app ?? '', ...args];
    const { status, stdout } = spawnSync('docker', argv, { cwd: copy.root, env, input: stdin, encoding: 'utf8' });
    return { code: status ?? -1, stdout };
  };
  return {
    name,
    compose,
    once,
    url: () => {
      const published = compose('port', app ?? '', String(port?.container ?? 0)).trim();
      return `http://127.0.0.1:${published.slice(published.lastIndexOf(':') + 1)}`;
    },
    down: () => {
      compose('down', '--volumes', '--timeout', '5', '--rmi', 'local');
      for (const image of docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']).split('\n')) {
        if (image.endsWith(`:${name}`)) docker(['image', 'rm', image]);
      }
    },
  };
}

/** Asks what case.json says, and expects what it says. */
export async function ask(url: string, requests: Case['http']): Promise<void> {
  for (const { method = 'GET', path, headers = {}, body, status, contains, expect: wanted } of requests ?? []) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(60_000),
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    expect(response.status, `${method} ${path}: ${text}`).toBe(status);
    if (contains !== undefined) expect(text, `${method} ${path}`).toContain(contains);
    for (const [name, value] of Object.entries(wanted ?? {}))
      expect(response.headers.get(name), `${method} ${path}: ${name}`).toBe(value);
  }
}

/** The items that neither passed nor are without meaning for this shape, in words. */
export const open = (report: VerifyReport, expected: readonly string[] = []): readonly string[] =>
  report.items
    .filter((item) => item.status === 'fail' || (item.status === 'not-proved' && !expected.includes(item.id)))
    .map((item) => `${item.number} ${item.id} ${item.status}: ${item.evidence.join('; ')}`);
