import { describe, expect, it } from 'vitest';
import { mergeTexts } from '../../../src/reconcile/merge.ts';

const dockerfile = `# made
FROM node:26 AS base
WORKDIR /app

# what is installed
FROM base AS deps
COPY package.json ./
RUN npm ci

FROM base AS production
COPY . .
ENV NODE_ENV=production \\
    PORT=3000
USER 1000:1000
EXPOSE 3000
CMD ["node", "index.js"]
`;

const compose = `# made
name: shop

services:
  app:
    image: shop:local
    environment:
      # where the rows are
      DATABASE_URL: postgres://db
      LOG_LEVEL: info
    ports: ["3000:3000"]
    read_only: true
  db:
    image: postgres:17

volumes:
  # back it up
  data:
`;

type Edit = readonly [from: string, to: string];
const edited = (text: string, edits: readonly Edit[]) =>
  edits.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`${from} is not in the text`);
    return all.replace(from, () => to);
  }, text);

/** Both sides' edits, merged; and the text that has both. */
function merged(kind: 'dockerfile' | 'compose', mine: readonly Edit[], fresh: readonly Edit[]) {
  const base = kind === 'dockerfile' ? dockerfile : compose;
  const result = mergeTexts(kind, { base, mine: edited(base, mine), fresh: edited(base, fresh) });
  return { ...result, both: () => edited(edited(base, mine), fresh) };
}

describe('a Dockerfile', () => {
  it.each<[string, Edit[], Edit[]]>([
    ['instructions next to each other', [['EXPOSE 3000', 'EXPOSE 8080']], [['USER 1000:1000', 'USER 65532:65532']]],
    [
      'a remark above what is new',
      [['# what is installed', '# what we install']],
      [['RUN npm ci', 'RUN npm ci --omit=dev']],
    ],
    ['a pair of ENV beside another', [['PORT=3000', 'PORT=8080']], [['NODE_ENV=production', 'NODE_ENV=test']]],
    [
      'a pair at the end of ENV',
      [['PORT=3000', 'PORT=3000 \\\n    TEAM=links']],
      [['NODE_ENV=production', 'NODE_ENV=test']],
    ],
    [
      'the same words in two stages',
      [['FROM base AS production\n', 'FROM base AS production\nARG TEAM\n']],
      [['COPY package.json ./\n', 'COPY package.json ./\nCOPY .npmrc ./\n']],
    ],
    [
      'a digest beside a new stage',
      [['node:26 AS base', 'node:26@sha256:00 AS base']],
      [['FROM base AS production', 'FROM base AS build\nRUN npm run build\n\nFROM base AS production']],
    ],
    [
      'a deleted line beside a new one',
      [['EXPOSE 3000\n', '']],
      [['USER 1000:1000\n', 'USER 1000:1000\nSTOPSIGNAL SIGINT\n']],
    ],
  ])('takes both: %s', (_, mine, fresh) => {
    const result = merged('dockerfile', mine, fresh);
    expect(result.conflicts).toEqual([]);
    expect(result.text).toBe(result.both());
  });

  it('keeps what is new behind ENV whole, where both add to it', () => {
    const result = merged(
      'dockerfile',
      [['PORT=3000', 'PORT=3000 \\\n    TEAM=links']],
      [['PORT=3000', 'PORT=3000 \\\n    HOST=0.0.0.0']],
    );
    expect(result.conflicts).toEqual([]);
    expect(result.text).toContain(
      'ENV NODE_ENV=production \\\n    PORT=3000 \\\n    HOST=0.0.0.0 \\\n    TEAM=links\nUSER',
    );
  });

  it('names the instruction that both changed, with the lines of each', () => {
    const result = merged('dockerfile', [['"index.js"', '"a.js"']], [['"index.js"', '"b.js"']]);
    expect(result.conflicts).toEqual([
      {
        title: 'CMD in stage production',
        mine: { line: 16, text: 'CMD ["node", "a.js"]' },
        base: 'CMD ["node", "index.js"]',
        generated: { line: 16, text: 'CMD ["node", "b.js"]' },
      },
    ]);
  });

  it('does not bring back what the user took out, nor lose what the user changed', () => {
    expect(merged('dockerfile', [['EXPOSE 3000\n', '']], [['EXPOSE 3000', 'EXPOSE 4000']]).conflicts).toMatchObject([
      { title: 'EXPOSE 3000 in stage production', mine: null, generated: { text: 'EXPOSE 4000' } },
    ]);
    expect(merged('dockerfile', [['EXPOSE 3000', 'EXPOSE 4000']], [['EXPOSE 3000\n', '']]).conflicts).toMatchObject([
      { mine: { text: 'EXPOSE 4000' }, generated: null },
    ]);
  });

  it('that BuildKit would refuse is merged by its lines', () => {
    const broken = 'FROM\nRUN [\n';
    expect(
      mergeTexts('dockerfile', {
        base: dockerfile,
        mine: broken + dockerfile,
        fresh: dockerfile.replace('3000\nCMD', '4000\nCMD'),
      }).text,
    ).toBe(broken + dockerfile.replace('3000\nCMD', '4000\nCMD'));
  });
});

