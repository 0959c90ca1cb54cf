import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { get } from '../../../src/engine/http.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const serve = (answer: RequestListener): Promise<string> =>
  new Promise((resolve) => {
    const server = createServer(answer);
    servers.push(server);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    });
  });

describe('one request', () => {
  it('gives status, body, the plain media type and where it is sent on to, which is not asked', async () => {
    const url = await serve((_, response) =>
      response.writeHead(302, { location: '/next', 'content-type': 'Text/HTML; charset=utf-8' }).end('moved'),
    );
    expect(await get(url)).toEqual({ ok: true, status: 302, body: 'moved', type: 'text/html', location: '/next' });
  });

  it('reads no more than the limit, however much comes', async () => {
    const url = await serve((_, response) => {
      response.write('abcdef'.repeat(1000));
    });
    const answer = await get(url, 5000, undefined, { limit: 10 });
    expect(answer).toMatchObject({ ok: true, body: 'abcdefabcd' });
  });

  it('does not wait for the end of a stream of events', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
    });
    const begin = performance.now();
    expect(await get(url, 5000)).toMatchObject({ ok: true, status: 200, type: 'text/event-stream' });
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it('takes what there is of a body that does not end in time', async () => {
    const url = await serve((_, response) => {
      response.write('first');
    });
    expect(await get(url, 200)).toMatchObject({ ok: true, status: 200, body: 'first' });
  });

  it('says why there is no answer: none in time, a connection that ends, nobody there', async () => {
    const silent = await serve(() => undefined);
    expect(await get(silent, 100)).toEqual({ ok: false, why: 'no response within 0.1 s' });
    const rude = await serve((request) => request.socket.destroy());
    expect(await get(rude)).toMatchObject({ ok: false, why: expect.stringContaining('hang up') });
    expect(await get('http://127.0.0.1:1/')).toMatchObject({ ok: false, why: expect.stringContaining('ECONNREFUSED') });
    expect(await get('http://')).toMatchObject({ ok: false, why: expect.stringContaining('Invalid URL') });
  });

  it('ends with the reason of an abort', async () => {
    const silent = await serve(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('stopped')), 50);
    await expect(get(silent, 5000, stop.signal)).rejects.toThrow('stopped');
  });

  it('asks for the media types that it is told, and for all of them otherwise', async () => {
    const url = await serve((request, response) => response.end(request.headers.accept));
    expect(await get(url)).toMatchObject({ body: '*/*' });
    expect(await get(url, 5000, undefined, { accept: 'text/html' })).toMatchObject({ body: 'text/html' });
  });
});
