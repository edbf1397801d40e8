import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as waited } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { controlSocket, type LaneControls } from '../../pipelines/edges/control-socket.ts';
import { type ServedSocket, type SocketAnswer, serveSocket } from '../../pipelines/edges/serve-socket.ts';
import { askSocket } from '../../src/cli/ask-socket.ts';
import type { Cancelled } from '../../src/execution/kalshi/cancel-everything.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { type UnixClient, unixClient } from '../support/unix-client.ts';
import { until } from '../support/until.ts';

const root = tempFolder();
const TOKEN = 'a'.repeat(48);
const served: ServedSocket[] = [];
const clients: UnixClient[] = [];
const client = (path: string): UnixClient => {
  const made = unixClient(path);
  clients.push(made);
  return made;
};
afterEach(async () => {
  for (const { socket, closed } of clients.splice(0)) {
    socket.destroy();
    await closed;
  }
  // An answered client closes after it was answered.
  await waited(50);
  for (const each of served.splice(0)) await each.close();
});
const place = (): string => join(mkdtempSync(join(root, 's-')), 'lane.sock');
const serve = async (
  path: string,
  act: (reason: string) => Promise<SocketAnswer> = async (reason) => ({ status: 200, body: { reason } }),
): Promise<ServedSocket> => {
  const made = await serveSocket(path, TOKEN, {
    reads: new Map([['status', () => ({ mode: 'ARMED' })]]),
    acts: new Map([['halt', act]]),
  });
  served.push(made);
  return made;
};
const ask = (socketPath: string, name: string, reason?: string, token = TOKEN) =>
  askSocket({ socketPath, token, name, reason });

