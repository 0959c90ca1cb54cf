import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { factsOf } from '../../support/facts.ts';

type Files = Readonly<Record<string, string>>;

const planOf = async (files: Files) =>
  makePlan({ facts: await factsOf(files), specification: undefined, config: {}, read: (file) => files[file] });
const web = "import { createServer } from 'node:http';\ncreateServer().listen(process.env.PORT ?? 3000);\n";
const stays = 'setInterval(() => console.log(process.env.ROLE), 1000);\n';
const manifest = (start: string) =>
  JSON.stringify({ name: 'shop', type: 'module', scripts: { start }, engines: { node: '24' } });
const production = (plan: Plan) =>
  plan.images['app']?.stages
    .find(({ name }) => name === 'production')
    ?.steps.filter(({ do: what }) => what !== 'label');
const variables = (plan: Plan) =>
  Object.assign({}, ...(production(plan) ?? []).flatMap((step) => (step.do === 'env' ? [step.values] : [])));

describe('variables that the start script sets', () => {
  const files = { 'web.js': `${web}console.log(process.env.ROLE);\n`, 'mail.js': stays };
  const start = manifest('ROLE=web TZ=UTC node web.js');

  it('is in the image of an app alone', async () => {
    const plan = await planOf({ ...files, 'package.json': start });
    expect(variables(plan)).toMatchObject({ ROLE: 'web', TZ: 'UTC' });
    expect(plan.workloads['app']?.env).not.toHaveProperty('TZ');
  });

  it('is in the container of the app, where a further process has the same image, and not in that one', async () => {
    const plan = await planOf({ ...files, 'package.json': start, Procfile: 'web: npm start\nmail: node mail.js\n' });
    expect(variables(plan)).not.toHaveProperty('ROLE');
    expect(variables(plan)).not.toHaveProperty('TZ');
    expect(plan.workloads['app']?.env).toMatchObject({
      ROLE: { value: { from: 'user', default: 'web' } },
      TZ: { value: { from: 'literal', text: 'UTC' } },
    });
    expect(plan.workloads['mail']?.env['ROLE']?.value).toEqual({ from: 'user', variable: 'ROLE', required: false });
    expect(plan.workloads['mail']?.env).not.toHaveProperty('TZ');
  });

  it('gives way to variables that a further process is started with', async () => {
    const Procfile = 'web: npm start\nmail: ROLE=mail node mail.js\n';
    const plan = await planOf({ ...files, 'package.json': start, Procfile });
    expect(plan.workloads['mail']?.env['ROLE']?.value).toEqual({ from: 'literal', text: 'mail' });
  });
});

describe('a volume outside of the folder of the app', () => {
  const writes = `${web}import { writeFileSync } from 'node:fs';\nwriteFileSync('/data/a.json', '1');\nwriteFileSync('store/a.json', '1');\n`;
  const copied = (plan: Plan) =>
    (production(plan) ?? []).flatMap((step) =>
      step.do === 'copy' && step.from === 'writable' ? [`${step.sources.join(' ')} ${step.to} ${step.chown}`] : [],
    );

  it('has the owner that writes there, beside those of the app', async () => {
    const plan = await planOf({ 'package.json': manifest('node web.js'), 'web.js': writes });
    expect(copied(plan)).toEqual(['/writable/app/ ./ 1000:1000', '/writable/data/ /data/ 1000:1000']);
  });

  it('has it for a member of a workspace, too, whose own folder lies deeper', async () => {
    const plan = await planOf({
      'package.json': JSON.stringify({ name: 'all', private: true, workspaces: ['apps/*'] }),
      'package-lock.json': '{"lockfileVersion":3,"packages":{}}',
      'apps/web/package.json': manifest('node web.js'),
      'apps/web/web.js': writes,
    });
    expect(copied(plan)).toEqual(['/writable/app/apps/web/ ./ 1000:1000', '/writable/data/ /data/ 1000:1000']);
  });
});
