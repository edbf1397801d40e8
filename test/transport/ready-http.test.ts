import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asyncScheduler, firstValueFrom, type Observable, of, toArray } from 'rxjs';
import type { HttpAnswer, HttpRequest } from '../../src/transport/http.ts';
import { type ReadyHttp, type ReadyHttpOptions, readyHttp } from '../../src/transport/ready-http.ts';

const PATH = '/trade-api/v2/portfolio/events/orders';
/** What every other call gets. */
const ELSEWHERE: HttpAnswer = { kind: 'answered', status: 299, text: 'by the other way' };

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Listens on a free loopback port until the test is over. */
async function listening(server: Server): Promise<{ readonly url: string; readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`, sockets };
}
const venue = (answer: RequestListener) => listening(createServer(answer));
const turns = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await setImmediate();
};

/** Connections to `url` that wait for an order; resolves once all of them stand. */
async function readied(url: string, options: Partial<ReadyHttpOptions> = {}): Promise<ReadyHttp> {
  const ready = readyHttp({
    method: 'POST',
    url,
    http: () => of(ELSEWHERE),
    clock: asyncScheduler,
    lookMs: 20,
    ...options,
  });
  closers.push(ready.close);
  await turns(() => ready.waiting() === (options.lines ?? 8));
  return ready;
}
const order = (url: string, request: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  headers: {},
  body: '{"count":1}',
  timeoutMs: 10_000,
  ...request,
});
/** Everything the request emits until it completes. */
const all = (answer$: Observable<HttpAnswer>): Promise<readonly HttpAnswer[]> =>
  firstValueFrom(answer$.pipe(toArray()));
/** What one order to a server meets. */
const asked = async (server: { readonly url: string }, request: Partial<HttpRequest> = {}) => {
  const { http } = await readied(server.url, { lines: 1 });
  return all(http(order(server.url, request)));
};
const failed = (why: unknown): unknown => [{ kind: 'failed', why, arrived: true }];

describe('readyHttp', () => {
  test('the bytes of an order are with the kernel before its subscription returns, and those of the next too', async () => {
    const bodies: string[] = [];
    const { url } = await venue((request, response) => {
      request.on('data', (chunk) => bodies.push(String(chunk)));
      request.on('end', () => response.end('{}'));
    });
    const opened: Socket[] = [];
    const note = (message: unknown): void =>
      void opened.push((message as { readonly socket: Socket }).socket);
    subscribe('net.client.socket', note);
    const { http } = await readied(url, { lines: 2 });
    unsubscribe('net.client.socket', note);
    const written = (): number =>
      opened.filter(({ bytesWritten, writableLength }) => bytesWritten > 0 && writableLength === 0).length;
    expect(written()).toBe(0);
    const first = all(http(order(url, { body: '1' })));
    expect(written()).toBe(1);
    const second = all(http(order(url, { body: '2' })));
    expect(written()).toBe(2);
    expect(await Promise.all([first, second])).toMatchObject([[{ text: '{}' }], [{ text: '{}' }]]);
    expect(bodies.sort()).toEqual(['1', '2']);
  });

  test('property: each of many orders arrives once, with its own path, headers and body, and has its own answer or failure', () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.record({
            text: fc.string({ unit: 'grapheme', maxLength: 40 }),
            fate: fc.constantFrom('200', '409', '503', 'cut', 'reset'),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (lines, orders) => {
          const seen: unknown[] = [];
          const server = await venue((request, response) => {
            let body = '';
            request.setEncoding('utf8').on('data', (chunk: string) => {
              body += chunk;
            });
            request.on('end', () => {
              const { nth, fate, text } = JSON.parse(body) as { nth: number; fate: string; text: string };
              seen.push([request.method, request.url, request.headers['kalshi-access-key'], nth, text]);
              if (fate === 'cut') response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{');
              else if (fate === 'reset') response.socket?.resetAndDestroy();
              else response.writeHead(Number(fate)).end(`${nth} ${text}`);
            });
          });
          const { http } = await readied(server.url, { lines });
          const answers: (readonly HttpAnswer[])[] = [];
          // In pairs, so that a connection is taken while another is opened.
          for (let i = 0; i < orders.length; i += 2)
            answers.push(
              ...(await Promise.all(
                orders.slice(i, i + 2).map(({ text, fate }, j) => {
                  const body = JSON.stringify({ nth: i + j, fate, text });
                  return all(http(order(server.url, { body, headers: { 'KALSHI-ACCESS-KEY': 'key' } })));
                }),
              )),
            );
          const sentHere = orders
            .map(({ text }, nth) => ['POST', PATH, 'key', nth, text])
            .filter((_, nth) => answers[nth]?.[0] !== ELSEWHERE);
          expect(seen.sort((a, b) => Number((a as unknown[])[3]) - Number((b as unknown[])[3]))).toEqual(
            sentHere,
          );
          orders.forEach(({ text, fate }, nth) => {
            if (answers[nth]?.[0] === ELSEWHERE) return;
            const expected = /^\d+$/.test(fate)
              ? [{ kind: 'answered', status: Number(fate), text: `${nth} ${text}` }]
              : failed(expect.stringMatching(/./));
            expect(answers[nth]).toEqual(expected);
          });
          for (const close of closers.splice(0)) close();
        },
      ),
      { numRuns: 25 },
    ));

  test('an order for which no connection stands, and every other call, goes the other way', async () => {
    const server = await venue((_, response) => response.end('here'));
    const { http, waiting } = await readied(server.url, { lines: 1, lookMs: 3_600_000 });
    for (const other of [{ method: 'DELETE' }, { method: 'GET' }, { url: `${server.url}/batched` }] as const)
      expect(await all(http(order(server.url, other)))).toEqual([ELSEWHERE]);
    expect(waiting()).toBe(1);
    const first = all(http(order(server.url)));
    expect(await all(http(order(server.url)))).toEqual([ELSEWHERE]);
    expect(await first).toMatchObject([{ text: 'here' }]);
    await turns(() => waiting() === 1);
  });

  test('a waiting connection that the other side ends, or speaks on, is replaced and carries no order', async () => {
    const given: string[] = [];
    const server = await listening(
      createTcpServer((socket) =>
        socket.on('data', (data) => {
          given.push(String(data));
          socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright');
        }),
      ),
    );
    const { http, waiting } = await readied(server.url, { lines: 2 });
    await turns(() => server.sockets.size === 2);
    const [one, other] = [...server.sockets];
    one?.end();
    other?.write('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong');
    await turns(() => waiting() === 0);
    await turns(() => waiting() === 2);
    expect(await all(http(order(server.url)))).toEqual([{ kind: 'answered', status: 200, text: 'right' }]);
    expect(given.length).toBe(1);
  });

  test('a connection that waited too long is replaced, one at a time, and so is one that could not be opened', async () => {
    const { url, sockets } = await venue((_, response) => response.end('{}'));
    const { waiting } = await readied(url, { lines: 2, mostIdleMs: 0 });
    await turns(() => sockets.size === 2);
    const [first] = [...sockets];
    await turns(() => first?.destroyed === true);
    expect(waiting()).toBeGreaterThan(0);

    const closed = createTcpServer();
    const gone = await listening(closed);
    closed.close();
    await once(closed, 'close');
    const waits = readyHttp({
      method: 'POST',
      url: gone.url,
      http: () => of(ELSEWHERE),
      clock: asyncScheduler,
      lookMs: 20,
    });
    closers.push(waits.close);
    expect(await all(waits.http(order(gone.url)))).toEqual([ELSEWHERE]);
    closed.listen(Number(new URL(gone.url).port), '127.0.0.1');
    await turns(() => waits.waiting() === 8);
  });

  test('a connection that ends without an answer, or speaks no HTTP, may have been acted on', async () => {
    const answers = ['', 'nonsense\r\n\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half'];
    for (const text of answers)
      expect(
        await asked(
          await listening(createTcpServer((socket) => socket.once('data', () => socket.end(text)))),
        ),
      ).toEqual(failed(expect.stringMatching(/./)));
  });

  test('no answer in time, or none that ends, is a failure that says how long it waited', async () => {
    const late = failed('no answer within 60 ms');
    expect(await asked(await venue(() => {}), { timeoutMs: 60 })).toEqual(late);
    expect(await asked(await venue((_, response) => response.write('{')), { timeoutMs: 60 })).toEqual(late);
  });

  test('a body is read up to the bound, and one byte more, or an encoding that nobody asked for, is a failure', async () => {
    const server = await venue((request, response) => {
      if (request.headers['x-encoding']) response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(request.headers['x-encoding'] ? gzipSync('x') : 'x'.repeat(1_000));
    });
    const bounded = async (mostBytes: number, headers = {}) =>
      all((await readied(server.url, { lines: 1, mostBytes })).http(order(server.url, { headers })));
    expect(await bounded(1_000)).toMatchObject([{ kind: 'answered', text: 'x'.repeat(1_000) }]);
    expect(await bounded(999)).toEqual(failed('the body is longer than 999 bytes'));
    expect(await bounded(1_000, { 'x-encoding': 'gzip' })).toEqual(
      failed('the body is encoded (gzip), and no encoding was asked for'),
    );
  });

  test('a redirect is told, not followed, and a header that HTTP does not allow is never sent', async () => {
    let came = 0;
    const server = await venue((_, response) => {
      came++;
      response.writeHead(307, { location: '/elsewhere' }).end('moved');
    });
    expect(await asked(server)).toEqual([{ kind: 'answered', status: 307, text: 'moved' }]);
    expect(await asked(server, { headers: { key: 'two\nlines' } })).toMatchObject([
      { kind: 'failed', arrived: false },
    ]);
    expect(came).toBe(1);
  });

  test('unsubscribing aborts the order and says nothing more', async () => {
    const server = createServer();
    const { url } = await listening(server);
    const { http } = await readied(url);
    const answers: unknown[] = [];
    const running = http(order(url)).subscribe({
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

  test('its end closes what waits and leaves what has been sent', async () => {
    const server = createServer();
    const { url, sockets } = await listening(server);
    const ready = await readied(url, { lines: 3 });
    const answer = all(ready.http(order(url)));
    const [, response] = await once(server, 'request');
    ready.close();
    await turns(() => sockets.size === 1);
    response.end('{}');
    expect(await answer).toMatchObject([{ kind: 'answered', text: '{}' }]);
    expect(ready.waiting()).toBe(0);
    expect(await all(ready.http(order(url)))).toEqual([ELSEWHERE]);
  });
});
