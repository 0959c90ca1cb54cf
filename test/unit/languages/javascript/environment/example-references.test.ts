import { describe, expect, it } from 'vitest';
import { envExample, localEnv } from '../../../../../src/artifacts/env.ts';
import { inspect } from '../../../../../src/inspect/inspect.ts';
import { makePlan } from '../../../../../src/plan/plan.ts';
import { memoryProject } from '../../../../../src/project/memory.ts';

/** The values of `.env` and of `.env.example` for an app that demands the variables in capitals of `names`, and comes with such an example. */
async function valuesOf(names: string, example: string) {
  const files = {
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node index.js' }, engines: { node: '24' } }),
    'index.js': names
      .split(' ')
      .map((name) => `if (!process.env.${name}) throw new Error('no ${name}');\n`)
      .join(''),
    '.env.example': example,
  };
  const [facts] = (await inspect(memoryProject(files))).apps;
  if (!facts) throw new Error('no application was found');
  const plan = await makePlan({ facts, specification: undefined, config: {}, read: () => undefined });
  const rows = (text: string) =>
    Object.fromEntries(text.split('\n').flatMap((line) => (/^\w+=/.test(line) ? [line.split(/=(.*)/s)] : [])));
  const random = () => 'made';
  const shown = envExample(plan).content;
  return { own: rows(localEnv(plan, random).text), shown: rows(shown), order: shown };
}

describe('an example that refers to other variables', () => {
  it.each([
    ['without braces', 'AUTH_URL=$BASE_URL/auth'],
    ['with braces', 'AUTH_URL="${BASE_URL}/auth"'],
    ['with a text of its own', 'AUTH_URL=${BASE_URL:-http://elsewhere}/auth'],
  ])('gets the value of what the app reads, too: %s', async (_, line) => {
    const { own, shown, order } = await valuesOf('AUTH_URL BASE_URL', `${line}\nBASE_URL=http://localhost:4000\n`);
    expect(own).toMatchObject({ AUTH_URL: 'http://localhost:4000/auth', BASE_URL: 'http://localhost:4000' });
    expect(shown['AUTH_URL']).toBe('"${BASE_URL}/auth"');
    expect(order.indexOf('\nBASE_URL=')).toBeLessThan(order.indexOf('\nAUTH_URL='));
  });

  it('gets the value of what stands in the example alone', async () => {
    const example = 'HOST=files.example.com\nBASE=https://$HOST\nUPLOAD_URL=${BASE}/up\n';
    const { own, shown } = await valuesOf('UPLOAD_URL', example);
    expect(own['UPLOAD_URL']).toBe('https://files.example.com/up');
    expect(shown['UPLOAD_URL']).toBe('https://files.example.com/up');
  });

  it('says no value where it refers to what nobody says', async () => {
    const { own, shown } = await valuesOf('WORK_DIR', 'WORK_DIR=$HOME/work\n');
    expect([own['WORK_DIR'], shown['WORK_DIR']]).toEqual(['', '']);
  });

  it.each([
    ['in single quotes', "GREETING='$NAME says'", "'$NAME says'"],
    ['in small letters', 'GREETING=a$bc', "'a$bc'"],
    ['at its end', 'GREETING=5$', "'5$'"],
  ])('keeps a dollar sign that is one: %s', async (_, line, value) => {
    const { own } = await valuesOf('GREETING', `NAME=shop\n${line}\n`);
    expect(own['GREETING']).toBe(value);
  });
});
