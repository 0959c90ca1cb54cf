import { beforeAll, describe, expect, it } from 'vitest';
import { type ReadScript, scriptReader } from '../../../../src/formats/shell/script.ts';
import { completeStages } from '../../../../src/languages/javascript/recipe/complete-stages.ts';

let script: ReadScript;
beforeAll(async () => {
  script = await scriptReader();
});
const found = (text: string, production: number) => completeStages(text, production, script);

describe('stages of a Dockerfile with every dependency', () => {
  it('are those that install, and those that copy what one has installed', () => {
    const text = `FROM node:22 AS base
RUN corepack enable
FROM base AS deps
WORKDIR /app
COPY package.json pnpm-lock.yaml ./
RUN --mount=type=cache,target=/store pnpm i --frozen-lockfile
FROM base AS builder
WORKDIR /app
COPY --from=deps /app/node_modules ./node_modules
COPY . .
RUN pnpm build
FROM base AS runner
COPY --from=builder /app/dist ./dist
CMD ["node", "dist/index.js"]
`;
    expect(found(text, 3)).toEqual([{ stage: 2 }, { stage: 1 }]);
  });

  it.each([
    ['yarn --frozen-lockfile', true],
    ['npm install --legacy-peer-deps', true],
    ['bun install', true],
    ['corepack enable && corepack pnpm install', true],
    [
      'if [ -f yarn.lock ]; then yarn --frozen-lockfile; elif [ -f package-lock.json ]; then npm ci; else exit 1; fi',
      true,
    ],
    ['NODE_ENV=development npm ci', true],
    ['npm ci --omit=dev', false],
    ['npm ci --omit dev', false],
    ['NODE_ENV=production npm ci', false],
    ['yarn install --production', false],
    ['npm install -g pnpm', false],
    ['npm install left-pad', false],
    ['yarn --version', false],
    ['echo npm ci', false],
    ['if [ "$MODE" = production ]; then npm ci --omit=dev; else npm ci; fi', false],
    ['npm ci && (', false],
  ])('%j: %j', (command, isComplete) => {
    const text = `FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN ${command}\nFROM node:22\nCOPY --from=build /app /app\n`;
    expect(found(text, 1)).toEqual(isComplete ? [{ stage: 0 }] : []);
  });

  it('are none where the stage is one for production, unless the install says otherwise', () => {
    const text = (install: string) =>
      `FROM node:22 AS build\nENV NODE_ENV=production\nRUN ${install}\nFROM node:22\nCOPY --from=build /app /app\n`;
    expect(found(text('npm ci'), 1)).toEqual([]);
    expect(found(text('npm ci --include=dev'), 1)).toEqual([{ stage: 0 }]);
    expect(found(text('npm ci').replace('ENV NODE_ENV=production', 'ENV NODE_ENV production'), 1)).toEqual([]);
  });

  it.each([
    'npm prune --omit=dev',
    'npm ci --omit=dev',
    'rm -rf node_modules',
    'pnpm prune --prod',
    'yarn workspaces focus --production',
  ])('are repeated without %j', (prune) => {
    const text = `FROM node:22 AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build
RUN ${prune}
CMD ["no"]
LABEL a=b
FROM node:22
COPY --from=build /app /app
`;
    expect(found(text, 1)).toEqual([{ stage: 0, repeats: [2, 3, 4, 5, 6] }]);
  });

  it('are repeated where it is the one that runs, or has no name', () => {
    const single =
      'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install && npm run build\nEXPOSE 1\nCMD ["node", "dist/x.js"]\n';
    expect(found(single, 0)).toEqual([{ stage: 0, repeats: [2, 3, 4] }]);
    const nameless = 'FROM node:22\nRUN npm ci\nFROM node:22\nCOPY --from=0 /app /app\n';
    expect(found(nameless, 1)).toEqual([{ stage: 0, repeats: [2] }]);
  });

  it('are none of what only another entrypoint starts, of what is no Dockerfile, and of a stage that is not there', () => {
    expect(found('FROM node:22\nRUN npm ci\nENTRYPOINT ["./x"]\n', 0)).toEqual([]);
    for (const text of ['', '\u0000\uFFFF', 'FROM', 'RUN npm ci\n', 'FROM a AS a\nFROM a AS a\nCOPY --from=a a a\n'])
      expect(found(text, 0), text).toEqual([]);
    expect(found('FROM node:22\nRUN npm ci\n', 7)).toEqual([]);
  });
});
