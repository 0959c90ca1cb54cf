import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnv } from '../../../src/formats/env/parse.ts';
import { parseYaml } from '../../../src/formats/yaml/parse.ts';
import { rawIn } from '../../support/output.ts';
import { attempt } from '../../unit/hostile/attempt.ts';
import { sound, specification } from '../../unit/hostile/support.ts';
import { asName, hostileFiles, hostileText, ordinary, type Texts, texts } from '../../unit/hostile/texts.ts';

/** More in a job of its own: `CASES=5000 npx vitest run --project slow test/slow/hostile/generated.test.ts`. */
const count = Number(process.env['CASES'] ?? 60);
const seed = Number(process.env['SEED'] ?? 20_261_121);

/** The generated files, of which none has a raw character. */
async function generated(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const outcome = await attempt(files);
  for (const [path, content] of Object.entries(outcome.files)) {
    expect(rawIn(content), path).toEqual([]);
    expect(content.endsWith('\n') || content === '', path).toBe(true);
  }
  return outcome.files;
}

const site = (text: string, value: string): Record<string, string> => ({
  'package.json': JSON.stringify({
    name: 'shop',
    description: text,
    scripts: { build: 'vite build', dev: 'vite' },
    devDependencies: { vite: '8.0.0' },
  }),
  'package-lock.json': sound['package-lock.json'] ?? '',
  'vite.config.js': `export default { base: ${JSON.stringify(`/${text}/`)}, build: { assetsDir: ${JSON.stringify(text)} } };\n`,
  'index.html': '<script type="module" src="/src/main.js"></script>',
  'src/main.js': `console.log(import.meta.env.VITE_TITLE ?? ${JSON.stringify(value)});\n`,
  '.env.example': `# ${text}\nVITE_TITLE=${value}\n`,
});

const job = (text: string, name: string): Record<string, string> => ({
  ...sound,
  'package.json': JSON.stringify({ name: 'job', type: 'module', scripts: { start: `node "${name}.js" ${text}` } }),
  [`${name}.js`]: `console.log(process.env.LEVEL ?? ${JSON.stringify(text)});\n`,
  'dockwright.json': JSON.stringify({ archetype: 'data-pipeline', schedule: '0 2 * * *', entry: `${name}.js` }),
  'specs/assertions.json': specification([
    { id: text || 'a', natural: `It runs every night ${text}`, status: 'confirmed' },
  ]),
});

describe('whatever stands in a project', () => {
  it(
    'no generated file holds a character that nobody sees',
    async () => {
      let made = 0;
      const tried = async (files: Readonly<Record<string, string>>) => {
        if (Object.keys(await generated(files)).length > 0) made += 1;
      };
      await fc.assert(
        fc.asyncProperty(texts, hostileText, hostileText, async (all, text, other) => {
          await tried(hostileFiles(all));
          await tried(site(text, other));
          await tried(job(text, asName(other)));
        }),
        { numRuns: count, seed },
      );
      expect(made).toBeGreaterThan(count);
    },
    60_000 + count * 2_000,
  );
});

/** What is generated for a variable with this default. */
const withDefault = (defaultValue: string, more: Partial<Texts> = {}) =>
  generated(hostileFiles({ ...ordinary, defaultValue, ...more }));

const levelOf = (files: Readonly<Record<string, string>>): unknown => {
  const compose = parseYaml(files['docker-compose.yml'] ?? '', 'docker-compose.yml').value as {
    services: { app: { environment: Record<string, unknown> } };
  };
  return compose.services.app.environment['LEVEL'];
};

describe('a default', () => {
  const values = [
    '\u001B[2J',
    'a\u202Eb',
    '\u009B1m',
    'x\u{E0041}',
    '\u2028',
    '\uFEFFa',
    'a\r',
    'Größe 漢字',
    '👩‍👩‍👧',
  ];

  it('of the app is left to it, whatever stands in it', async () => {
    for (const value of [...values, 'a\0b', 'a\uD800b', 'false', '0'])
      expect(levelOf(await withDefault(value)), JSON.stringify(value)).toBeNull();
  });

  it('is written as Compose reads it back, as far as it has escapes', async () => {
    const exact = ['\u001B[2J', '\u009B1m', '\u007F', "it's \u0007", '\u0000'];
    for (const value of [...exact, 'Größe 漢字']) {
      const { '.env.example': example = '' } = await withDefault(value, { noExample: '' });
      const line = example.split('\n').find((one) => one.startsWith('#LEVEL=')) ?? '';
      expect(parseEnv(line.slice(1), '.env')).toMatchObject([{ name: 'LEVEL', value }]);
    }
    const { '.env.example': shown = '' } = await withDefault('a\u202Eb', { noExample: '' });
    expect(shown).toContain('#LEVEL="a\\u202eb"');
  });
});

describe('a text in a comment or a label', () => {
  it('is shown, in one line', async () => {
    const files = await generated(
      hostileFiles({
        ...ordinary,
        noExample: '',
        purpose: undefined,
        comment: 'how\u202E much\u001B[2J',
        id: '\n::error::\u2066',
        summary: 'Tea \u202Eshop',
      }),
    );
    expect(files['.env.example']).toContain('# optional · how\\u202e much\\x1b[2J\n');
    expect(files['.env.example']).toContain('A-1\\n::error::\\u2066');
    expect(files['Dockerfile']).toContain('Tea \\\\u202eshop');
  });

  it('stays as it is where all of it can be seen', async () => {
    const text = 'Größe, 漢字, 👩‍👩‍👧, می‌خواهم, http://[::1]';
    const files = await generated(hostileFiles({ ...ordinary, comment: text, summary: text, noExample: '' }));
    expect(files['.env.example']).toContain(text);
    expect(files['Dockerfile']).toContain(text);
  });
});
