import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { firstValueFrom, type Observable, Subject, take, tap, toArray } from 'rxjs';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketClosed, SocketEvent } from '../../src/transport/dial.ts';
import { wsDial } from '../../src/transport/ws-dial.ts';

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
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real WebSocket server that does to each socket what the test says. */
async function venue(greet: (socket: WebSocket, request: IncomingMessage) => void): Promise<string> {
  const http = createServer();
  new WebSocketServer({ server: http }).on('connection', greet);
  return listening(http);
}
const refusing = (answer: RequestListener): Promise<string> => {
  const http = createServer();
  // `http` upgrades only who listens for it; a plain answer is what a gateway before the venue gives.
  http.on('request', answer);
  return listening(http);
};

const dial = (url: string, options?: Parameters<typeof wsDial>[0], headers = {}): Observable<SocketEvent> =>
  wsDial(options)({ url, headers });
const all = (events$: Observable<SocketEvent>): Promise<readonly SocketEvent[]> =>
  firstValueFrom(events$.pipe(toArray()));
const closeOf = (events: readonly SocketEvent[]): SocketClosed => {
  const last = events.at(-1);
  if (last?.kind !== 'closed')
    throw new Error(`ws-dial.test: the last event must be closed, was ${last?.kind}`);
  return last;
};
const textsOf = (events: readonly SocketEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'text' ? [event.text] : []));

