import '../../support/properties.ts';
import { request as ask } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WebSocket } from 'ws';
import { control } from '../../../src/emulator/transport/control.ts';
import type { Faults } from '../../../src/emulator/transport/faults.ts';
import { type Served, serve } from '../../../src/emulator/transport/serve.ts';
import { bench } from '../bench.ts';

const TOKEN = 'f00d'.repeat(16);
const { venues } = bench();
let served: Served;
beforeAll(async () => {
  const faults: Faults = venues.faults;
  served = await serve(venues.kraken, { venue: 'kraken', port: 0, faults, control: control(venues, TOKEN) });
});
afterAll(() => served.close());

const port = (): number => Number(new URL(served.httpUrl).port);
type Headers = Readonly<Record<string, string | readonly string[]>>;

/** The status of a request with exactly these headers; 0 if the server closed without an answer. */
const statusOf = (
  headers: Headers,
  {
    path = '/0/public/Time',
    method = 'GET',
    body = '',
  }: { path?: string; method?: string; body?: string } = {},
): Promise<number> =>
  new Promise((resolve) => {
    const asked = ask(
      {
        host: '127.0.0.1',
        port: port(),
        path,
        method,
        setHost: false,
        headers: headers as Record<string, string>,
      },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on('error', () => resolve(0));
    asked.end(method === 'POST' ? body : undefined);
  });
/** `opened`, or the status with which the upgrade was refused. */
const upgradeOf = (headers: Record<string, string>): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${served.wsUrl}/v2`, { headers });
    const end = (how: string): void => {
      resolve(how);
      socket.terminate();
    };
    socket.on('open', () => end('opened'));
    socket.on('unexpected-response', (_, response) => end(String(response.statusCode)));
    socket.on('error', () => end('failed'));
  });

const strangers = fc.oneof(
  fc.domain(),
  fc.ipV4().filter((ip) => !ip.startsWith('127.')),
  fc.constantFrom(
    ...[
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example@127.0.0.1',
      '0.0.0.0',
      '127.0.0.1@evil.example',
    ],
    ...['[::2]', 'localhost/evil', 'null', 'localhosts'],
  ),
);

describe('the emulator’s visitors', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]', '127.1.2.3'])(
    'who calls %s by its name is answered, over both',
    async (host) => {
      expect(await statusOf({ host: `${host}:${port()}` })).toBe(200);
      expect(await upgradeOf({ host: `${host}:${port()}` })).toBe('opened');
    },
  );

  test('a page of its own origin is answered, a page of any other is not, over both', async () => {
    const host = `127.0.0.1:${port()}`;
    expect(await statusOf({ host, origin: `http://${host}` })).toBe(200);
    expect(await upgradeOf({ origin: `http://${host}` })).toBe('opened');
    for (const origin of [
      'null',
      'http://evil.example',
      `https://${host}`,
      'http://127.0.0.1:1',
      `http://${host}.evil.example`,
    ]) {
      expect([origin, await statusOf({ host, origin })]).toEqual([origin, 403]);
      expect([origin, await upgradeOf({ origin })]).toEqual([origin, '403']);
    }
  });

  test('property: a Host that is not loopback is not answered, with any port, over both', async () => {
    await fc.assert(
      fc.asyncProperty(strangers, fc.boolean(), async (name, withPort) => {
        const host = withPort ? `${name}:${port()}` : name;
        expect([400, 403]).toContain(await statusOf({ host }));
        expect(['400', '403', 'failed']).toContain(await upgradeOf({ host }));
      }),
      { numRuns: 40 },
    );
  });

  test('two Host headers are one too many, and none is too few', async () => {
    /** The status line of a request that is written by hand. */
    const answerTo = async (lines: readonly string[]): Promise<string> => {
      const socket = connect(port(), '127.0.0.1');
      socket.end(`${['GET /0/public/Time HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`);
      let text = '';
      for await (const chunk of socket as AsyncIterable<Buffer>) text += String(chunk);
      return text.split('\r\n', 1)[0] ?? '';
    };
    const host = `Host: 127.0.0.1:${port()}`;
    expect(await answerTo([host, 'Connection: close'])).toBe('HTTP/1.1 200 OK');
    for (const lines of [[host, 'Host: evil.example'], ['Host: evil.example', host], []])
      expect(await answerTo([...lines, 'Connection: close'])).toMatch(/^HTTP\/1\.1 40[03] /);
  });

  test('the control endpoint needs its token, whole and as Bearer, and its answer does not hold it', async () => {
    const host = `127.0.0.1:${port()}`;
    const begun = venues.faults.begun().length;
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${TOKEN.slice(1)}`,
      `Bearer ${TOKEN}0`,
      TOKEN,
      `Basic ${TOKEN}`,
    ])
      for (const [path, method] of [
        ['/emulator/state', 'GET'],
        ['/emulator/faults', 'POST'],
      ] as const)
        expect(
          await statusOf({ host, authorization }, { path, method, body: '{"kind":"drop","venue":"kraken"}' }),
        ).toBe(401);
    expect(venues.faults.begun()).toHaveLength(begun);
    expect(await statusOf({ host, authorization: `Bearer ${TOKEN}` }, { path: '/emulator/state' })).toBe(200);
  });

  test('a body of more than a megabyte is refused, said to be long or not, and a message of more ends its socket', async () => {
    const body = 'x'.repeat((1 << 20) + 1);
    const url = `${served.httpUrl}/0/public/Time`;
    expect((await fetch(url, { method: 'POST', body })).status).toBe(413);
    const pieces = new ReadableStream<Uint8Array>({
      start: (to) => {
        for (let i = 0; i < 40; i++) to.enqueue(new Uint8Array(1 << 15));
        to.close();
      },
    });
    expect((await fetch(url, { method: 'POST', body: pieces, duplex: 'half' } as RequestInit)).status).toBe(
      413,
    );
    const code = await new Promise((resolve) => {
      const socket = new WebSocket(`${served.wsUrl}/v2`);
      socket.on('open', () => socket.send(body));
      socket.on('close', resolve);
    });
    expect(code).toBe(1009);
  });
});
