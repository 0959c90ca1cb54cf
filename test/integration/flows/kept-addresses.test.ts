import { describe, expect, it } from 'vitest';
import { generate } from '../../../src/flows/generate.ts';
import { committedProject as project } from '../../support/committed.ts';

const server = (port: number, more = '') => `const http = require('node:http');
${more}
http.createServer((request, response) => response.end('x')).listen(process.env.PORT || ${port});
`;
const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0', scripts: { start: 'node index.js' } });
const image = (port: number) =>
  `FROM node:22-slim\nWORKDIR /app\nCOPY . .\nENV PORT=${port}\nEXPOSE ${port}\nCMD ["node", "index.js"]\n`;

const files = (address: string) => ({
  'gate/package.json': manifest('gate'),
  'gate/index.js': server(4000, 'const stock = process.env.STOCK_URL;\nhttp.get(stock);'),
  'gate/Dockerfile': image(4000),
  'stock/package.json': manifest('stock'),
  'stock/index.js': server(5000),
  'stock/Dockerfile': image(5000),
  'compose.yaml': `services:
  front: { build: ./gate, ports: ["4000:4000"], environment: { STOCK_URL: "${address}" } }
  store: { build: ./stock, ports: ["5000:5000"] }
  other: { image: "harbour/other:1" }
`,
});

const addressIn = async (all: Readonly<Record<string, string>>) => {
  const { plan } = (await generate({ cwd: project(all), all: true, set: { existing: 'replace' } })).context;
  const value = plan.workloads['gate']?.env['STOCK_URL']?.value;
  return value?.from === 'user' ? value.default : value;
};

describe('an address that the author’s compose file leads to another application', () => {
  it.each([
    ['with a path', 'http://store:5000/rows/v2', 'http://stock:5000/rows/v2'],
    ['without one', 'http://store:5000', 'http://stock:5000'],
    ['with a port in a variable', 'http://store:${STORE_PORT:-5000}/rows', 'http://stock:5000/rows'],
  ])('is that of its service in the generated set: %s', async (_, address, expected) => {
    expect(await addressIn(files(address))).toBe(expected);
  });

  it('is none where it leads to what is no application, or nowhere in the set', async () => {
    expect(await addressIn(files('http://elsewhere.example.com/rows'))).toBe('http://elsewhere.example.com/rows');
    expect(await addressIn(files('http://other:80/rows'))).toBe('http://stock:5000');
  });
});
