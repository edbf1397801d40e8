import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, type Observable, toArray } from 'rxjs';
import { fetchHttp } from '../../src/transport/fetch-http.ts';
import type { HttpAnswer, HttpRequest } from '../../src/transport/http.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Listens on a free loopback port until the test is over. */
async function listening(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const venue = (answer: RequestListener): Promise<string> => listening(createServer(answer));

const ask = (url: string, request: Partial<HttpRequest> = {}): Observable<HttpAnswer> =>
  fetchHttp()({ method: 'GET', url, headers: {}, body: undefined, timeoutMs: 10_000, ...request });
/** Everything the request emits until it completes. */
const all = (answer$: Observable<HttpAnswer>): Promise<readonly HttpAnswer[]> =>
  firstValueFrom(answer$.pipe(toArray()));

describe('fetchHttp', () => {
  test.each(['GET', 'POST', 'PUT', 'DELETE'] as const)(
    'a %s arrives with its path, its headers and its body as they are',
    async (method) => {
      let seen: unknown;
      const url = await venue((request, response) => {
        let body = '';
        request.on('data', (chunk) => {
          body += String(chunk);
        });
        request.on('end', () => {
          seen = [request.method, request.url, request.headers['kalshi-access-key'], body];
          response.end('{}');
        });
      });
      const body = method === 'GET' ? undefined : '{"count":1}';
      const headers = { 'KALSHI-ACCESS-KEY': 'key' };
      await all(ask(`${url}/trade-api/v2/orders?limit=2&cursor=a%2Fb`, { method, headers, body }));
      expect(seen).toEqual([method, '/trade-api/v2/orders?limit=2&cursor=a%2Fb', 'key', body ?? '']);
    },
  );

  test.each([200, 201, 302, 400, 401, 404, 409, 429, 500, 503])(
    'an answer with status %d is one answer with its text, then the end',
    async (status) => {
      const url = await venue((_, response) => response.writeHead(status).end(`{"tick":"₿ ${status}"}`));
      expect(await all(ask(url))).toEqual([{ kind: 'answered', status, text: `{"tick":"₿ ${status}"}` }]);
    },
  );

  test.each(['identity', 'gzip'] as const)(
    'a body (%s) is read up to the bound in its own bytes, and one byte more is a failure that receives no more',
    async (encoding) => {
      let closed = false;
      const url = await venue((request, response) => {
        const body = Buffer.alloc(request.url === '/long' ? 5_000_000 : 1_000, 'x');
        response.on('close', () => {
          closed = true;
        });
        response.writeHead(200, { 'content-encoding': encoding });
        response.end(encoding === 'gzip' ? gzipSync(body) : body);
      });
      const bounded = (path: string, mostBytes: number): Promise<readonly HttpAnswer[]> =>
        all(
          fetchHttp({ mostBytes })({
            method: 'GET',
            url: `${url}${path}`,
            headers: {},
            body: undefined,
            timeoutMs: 120_000,
          }),
        );
      expect(await bounded('/', 1_000)).toEqual([{ kind: 'answered', status: 200, text: 'x'.repeat(1_000) }]);
      const failed = (bytes: number): HttpAnswer => ({
        kind: 'failed',
        why: `the body is longer than ${bytes} bytes`,
        arrived: true,
      });
      expect(await bounded('/', 999)).toEqual([failed(999)]);
      expect(await bounded('/long', 10_000)).toEqual([failed(10_000)]);
      expect(closed).toBe(true);
    },
  );

  test('a body that comes a byte at a time is given up when the time of the whole request is over', async () => {
    const url = await venue((_, response) => {
      const dripping = setInterval(() => response.write('{'), 10);
      response.on('close', () => clearInterval(dripping));
    });
    expect(await all(ask(url, { timeoutMs: 200 }))).toEqual([
      { kind: 'failed', why: 'no answer within 200 ms', arrived: true },
    ]);
  });

  test('a redirect is told, not followed: a signature is good for one path', async () => {
    const paths: (string | undefined)[] = [];
    const url = await venue((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end('moved');
    });
    expect(await all(ask(`${url}/here`))).toEqual([{ kind: 'answered', status: 307, text: 'moved' }]);
    expect(paths).toEqual(['/here']);
  });

  test('a refused connection has certainly not arrived', async () => {
    const server = createTcpServer();
    const url = await listening(server);
    server.close();
    await once(server, 'close');
    expect(await all(ask(url, { method: 'POST', body: '{}' }))).toEqual([
      { kind: 'failed', why: expect.stringContaining('ECONNREFUSED'), arrived: false },
    ]);
  });

  test('a connection that is reset after the request may have been acted on', async () => {
    const url = await listening(
      createTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await all(ask(url, { method: 'POST', body: '{}' }))).toEqual([
      { kind: 'failed', why: expect.stringMatching(/./), arrived: true },
    ]);
  });

  test('a connection that ends without an answer, or amid one, may have been acted on', async () => {
    const silent = await listening(createTcpServer((socket) => socket.once('data', () => socket.end())));
    const amid = await listening(
      createTcpServer((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half')),
      ),
    );
    for (const url of [silent, amid])
      expect(await all(ask(url))).toEqual([
        { kind: 'failed', why: expect.stringMatching(/./), arrived: true },
      ]);
  });

  test('an answer that is no HTTP is a failure, not a throw', async () => {
    const url = await listening(
      createTcpServer((socket) => socket.once('data', () => socket.end('nonsense\r\n\r\n'))),
    );
    expect(await all(ask(url))).toMatchObject([{ kind: 'failed', arrived: true }]);
  });

  test('an address that cannot be asked is a failure, not a throw', async () => {
    expect(await all(ask('no address'))).toMatchObject([{ kind: 'failed' }]);
  });

  test('no answer in time is a failure that says how long it waited, and may have been acted on', async () => {
    const url = await venue(() => {});
    expect(await all(ask(url, { timeoutMs: 50 }))).toEqual([
      { kind: 'failed', why: 'no answer within 50 ms', arrived: true },
    ]);
  });

  test('the time bounds the body too: one that stalls is a failure', async () => {
    const url = await venue((_, response) => {
      response.write('{"half');
    });
    expect(await all(ask(url, { timeoutMs: 200 }))).toEqual([
      { kind: 'failed', why: 'no answer within 200 ms', arrived: true },
    ]);
  });

  test('a large body comes whole', async () => {
    const text = '0123456789'.repeat(500_000);
    const url = await venue((_, response) => response.end(text));
    const [answer] = await all(ask(url));
    expect(answer?.kind === 'answered' && answer.text === text).toBe(true);
  });

  test('nothing is sent before the subscription, and each subscription sends anew', async () => {
    let asked = 0;
    const url = await venue((_, response) => response.end(String(++asked)));
    const answer$ = ask(url);
    await setImmediate();
    expect(asked).toBe(0);
    expect(await all(answer$)).toMatchObject([{ text: '1' }]);
    expect(await all(answer$)).toMatchObject([{ text: '2' }]);
  });

  test('unsubscribing aborts the request and says nothing more', async () => {
    const server = createServer();
    const url = await listening(server);
    const answers: unknown[] = [];
    const running = ask(url).subscribe({
      next: (answer) => answers.push(answer),
      complete: () => answers.push('complete'),
    });
    const [request] = await once(server, 'request');
    const gone = once(request.socket, 'close');
    running.unsubscribe();
    await gone;
    await setImmediate();
    expect(answers).toEqual([]);
  });
});
