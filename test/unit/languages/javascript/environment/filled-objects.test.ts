import { describe, expect, it } from 'vitest';
import { factsOf, said } from '../../../../support/facts.ts';

async function read(files: Readonly<Record<string, string>>, start = 'node index.js') {
  const facts = await factsOf({
    'package.json': JSON.stringify({ name: 'depot', scripts: { start }, engines: { node: '24' } }),
    ...files,
  });
  const command = 'value' in facts.commands.start ? facts.commands.start.value.argv.join(' ') : undefined;
  const variables = facts.variables.map(({ name, required }) => [name, required]);
  return { port: said(facts.port), host: facts.host?.value, variables, command };
}

const listen = (port: string) => `require('node:http').createServer((q, r) => r.end()).listen(${port});\n`;

describe('an object of settings that is filled after it was made', () => {
  it.each([
    [
      'in its module',
      { 'index.js': `const own = {};\nown.port = process.env.DEPOT_PORT || 4500;\n${listen('own.port')}` },
    ],
    [
      'in a module of its own',
      {
        'settings.js': 'var all = { name: "x" };\nall.port = process.env.DEPOT_PORT || 4500;\nmodule.exports = all;\n',
        'index.js': `const all = require('./settings');\n${listen('all.port')}`,
      },
    ],
    [
      'by a function that the module gives',
      {
        'settings.js':
          'const all = {};\nfunction fill() {\n  all.port = process.env.DEPOT_PORT || 4500;\n  return all;\n}\nmodule.exports = fill;\n',
        'index.js': `const all = require('./settings')();\nconst port = all.port;\n${listen('port')}`,
      },
    ],
  ])('says the port: %s', async (_, files) => {
    expect((await read(files)).port).toEqual({ number: 4500, variable: 'DEPOT_PORT' });
  });

  it('says nothing where it is given two values', async () => {
    const text = `const own = {};\nown.port = process.env.A_PORT || 1;\nif (own.x) own.port = process.env.B_PORT || 2;\n${listen('own.port')}`;
    expect((await read({ 'index.js': text })).port).toBe('ask port');
  });
});

describe('a copy of the variables', () => {
  it.each([
    ['key by key', 'const own = {};\nfor (const key in process.env) own[key.trim()] = process.env[key];\n'],
    [
      'in a function',
      'let own;\nfunction fill() {\n  own = {};\n  Object.keys(process.env).forEach((key) => { own[trim(key)] = trim(process.env[key]); });\n}\nconst trim = (text) => text.trim();\nfill();\n',
    ],
    ['as a whole', 'const own = Object.assign({}, process.env);\n'],
  ])('is read as they are: %s', async (_, text) => {
    const { port, variables } = await read({
      'index.js': `${text}const ask = (name, preset) => own[name] || preset;\nconsole.log(ask('DEPOT_NAME', 'x'));\n${listen("ask('DEPOT_PORT', 4500)")}`,
    });
    expect(port).toEqual({ number: 4500, variable: 'DEPOT_PORT' });
    expect(variables).toEqual([
      ['DEPOT_NAME', false],
      ['DEPOT_PORT', false],
    ]);
  });

  it('is none where something else is copied', async () => {
    const text = `const own = {};\nfor (const key in rows) own[key] = rows[key];\nconst ask = (name) => own[name];\nask('DEPOT_NAME');\n${listen('4500')}`;
    expect((await read({ 'index.js': text })).variables).toEqual([]);
  });
});

describe('a start line behind a program that reads variables from a file', () => {
  it.each([
    ['a flag', 'env-cmd -f ./my.prod.env node index.js'],
    ['the file alone, as before', 'env-cmd ./.env.production node index.js'],
    ['nothing', 'env-cmd node index.js'],
  ])('is started without it: %s', async (_, start) => {
    expect((await read({ 'index.js': listen('4500') }, start)).command).toBe('node index.js');
  });
});

describe('a port that a number says, beside a variable that is read', () => {
  const source = (name: string) => `console.log(process.env.${name});\n${listen('9000')}`;
  it.each([
    ['the variable by which the machine chooses what is published', 'PORT', { number: 9000, variable: 'PORT' }],
    ['one of another name', 'API_PORT', { number: 9000 }],
    ['one that is no port', 'REPORT', { number: 9000 }],
  ])('is given to the application under its name, or not: %s', async (_, name, port) => {
    expect((await read({ 'index.js': source(name) })).port).toEqual(port);
  });
});