describe('wsDial', () => {
  test('opens, gives text frames whole and in order, and ends with the code and reason of the close frame', async () => {
    const texts = ['{"a":1}', '', 'ünïcödé ₿', 'x'.repeat(200_000), 'two\nlines'];
    const url = await venue((socket) => {
      for (const text of texts) socket.send(text);
      socket.close(4_001, 'maintenance');
    });
    const events = await all(dial(url));
    expect(events.map(({ kind }) => kind)).toEqual(['opened', ...texts.map(() => 'text'), 'closed']);
    expect(textsOf(events)).toEqual(texts);
    expect(closeOf(events)).toEqual({
      kind: 'closed',
      code: 4_001,
      status: undefined,
      detail: 'maintenance',
    });
  });

  test('a frame that comes in fragments is one text', async () => {
    const url = await venue((socket) => {
      socket.send('{"half', { fin: false });
      socket.send('":true}', { fin: true });
      socket.close();
    });
    expect(textsOf(await all(dial(url)))).toEqual(['{"half":true}']);
  });

  test('the newline that a frame ends with is stripped, those inside it stay', async () => {
    const url = await venue((socket) => {
      for (const text of ['{"sid":1}\n', '{"a":\n2}\n', '\n']) socket.send(text);
      socket.close();
    });
    expect(textsOf(await all(dial(url)))).toEqual(['{"sid":1}', '{"a":\n2}', '']);
  });

  test('headers go with the upgrade, and what is sent arrives', async () => {
    const heard = new Subject<readonly [unknown, string]>();
    const url = await venue((socket, request) => {
      socket.on('message', (data) => heard.next([request.headers['kalshi-access-key'], String(data)]));
    });
    const first = firstValueFrom(heard.pipe(take(1)));
    const running = dial(url, {}, { 'KALSHI-ACCESS-KEY': 'key' }).subscribe((event) => {
      if (event.kind === 'opened') event.send('{"cmd":"subscribe"}');
    });
    expect(await first).toEqual(['key', '{"cmd":"subscribe"}']);
    running.unsubscribe();
  });

  test('a server that drops the connection without a close frame is an abnormal close, not an error', async () => {
    const url = await venue((socket) => socket.send('last', () => socket.terminate()));
    const events = await all(dial(url));
    expect(textsOf(events)).toEqual(['last']);
    expect(closeOf(events)).toMatchObject({ code: 1006, status: undefined });
  });

  test('a connection that is reset is an abnormal close as well', async () => {
    const tcp = new Set<Socket>();
    const http = createServer().on('connection', (socket: Socket) => tcp.add(socket));
    new WebSocketServer({ server: http }).on('connection', () => {
      for (const socket of tcp) socket.resetAndDestroy();
    });
    expect(closeOf(await all(dial(await listening(http))))).toMatchObject({ code: 1006, status: undefined });
  });

  test.each([
    [401, '{"error":{"code":"INCORRECT_API_KEY_SIGNATURE"}}'],
    [429, 'error code: 1015'],
    [503, ''],
    [200, 'hello'],
    [302, 'moved'],
  ])('an upgrade that is refused with %d tells the status and the body as data', async (status, body) => {
    const url = await refusing((_, response) => response.writeHead(status).end(body));
    expect(await all(dial(url))).toEqual([{ kind: 'closed', code: 1006, status, detail: body }]);
  });

  test('of a long body only the start is told', async () => {
    const url = await refusing((_, response) => {
      response.writeHead(520);
      for (let i = 0; i < 100; i++) response.write(`${i}`.padEnd(1_500, '.'));
      response.end();
    });
    const { status, detail } = closeOf(await all(dial(url)));
    expect([status, detail]).toEqual([520, '0'.padEnd(1_500, '.') + '1'.padEnd(500, '.')]);
  });

  test('a refusal whose body stops half-way is told with its status', async () => {
    const cut = await refusing((_, response) => {
      response.writeHead(502, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    });
    expect(closeOf(await all(dial(cut)))).toMatchObject({ status: 502, detail: 'half' });
    const stalled = await refusing((_, response) => {
      response.writeHead(503);
      response.write('half');
    });
    // The time must be over before it is told, and the refusal must have come in it: on a busy machine more is given.
    for (const handshakeMs of [500, 20_000]) {
      const closed = closeOf(await all(dial(stalled, { handshakeMs })));
      if (closed.status === undefined && handshakeMs < 1_000) continue;
      expect(closed).toMatchObject({ status: 503 });
      break;
    }
  });

  test('nobody there is a close with the reason', async () => {
    const server = createTcpServer();
    const url = await listening(server);
    server.close();
    await once(server, 'close');
    expect(await all(dial(url))).toEqual([
      { kind: 'closed', code: 1006, status: undefined, detail: expect.stringContaining('ECONNREFUSED') },
    ]);
  });

  test('a server that accepts and says nothing is given up after the time for handshakes', async () => {
    const url = await listening(createTcpServer());
    expect(await all(dial(url, { handshakeMs: 50 }))).toEqual([
      { kind: 'closed', code: 1006, status: undefined, detail: 'Opening handshake has timed out' },
    ]);
  });

  test('an upgrade that is not WebSocket’s is a close with the reason', async () => {
    const http = createServer().on('upgrade', (_, socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
    );
    expect(closeOf(await all(dial(await listening(http)))).detail).toContain('Sec-WebSocket-Accept');
  });

  test('an address that cannot be dialled is a close, not a throw', async () => {
    expect(closeOf(await all(dial('http//venue'))).detail).toContain('Invalid URL');
    expect(closeOf(await all(dial('ftp://venue.test'))).detail).not.toBe('');
  });

  test('a frame of the most bytes is taken, a longer one ends the socket with the reason', async () => {
    const url = await venue((socket) => {
      socket.send('x'.repeat(1_000));
      socket.send('y'.repeat(1_001));
    });
    const events = await all(dial(url, { mostBytes: 1_000 }));
    expect(textsOf(events)).toEqual(['x'.repeat(1_000)]);
    expect(closeOf(events)).toMatchObject({ detail: 'Max payload size exceeded' });
  });

  test('bytes that are no UTF-8 end the socket, they are not passed on misread', async () => {
    const url = await venue((socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false }));
    const events = await all(dial(url));
    expect(textsOf(events)).toEqual([]);
    expect(closeOf(events).detail).toContain('UTF-8');
  });

  test('closing from our side ends at once with our reason, and sending after it does nothing', async () => {
    const gone = new Subject<number>();
    const code = firstValueFrom(gone);
    const heard: string[] = [];
    const url = await venue((socket) => {
      socket.on('message', (data) => heard.push(String(data)));
      socket.on('close', (closeCode) => gone.next(closeCode));
    });
    const events = await all(
      dial(url).pipe(
        tap((event) => {
          if (event.kind !== 'opened') return;
          event.close('the book is frozen');
          event.send('too late');
        }),
      ),
    );
    expect(closeOf(events)).toMatchObject({ code: 1006, detail: 'the book is frozen' });
    expect(await code).toBe(1006);
    expect(heard).toEqual([]);
  });

  test('who unsubscribes hears no more, and the other side sees the connection gone at once', async () => {
    const gone = new Subject<number>();
    const code = firstValueFrom(gone);
    const url = await venue((socket) => {
      socket.on('close', (closeCode) => gone.next(closeCode));
      socket.send('first');
      socket.send('second');
    });
    const events: SocketEvent[] = [];
    const running = dial(url).subscribe((event) => {
      events.push(event);
      if (event.kind === 'text') running.unsubscribe();
    });
    expect(await code).toBe(1006);
    expect(textsOf(events)).toEqual(['first']);
    expect(events.at(-1)?.kind).toBe('text');
  });

  test('who unsubscribes during the handshake leaves no connection behind', async () => {
    const tcp = createTcpServer();
    const url = await listening(tcp);
    const events: SocketEvent[] = [];
    const running = dial(url).subscribe((event) => events.push(event));
    const [socket] = (await once(tcp, 'connection')) as [Socket];
    socket.resume();
    const gone = once(socket, 'close');
    running.unsubscribe();
    await gone;
    expect(events).toEqual([]);
  });

  test('each subscription is a socket of its own', async () => {
    let dialled = 0;
    const url = await venue((socket) => {
      socket.send(String(++dialled));
      socket.close();
    });
    const dial$ = dial(url);
    expect(dialled).toBe(0);
    expect(textsOf(await all(dial$))).toEqual(['1']);
    expect(textsOf(await all(dial$))).toEqual(['2']);
  });

  test('pings are answered below', async () => {
    const pong = new Subject<string>();
    const answer = firstValueFrom(pong);
    const url = await venue((socket) => {
      socket.on('pong', (data) => pong.next(String(data)));
      socket.ping('heartbeat');
    });
    const running = dial(url).subscribe();
    expect(await answer).toBe('heartbeat');
    running.unsubscribe();
  });
});
