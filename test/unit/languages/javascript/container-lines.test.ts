import { describe, expect, it } from 'vitest';
import { shellLines } from '../../../../src/languages/javascript/image-command.ts';
import type { ContainerEvidence } from '../../../../src/languages/support/container/evidence.ts';
import { memoryProject } from '../../../../src/project/memory.ts';

const command = (argv: string[], form: 'exec' | 'shell') => ({ argv, form, from: [] });

describe('the lines of shell of a container', () => {
  it.each([
    [command(['node server.js && true'], 'shell'), ['node server.js && true']],
    [command(['sh', '-c', 'bun server.ts && true'], 'exec'), ['bun server.ts && true']],
    [command(['/bin/bash', '-c', 'exec node "$FILE"'], 'exec'), ['exec node "$FILE"']],
    [command(['node', '-c', 'server.js'], 'exec'), []],
    [command(['sh', 'start.sh'], 'exec'), []],
  ])('are those that a shell gets, so that its grammar is there before they are read: %j', (start, lines) => {
    const stage = { command: start, workdir: '/app', copies: [] };
    const container = { stage, stages: [], context: '.' } as unknown as ContainerEvidence;
    const project = memoryProject({});
    expect(shellLines({ container, project, root: '.', path: (own) => own })).toEqual(lines);
  });
});