describe('serveSocket', () => {
  test('answers who has the token, and tells nobody else anything', async () => {
    const path = place();
    await serve(path);
    expect(await ask(path, 'status')).toEqual({ kind: 'answered', status: 200, body: { mode: 'ARMED' } });
    expect(await ask(path, 'halt', ' why ')).toEqual({
      kind: 'answered',
      status: 200,
      body: { reason: 'why' },
    });
    for (const token of ['', 'b'.repeat(48), `${TOKEN}x`, TOKEN.slice(1)]) {
      const wrong = { status: 401, body: { error: 'the token is not that of this process' } };
      expect(await ask(path, 'status', undefined, token)).toMatchObject(wrong);
      expect(await ask(path, 'halt', 'why', token)).toMatchObject(wrong);
    }
  });

  test('lies at a name that only its owner may open, and takes the name away at its end', async () => {
    const path = place();
    const { close } = await serve(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await close();
    expect(existsSync(path)).toBe(false);
  });

  test('a method, a name or a body that it does not know is refused, and none of them acts', async () => {
    const path = place();
    let acted = 0;
    await serve(path, async () => {
      acted++;
      return { status: 200, body: {} };
    });
    expect(await ask(path, 'halt')).toMatchObject({ status: 404 });
    expect(await ask(path, 'status', 'why')).toMatchObject({ status: 404 });
    expect(await ask(path, 'constructor', 'why')).toMatchObject({ status: 404 });
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ maxLength: 200 }),
          fc.json({ maxDepth: 2 }),
          fc.constant('{"reason":""}'),
          fc.constant('{"reason":"  "}'),
        ),
        async (body) => {
          const parsed = ((): unknown => {
            try {
              return JSON.parse(body);
            } catch {
              return undefined;
            }
          })();
          const reason = (parsed as { readonly reason?: unknown } | null | undefined)?.reason;
          fc.pre(typeof reason !== 'string' || reason.trim() === '');
          const { socket, told, closed } = client(path);
          socket.write(
            `POST /halt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
          );
          await closed;
          expect(told()).toMatch(/^HTTP\/1.1 400 /);
        },
      ),
      { numRuns: 40 },
    );
    expect(acted).toBe(0);
  });

  test('a body above its bound is answered 413 and not kept', async () => {
    const path = place();
    await serve(path);
    const { socket, told, closed } = client(path);
    socket.write(
      `POST /halt HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(5_000)}`,
    );
    await closed;
    expect(told()).toMatch(/^HTTP\/1.1 413 /);
  });

  test('a request that does not come whole is ended, and holds up nobody', async () => {
    const path = place();
    await serve(path);
    const slow = [...Array(10).keys()].map(() => client(path));
    for (const { socket } of slow) socket.write('POST /halt HTTP/1.1\r\nhost: x\r\n');
    expect(await ask(path, 'status')).toMatchObject({ status: 200 });
    await Promise.all(slow.map(({ closed }) => closed));
  });

  test('more connections than its bound are ended at once, and those that end make room', async () => {
    const path = place();
    await serve(path);
    const many = [...Array(40).keys()].map(() => client(path));
    await Promise.race(many.map(({ closed }) => closed));
    for (const { socket } of many) socket.destroy();
    // The server hears of each end on its own.
    await until('room', async () => {
      const answer = await ask(path, 'status');
      return answer.kind === 'answered' && answer.status === 200;
    });
  });

  test('an act that takes long is begun at once, and one that throws is answered 500 with its sentence', async () => {
    const path = place();
    await serve(path, async (reason) => {
      // Longer than an asker waits for a process that shows no life.
      await waited(1_300);
      if (reason === 'fail') throw new Error('the venue is gone');
      return { status: 200, body: { done: true } };
    });
    expect(await ask(path, 'halt', 'why')).toEqual({ kind: 'answered', status: 200, body: { done: true } });
    expect(await ask(path, 'halt', 'fail')).toEqual({
      kind: 'answered',
      status: 500,
      body: { error: 'the venue is gone' },
    });
  });

  test('a socket or a file that somebody left at the name is replaced', async () => {
    const path = place();
    writeFileSync(path, 'not a socket');
    await serve(path);
    expect(await ask(path, 'status')).toMatchObject({ status: 200 });
  });

  test('one that ends leaves the name to another that took it since', async () => {
    const path = place();
    const first = await serve(path);
    await serve(path);
    await first.close();
    expect(await ask(path, 'status')).toMatchObject({ status: 200 });
  });
});

describe('askSocket', () => {
  test('tells a socket that is not there from one whose process does not answer', async () => {
    const path = place();
    expect(await ask(path, 'status')).toMatchObject({ kind: 'absent' });
    // It reads, so that it learns of the end, and says nothing.
    const mute = createServer((socket) => socket.resume());
    await new Promise<void>((done) => mute.listen(path, done));
    expect(await ask(path, 'status')).toEqual({ kind: 'silent', why: 'no answer within 1 s' });
    mute.close();
  });

  test('an answer that is no JSON, and one without an end, are no answers', async () => {
    for (const text of [
      'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n<x>',
      'HTTP/1.1 200 OK\r\n\r\n{',
      'nonsense\r\n\r\n',
    ]) {
      const path = place();
      const odd = createServer((socket) => {
        socket.on('error', () => {});
        socket.resume();
        socket.write(text);
      });
      await new Promise<void>((done) => odd.listen(path, done));
      expect(await ask(path, 'status')).toMatchObject({ kind: 'silent' });
      odd.close();
    }
  });
});

describe('controlSocket', () => {
  test('hands each command to the lane with its reason and who gave it', async () => {
    const path = place();
    const told: unknown[] = [];
    const cancelled: Cancelled = { kind: 'clear', tries: 2 };
    const lane: LaneControls = {
      status: () => ({ mode: 'REDUCE' }),
      limits: () => ({ openOrdersMax: 4, openOrders: 1 }),
      peakDollars: () => undefined,
      halt: async (by, reason) => {
        told.push(['halt', by, reason]);
        return cancelled;
      },
      resume: (by, reason) => {
        told.push(['resume', by, reason]);
        return reason === 'too early' ? 'the journal cannot be written' : undefined;
      },
      cancelAll: async () => {
        told.push(['cancel-all']);
        return { kind: 'notClear', resting: 3, why: '3 orders still rest' };
      },
      reconcile: () => 'asked',
      resolve: () => 'resolved',
      cap: (name, value, reason) => {
        told.push(['cap', name, value, reason]);
        return value > 4 ? 'openOrdersMax can only be lowered' : undefined;
      },
      flatten: async (reason) => {
        told.push(['flatten', reason]);
        return 'nothing is held';
      },
    };
    served.push(await controlSocket(path, TOKEN, lane));
    const answers = [
      await ask(path, 'status'),
      await ask(path, 'limits'),
      await ask(path, 'halt', 'a'),
      await ask(path, 'resume', 'too early'),
      await ask(path, 'resume', 'b'),
      await ask(path, 'cancel-all', 'c'),
      await ask(path, 'flatten', 'd'),
    ].map((each) => (each.kind === 'answered' ? [each.status, each.body] : each));
    expect(answers).toEqual([
      [200, { mode: 'REDUCE' }],
      [200, { openOrdersMax: 4, openOrders: 1 }],
      [200, cancelled],
      [409, { error: 'the journal cannot be written' }],
      [200, { kind: 'resumed' }],
      [200, { kind: 'notClear', resting: 3, why: '3 orders still rest' }],
      [200, { kind: 'flattened', result: 'nothing is held' }],
    ]);
    expect(told).toEqual([
      ['halt', 'the operator', 'a'],
      ['resume', 'the operator', 'too early'],
      ['resume', 'the operator', 'b'],
      ['cancel-all'],
      ['flatten', 'd'],
    ]);
  });
});