describe('a compose file', () => {
  it.each<[string, Edit[], Edit[]]>([
    [
      'nodes next to each other',
      [['3000:3000', '8080:3000']],
      [['read_only: true', 'read_only: true\n    init: true']],
    ],
    [
      'a remark behind what stays',
      [['["3000:3000"]', '["3000:3000"] # ours']],
      [['LOG_LEVEL: info', 'LOG_LEVEL: debug']],
    ],
    [
      'a service beside a new one',
      [['\nvolumes:', '  mail:\n    image: mail\n\nvolumes:']],
      [['  app:\n', '  first:\n    image: first\n  app:\n']],
    ],
    [
      'a key below a remark',
      [['# where the rows are', '# where our rows are']],
      [['LOG_LEVEL: info', 'LOG_LEVEL: info\n      REDIS_URL: redis']],
    ],
    ['an item in brackets', [['"3000:3000"', '"3000:3000", "9000:9000"']], [['read_only: true', 'read_only: false']]],
    ['what the user took out stays out', [['    read_only: true\n', '']], [['postgres:17', 'postgres:18']]],
  ])('takes both: %s', (_, mine, fresh) => {
    const result = merged('compose', mine, fresh);
    expect(result.conflicts).toEqual([]);
    expect(result.text).toBe(result.both());
  });

  it('takes both of an item in braces', () => {
    const base = 'configs:\n  - { source: a, target: b }\n';
    const result = mergeTexts('compose', {
      base,
      mine: base.replace('a,', 'mine,'),
      fresh: base.replace('b }', 'new }'),
    });
    expect(result).toMatchObject({ text: 'configs:\n  - { source: mine, target: new }\n', conflicts: [] });
  });

  it('joins items that both add in brackets', () => {
    const result = merged(
      'compose',
      [['"3000:3000"]', '"3000:3000", "9000:9000"]']],
      [['["3000:3000"]', '["3000:3000", "5000:5000"]']],
    );
    expect(result.conflicts).toEqual([]);
    expect(result.text).toContain('ports: ["3000:3000", "5000:5000", "9000:9000"]');
  });

  it('takes a key once that both add, and asks where they differ', () => {
    const add = (value: string): Edit => ['LOG_LEVEL: info', `LOG_LEVEL: info\n      REDIS_URL: ${value}`];
    expect(merged('compose', [add('redis')], [add('redis')]).text.match(/REDIS_URL/g)).toHaveLength(1);
    expect(merged('compose', [add('mine')], [add('new')]).conflicts).toMatchObject([
      { title: 'services.app.environment.REDIS_URL', mine: { text: '      REDIS_URL: mine' }, base: null },
    ]);
  });

  it('follows a service that the user moved', () => {
    const moved = compose
      .replace('  db:\n    image: postgres:17\n', '')
      .replace('services:\n', 'services:\n  db:\n    image: postgres:17\n');
    const result = mergeTexts('compose', {
      base: compose,
      mine: moved,
      fresh: compose.replace('postgres:17', 'postgres:18'),
    });
    expect(result.conflicts).toEqual([]);
    expect(result.text).toBe(moved.replace('postgres:17', 'postgres:18'));
  });

  it('names the service that the user took out and the project changed', () => {
    expect(
      merged('compose', [['  db:\n    image: postgres:17\n', '']], [['postgres:17', 'postgres:18']]).conflicts,
    ).toMatchObject([{ title: 'services.db', mine: null, generated: { line: 13 } }]);
  });

  it('that cannot be read is merged by its lines', () => {
    const mine = compose.replace('name: shop', 'name: [shop');
    const result = mergeTexts('compose', { base: compose, mine, fresh: compose.replace('postgres:17', 'postgres:18') });
    expect(result.text).toBe(mine.replace('postgres:17', 'postgres:18'));
  });
});

