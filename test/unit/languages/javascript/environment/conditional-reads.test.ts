import { describe, expect, it } from 'vitest';
import { factsOf, factsOfSource, manifest } from '../../../../support/facts.ts';

const need =
  'const need = (name) => { const value = process.env[name]; if (!value) throw new Error(name); return value };';
/** What is said of KEY. */
const key = async (text: string, more: Readonly<Record<string, string>> = {}) => {
  const facts = await factsOfSource(`${need}\n${text}`, more);
  const found = facts.variables.find(({ name }) => name === 'KEY');
  return found && [found.required, found.purpose];
};
const where = (when: string) => [false, `needed when ${when}`];

describe('a variable that a choice alone needs', () => {
  it.each([
    [
      'a class that one case makes',
      'STORE is "s3"',
      'class S3 { constructor() { this.key = need("KEY") } } function make() { switch (process.env.STORE) { case "s3": return new S3(); default: return {} } } make()',
    ],
    [
      'a class on which that class is built',
      'STORE is "s3"',
      'class Cloud { constructor() { this.key = need("KEY") } } class S3 extends Cloud {} const store = process.env.STORE === "s3" ? new S3() : {}',
    ],
    [
      'a function that one branch calls',
      'STORE is "s3"',
      'const kind = process.env.STORE || "disk"; function open() { return need("KEY") } if (kind === "s3") open()',
    ],
    [
      'a switch that is off',
      'MAIL_ON is set',
      'const mail = { on: process.env.MAIL_ON, key: undefined }; function send() { mail.key = process.env.KEY! } if (mail.on) send()',
    ],
    ['an own test', 'STORE is "s3"', 'process.env.STORE === "s3" && console.log(process.env.KEY.trim())'],
  ])('is not required, and says which: %s', async (_, when, text) => {
    expect(await key(text)).toEqual(where(when));
  });

  it('is not required where a module is loaded for it', async () => {
    const facts = await factsOf({
      'package.json': manifest(),
      'src/index.ts':
        'export async function load() { if (process.env.VAULT === "cloud") { const { Cloud } = await import("./cloud"); return new Cloud() } return undefined }\nload();\n',
      'src/cloud.ts': `${need}\nexport class Cloud { key: string; constructor() { this.key = need('KEY') } }\n`,
    });
    expect(facts.variables).toMatchObject([{ name: 'KEY', required: false }, { name: 'VAULT' }]);
  });

  it('is not required where the function goes on without it', async () => {
    expect(
      await key(
        'function make() { try { return { key: need("KEY") } } catch { console.warn("off") } return { key: "" } } make()',
      ),
    ).toEqual([false, undefined]);
  });

  it('is not required where only itself is tested', async () => {
    expect(await key('if (process.env.KEY) open(process.env.KEY!)')).toEqual([false, undefined]);
  });

  it('is not required where it lies in a branch of such a function', async () => {
    const text =
      'class Far { constructor() { this.key = need("KEY") } } function make(far) { if (far) { try { const made = new Far(); return made } catch (error) { console.warn(error) } } return {} } make(flags.far)';
    expect(await key(text)).toEqual([false, undefined]);
  });

  it.each([
    ['what the default chooses', 'const kind = process.env.STORE ?? "s3"; if (kind === "s3") need("KEY")'],
    [
      'production',
      'if (process.env.NODE_ENV === "production") need("KEY"); const isProd = process.env.STAGE; if (isProd) need("KEY")',
    ],
    [
      'a class that is made elsewhere, too',
      'class S3 { constructor() { need("KEY") } } if (process.env.STORE === "s3") new S3(); new S3()',
    ],
    [
      'a request that chooses',
      'Bun.serve({ fetch(request) { if (request.method === "POST") return need("KEY"); return new Response() } })',
    ],
    ['an error that is only told', 'try { need("KEY"); serve() } catch (error) { console.error(error) }'],
    [
      'a function that is handed on',
      'function open() { return need("KEY") } if (process.env.STORE === "s3") open(); on(open)',
    ],
    ['what is missing otherwise', 'if (process.env.STORE === "s3") { start() } else { need("KEY") }'],
  ])('stays required with %s', async (_, text) => {
    expect(await key(text)).toEqual([true, undefined]);
  });

  it('stays required where the example chooses it', async () => {
    const text = 'if (process.env.STORE === "s3") need("KEY")';
    expect(await key(text, { '.env.example': 'STORE=s3\n' })).toEqual([true, undefined]);
    expect(await key(text, { '.env.example': 'STORE=disk\n' })).toEqual(where('STORE is "s3"'));
  });
});
