import { expect } from 'vitest';
import { inspect } from '../../../../src/inspect/inspect.ts';
import type { ExistingDeployment } from '../../../../src/model/existing.ts';
import { Facts } from '../../../../src/model/facts.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

/** A small application, as most of these projects are. */
export const app = {
  'package.json':
    '{"name":"till","version":"1.0.0","type":"module","scripts":{"start":"node server.js"},"engines":{"node":">=22"}}',
  'server.js':
    "import http from 'node:http';\nhttp.createServer((_, res) => res.end('hi')).listen(process.env.PORT ?? 3000);\n",
};

/** The facts of the applications of a project, which hold to their schema. */
export async function factsOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<readonly Facts[]> {
  const { apps } = await inspect(memoryProject(files));
  for (const facts of apps) expect(Facts.safeParse(facts).error).toBeUndefined();
  return apps;
}

/** What the Docker files of a project with one application say. */
export async function dockerOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<ExistingDeployment> {
  const [facts] = await factsOf(files);
  if (!facts?.docker) throw new Error('no Docker files were read');
  return facts.docker;
}

/** The lines of a list, as a text. */
export const text = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;