describe('any text', () => {
  const base = 'one\ntwo\nthree\n';
  it('keeps its line ends, its mark and its missing last line break', () => {
    const mine = '\uFEFFone\r\ntwo\r\nmine\r\nthree';
    expect(mergeTexts('dockerignore', { base, mine, fresh: 'ONE\ntwo\nthree\n' }).text).toBe(
      '\uFEFFONE\r\ntwo\r\nmine\r\nthree',
    );
    expect(mergeTexts('dockerignore', { base, mine, fresh: `${base}four\n` }).text).toBe(
      '\uFEFFone\r\ntwo\r\nmine\r\nthree\r\nfour\r\n',
    );
  });

  it('of code is asked about where both changed one piece of it', () => {
    expect(
      mergeTexts('source', { base, mine: base.replace('one', '1'), fresh: base.replace('two', '2') }).conflicts,
    ).toHaveLength(1);
    const pieces = 'a\nb\n\nc\nd\n';
    expect(mergeTexts('source', { base: pieces, mine: 'A\nb\n\nc\nd\n', fresh: 'a\nb\n\nc\nD\n' }).text).toBe(
      'A\nb\n\nc\nD\n',
    );
  });

  it('of variables is merged by name', () => {
    const env = '# ours\n\n# the address\nURL=a\n\n# the level\n#LEVEL=info\n';
    const result = mergeTexts('env', {
      base: env,
      mine: `${env.replace('# the address', '# where it is')}\nTEAM=links\n`,
      fresh: env.replace('URL=a', 'URL=b').replace('#LEVEL=info', '#LEVEL=debug'),
    });
    expect(result.conflicts).toEqual([]);
    expect(result.text).toBe('# ours\n\n# where it is\nURL=b\n\n# the level\n#LEVEL=debug\n\nTEAM=links\n');
  });

  it('takes the side that is asked for, where both changed it, and nowhere else', () => {
    const versions = { base, mine: 'ONE\ntwo\n3\n', fresh: 'one\n2\nIII\n' };
    expect(mergeTexts('dockerignore', versions).conflicts).toHaveLength(1);
    expect(mergeTexts('dockerignore', versions, { prefer: 'mine' }).text).toBe('ONE\n2\n3\n');
    expect(mergeTexts('dockerignore', versions, { prefer: 'generated' }).text).toBe('ONE\n2\nIII\n');
  });

  it('that was adopted stays without the parts that it never had, and says which changed', () => {
    const own = 'services:\n  app:\n    build: .\n';
    const fresh = compose
      .replace('LOG_LEVEL: info', 'LOG_LEVEL: debug')
      .replace('  db:\n', '  cache:\n    image: redis\n  db:\n');
    const { text, conflicts, leftOut } = mergeTexts('compose', { base: compose, mine: own, fresh }, { adopted: true });
    expect({ text, conflicts }).toEqual({ text: `${own}  cache:\n    image: redis\n`, conflicts: [] });
    expect(leftOut).toEqual(['services.app.environment']);
  });
});
