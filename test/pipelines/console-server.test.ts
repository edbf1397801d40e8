import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConsoleActs } from '../../pipelines/edges/console-acts.ts';
import { type ConsoleSource, consoleFeed, type FeedBounds } from '../../pipelines/edges/console-feed.ts';
import { consoleFiles } from '../../pipelines/edges/console-files.ts';
import {
  type ConsoleOptions,
  consoleServer,
  type ServedConsole,
} from '../../pipelines/edges/console-server.ts';
import { applyPatch } from '../../src/console/apply-patch.ts';
import type { Act, ConsolePatch, ConsoleState, DecisionView } from '../../src/console/state.ts';
import {
  act,
  askConsole,
  type EventReader,
  readEvents,
  type SentEvent,
  sendRaw,
} from '../support/console-visitor.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const TOKEN = 'a'.repeat(48);
const ACTS: readonly Act[] = ['halt', 'resume', 'cancelAll', 'flatten', 'cap'];

const EMPTY: ConsoleState = {
  patch: 0,
  seq: 0,
  at: 0,
  values: {
    lane: { mark: 'SIMULATED', name: 'test', label: 'test', acts: ACTS, speed: 60 },
    word: { word: 'BLIND', reason: 'nothing has come yet', since: 0 },
    money: null,
    limits: [],
    checks: [],
    quality: [],
    reliability: [],
    score: null,
    health: { loopDelayMs: null, queued: null, sinkDropped: null },
  },
  maps: { assets: {}, contracts: {}, payoffs: {}, orders: {}, feeds: {} },
  rings: {
    prices: [],
    volatilities: [],
    equity: [],
    abstentions: [],
    decisions: [],
    fills: [],
    log: [],
  },
};

/** A source of states that changes when it is told to; each change is a line of the log. */
function told(): ConsoleSource & { readonly say: (text: string) => void; readonly asked: () => number } {
  let state = EMPTY;
  let lines: string[] = [];
  let asked = 0;
  return {
    say: (text) => {
      lines.push(text);
    },
    asked: () => asked,
    take: () => {
      asked++;
      if (lines.length === 0) return undefined;
      const patch: ConsolePatch = {
        patch: state.patch + 1,
        seq: state.seq + lines.length,
        at: state.at + 1,
        rings: { log: lines.map((text) => ({ at: 0, level: 'info', about: 'session', text })) },
      };
      lines = [];
      state = applyPatch(state, patch) ?? state;
      return patch;
    },
    snapshot: () => state,
  };
}

const opened: (ServedConsole | EventReader)[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
const reading = (...given: Parameters<typeof readEvents>): EventReader => {
  const reader = readEvents(...given);
  opened.push(reader);
  return reader;
};

const root = tempFolder();
const folder = join(root, 'page');
mkdirSync(folder);
writeFileSync(join(folder, 'index.html'), '<!doctype html><script type="module" src="/page.js"></script>');
writeFileSync(join(folder, 'page.js'), 'export {};');
writeFileSync(join(folder, 'page.js.map'), '{}');
writeFileSync(join(root, 'secret.html'), 'not of the page');

async function serve(more: Partial<ConsoleOptions> = {}, bounds: Partial<FeedBounds> = {}) {
  const source = told();
  const feed = consoleFeed(source, { everyMs: 5, snapshotMs: 0, ...bounds });
  const done: string[] = [];
  const doing =
    (name: string) =>
    async (reason: string): Promise<{ readonly kind: 'done'; readonly result: string }> => {
      done.push(`${name}: ${reason}`);
      return { kind: 'done', result: `${name} is done` };
    };
  const acts: ConsoleActs = {
    halt: doing('halt'),
    cancelAll: doing('cancelAll'),
    flatten: doing('flatten'),
    resume: async () => ({ kind: 'refused', why: 'it would halt again at once' }),
    cap: (reason, { name, value }) => doing(`cap ${name} ${value}`)(reason),
  };
  const served = await consoleServer({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    tokenForReading: false,
    page: consoleFiles(folder),
    feed,
    decision: (id) => (id === 7 ? ({ id, why: 'because' } as DecisionView) : undefined),
    acts: () => acts,
    onProblem: (why) => {
      throw new Error(why);
    },
    ...more,
  });
  opened.push(served);
  return { ...served, source, feed, done };
}

/** The state that a reader has from what was sent to him; throws if a patch was not the next. */
function stateOf(events: readonly SentEvent[], from: ConsoleState | undefined = undefined): ConsoleState {
  let state = from;
  for (const { kind, data } of events) {
    if (kind === 'snapshot') state = data as unknown as ConsoleState;
    else if (kind === 'patch') {
      state = state && applyPatch(state, data as unknown as ConsolePatch);
      if (!state) throw new Error(`console: patch ${data['patch']} was not the next`);
    }
  }
  if (!state) throw new Error('console: there was no snapshot');
  return state;
}
const linesOf = (events: readonly SentEvent[], from?: ConsoleState): readonly string[] =>
  stateOf(events, from).rings.log.map(({ text }) => text);

describe('the state of the console for its own process', () => {
  test('goes on without any reader, and who comes later begins with all of it', async () => {
    const { port, source, feed } = await serve();
    source.say('one');
    expect(feed.now().rings.log.map(({ text }) => text)).toEqual(['one']);
    source.say('two');
    expect(feed.now().rings.log.map(({ text }) => text)).toEqual(['one', 'two']);
    const reader = reading(port);
    await until('the state', () => reader.events.length > 0 && linesOf(reader.events).length === 2);
    source.say('three');
    await until('the change', () => linesOf(reader.events).join() === 'one,two,three');
    expect(feed.now().rings.log).toHaveLength(3);
  });

  test('is not kept for readers once they have been away for long: who comes back then gets the whole of it', async () => {
    const { port, source, feed } = await serve({}, { lingerMs: 0 });
    const first = reading(port);
    await until('the state', () => first.events.length > 0);
    source.say('one');
    await until('the change', () => first.events.length > 1);
    const lastId = first.events.at(-1)?.id;
    first.close();
    let asked = Number.NaN;
    let still = 0;
    await until('the end of the updates', () => {
      still = source.asked() === asked ? still + 1 : 0;
      asked = source.asked();
      return still > 3;
    });
    source.say('two');
    expect(feed.now().rings.log).toHaveLength(2);
    const back = reading(port, lastId);
    await until('the state', () => back.events.length > 0);
    expect(back.events[0]?.kind).toBe('snapshot');
    expect(linesOf(back.events)).toEqual(['one', 'two']);
  });
});

describe('the page of the console', () => {
  test('comes with a policy that names no other origin, and may be framed, kept and referred to by nobody', async () => {
    const { port } = await serve();
    for (const path of ['/', '/page.js', '/api/state', '/nothing']) {
      const { headers } = await askConsole(port, { path });
      const policy = String(headers['content-security-policy']);
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).not.toMatch(/https?:|\*|unsafe|[a-z0-9-]+\.[a-z]{2,}/);
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(await askConsole(port, { path: '/' })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    expect(await askConsole(port, { path: '/page.js' })).toMatchObject({ status: 200, text: 'export {};' });
  });

  test('is what lies in its folder, and no path leads out of it', async () => {
    const { port } = await serve();
    for (const path of [
      ...['/../secret.html', '/%2e%2e/secret.html', '/..%2fsecret.html', '//secret.html', '/secret.html'],
      ...['/page.js.map', '/index.html%00.js', '/page.js/', '/./../secret.html'],
    ]) {
      const { status, text } = await askConsole(port, { path });
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('not of the page');
    }
  });

  test('that is not built says how to build it, and the state is there all the same', async () => {
    const { port } = await serve({ page: consoleFiles(join(folder, 'absent')) });
    expect(await askConsole(port, { path: '/' })).toMatchObject({
      status: 503,
      text: expect.stringContaining('npm run build'),
    });
    expect((await askConsole(port, { path: '/api/state' })).status).toBe(200);
  });
});

describe('visitors of the console', () => {
  test('who name the address that was printed are answered, by any of its names', async () => {
    const { port } = await serve();
    for (const host of ['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST', '127.0.0.2']) {
      const { status } = await askConsole(port, {
        path: '/api/state',
        headers: { host: `${host}:${port}`, origin: `http://${host}:${port}` },
      });
      expect([host, status]).toEqual([host, 200]);
    }
  });

  test('property: who name any other host, or any other port, are not answered', async () => {
    const { port } = await serve();
    const hosts = fc.oneof(
      fc.domain().map((name) => `${name}:${port}`),
      fc
        .constantFrom(
          '127.0.0.1.evil.example',
          'localhost.evil.example',
          'evil.example#',
          '[::2]',
          '0.0.0.0',
          'localhost.',
        )
        .map((name) => `${name}:${port}`),
      fc
        .ipV4()
        .filter((ip) => !ip.startsWith('127.'))
        .map((ip) => `${ip}:${port}`),
      fc
        .integer({ min: 1, max: 65_535 })
        .filter((other) => other !== port)
        .map((other) => `127.0.0.1:${other}`),
      fc.constantFrom('127.0.0.1', `evil@127.0.0.1:${port}`, `127.0.0.1:${port}/evil`, `::1:${port}`),
    );
    await fc.assert(
      fc.asyncProperty(hosts, async (host) => {
        const { status, text } = await askConsole(port, { path: '/api/state', headers: { host } });
        expect(status).toBeGreaterThanOrEqual(400);
        expect(text).not.toContain('BLIND');
      }),
      { numRuns: 40 },
    );
  });

  test('two Host headers, or none, are not answered', async () => {
    const { port } = await serve();
    for (const hosts of [
      `Host: 127.0.0.1:${port}\r\nHost: evil.example\r\n`,
      `Host: 127.0.0.1:${port}\r\nHost: 127.0.0.1:${port}\r\n`,
      '',
    ]) {
      const { socket, heard } = sendRaw(port, `GET /api/state HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`);
      await until('an answer', () => heard().includes('\r\n\r\n'));
      expect(heard()).toMatch(/^HTTP\/1.1 4/);
      expect(heard()).not.toContain('BLIND');
      socket.destroy();
    }
  });

  test('pages of another origin are not answered, whichever it is, and read nothing', async () => {
    const { port } = await serve();
    for (const origin of [
      ...['http://evil.example', `https://127.0.0.1:${port}`, `http://localhost:${port}`, 'null'],
      ...[`http://127.0.0.1:${port + 1}`, 'http://127.0.0.1', `http://127.0.0.1:${port}.evil.example`],
    ])
      expect(await askConsole(port, { path: '/api/state', headers: { origin } })).toMatchObject({
        status: 403,
        text: expect.not.stringContaining('BLIND'),
      });
  });
});

describe('acts of the console', () => {
  test('each is done for its own reason, and answered in a sentence', async () => {
    const { port, done } = await serve();
    for (const name of ['halt', 'cancelAll', 'flatten'])
      expect(await act(port, TOKEN, name)).toMatchObject({
        status: 200,
        text: JSON.stringify({ ok: true, text: `${name} is done` }),
      });
    await act(port, TOKEN, 'cap', { name: 'openOrdersMax', value: 2 });
    expect(done).toEqual([
      'halt: the test says so',
      'cancelAll: the test says so',
      'flatten: the test says so',
      'cap openOrdersMax 2: the test says so',
    ]);
  });

  test('one that the lane refuses says why', async () => {
    const { port } = await serve();
    expect(await act(port, TOKEN, 'resume')).toMatchObject({
      status: 409,
      text: JSON.stringify({ ok: false, text: 'it would halt again at once' }),
    });
  });

  test('property: none is done without the token, whole and as Bearer', async () => {
    const { port, done } = await serve();
    const wrong = fc
      .oneof(
        fc
          .string({ maxLength: 60, unit: fc.constantFrom(...'abcdef0123456789 ') })
          .map((text) => `Bearer ${text}`),
        fc.nat({ max: TOKEN.length - 1 }).map((length) => `Bearer ${TOKEN.slice(0, length)}`),
        fc.constantFrom(TOKEN, `bearer ${TOKEN}`, `Bearer ${TOKEN}0`, `Basic ${TOKEN}`, ''),
      )
      .filter((text) => text !== `Bearer ${TOKEN}`);
    await fc.assert(
      fc.asyncProperty(wrong, fc.constantFrom(...ACTS), async (authorization, name) => {
        const { status } = await askConsole(port, {
          path: `/api/acts/${name}`,
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization },
          body: JSON.stringify({ reason: 'x', confirm: name, name: 'openOrdersMax', value: 1 }),
        });
        expect(status).toBe(401);
      }),
      { numRuns: 40 },
    );
    expect(done).toEqual([]);
  });

  test('none is done by another method, type, name, confirmation or body', async () => {
    const { port, done } = await serve();
    const authorization = `Bearer ${TOKEN}`;
    const type = { 'content-type': 'application/json' };
    const good = { reason: 'x', confirm: 'halt' };
    const ask = async (
      method: string,
      path: string,
      headers: Readonly<Record<string, string>>,
      body: unknown,
    ): Promise<number> => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const given = method === 'GET' ? {} : { body: text };
      return (await askConsole(port, { path, method, headers: { authorization, ...headers }, ...given }))
        .status;
    };
    expect(await ask('GET', '/api/acts/halt', type, good)).toBe(404);
    expect(await ask('PUT', '/api/acts/halt', type, good)).toBe(404);
    expect(await ask('POST', '/api/acts/halt', { 'content-type': 'text/plain' }, good)).toBe(415);
    expect(await ask('POST', '/api/acts/halt', {}, good)).toBe(415);
    expect(await ask('POST', '/api/acts/sell', type, { ...good, confirm: 'sell' })).toBe(404);
    expect(await ask('POST', '/api/acts/constructor', type, { ...good, confirm: 'constructor' })).toBe(404);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, confirm: 'flatten' })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { reason: 'x' })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, confirm: true })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, reason: '  ' })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, reason: 'x'.repeat(501) })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, more: 1 })).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, '{"reason":')).toBe(400);
    expect(await ask('POST', '/api/acts/cap', type, { ...good, confirm: 'cap' })).toBe(400);
    expect(
      await ask('POST', '/api/acts/cap', type, { ...good, confirm: 'cap', name: 'openOrdersMax', value: -1 }),
    ).toBe(400);
    expect(await ask('POST', '/api/acts/halt', type, { ...good, reason: 'x'.repeat(9_000) })).toBe(413);
    expect(done.length).toBe(0);
  });

  test('one that this lane does not offer is not there', async () => {
    const { port } = await serve({ acts: () => ({}) });
    expect((await act(port, TOKEN, 'halt')).status).toBe(404);
  });
});

describe('reading the console', () => {
  test('a decision is found by its number; one that is not kept says where it is', async () => {
    const { port } = await serve();
    expect(JSON.parse((await askConsole(port, { path: '/api/decisions/7' })).text)).toEqual({
      id: 7,
      why: 'because',
    });
    expect(await askConsole(port, { path: '/api/decisions/8' })).toMatchObject({
      status: 404,
      text: expect.stringContaining('decisions.ndjson'),
    });
    for (const id of ['-1', 'x', '1e3', '9'.repeat(40)])
      expect((await askConsole(port, { path: `/api/decisions/${id}` })).status).toBe(404);
  });

  test('whether a token is good is told to whoever asks, so that a page can say that its own is of another run', async () => {
    const { port } = await serve({ tokenForReading: true });
    const told = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
      const { status, text } = await askConsole(port, { path: '/api/token', headers });
      return [status, JSON.parse(text)];
    };
    expect(await told({ authorization: `Bearer ${TOKEN}` })).toEqual([200, { good: true }]);
    expect(await told({ authorization: `Bearer ${TOKEN.replace(/.$/, 'x')}` })).toEqual([
      200,
      { good: false },
    ]);
    expect(await told({})).toEqual([200, { good: false }]);
  });

  test('where the token is needed for it, nothing of the run is told without, and the page itself is', async () => {
    const { port } = await serve({ tokenForReading: true });
    for (const path of ['/api/state', '/api/decisions/7', '/api/events'])
      expect(await askConsole(port, { path })).toMatchObject({
        status: 401,
        text: expect.not.stringContaining('BLIND'),
      });
    expect((await askConsole(port, { path: '/' })).status).toBe(200);
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await askConsole(port, { path: '/api/state', headers })).status).toBe(200);
    expect(await reading(port, undefined, headers).status).toBe(200);
  });

  test('a new reader gets the whole state, then each change, in order', async () => {
    const { port, source } = await serve();
    source.say('before');
    const reader = reading(port);
    await until('a snapshot', () => reader.events.length > 0);
    for (const text of ['a', 'b', 'c']) {
      const before = reader.events.length;
      source.say(text);
      await until('its patch', () => reader.events.length > before);
    }
    expect(reader.events[0]?.kind).toBe('snapshot');
    expect(linesOf(reader.events)).toEqual(['before', 'a', 'b', 'c']);
  });

  test('who comes back with his last id gets what he missed and nothing else', async () => {
    const { port, source } = await serve();
    const first = reading(port);
    await until('a snapshot', () => first.events.length > 0);
    source.say('a');
    await until('a', () => first.events.length > 1);
    const had = stateOf(first.events);
    const lastId = first.events.at(-1)?.id;
    first.close();
    const other = reading(port);
    source.say('b');
    await until('b', () => other.events.length > 0 && linesOf(other.events).length === 2);
    source.say('c');
    const back = reading(port, lastId);
    await until('b and c', () => back.events.length > 0 && linesOf(back.events, had).length === 3);
    expect(back.events.every(({ kind }) => kind === 'patch')).toBe(true);
    expect(linesOf(back.events, had)).toEqual(['a', 'b', 'c']);
  });

  test('who comes back too late, from another run or with any other id gets the whole state', async () => {
    const { port, source, feed } = await serve({}, { patches: 3 });
    const first = reading(port);
    await until('a snapshot', () => first.events.length > 0);
    const old = first.events[0]?.id ?? '';
    const [epoch] = old.split('.');
    for (let i = 0; i < 6; i++) {
      const before = first.events.length;
      source.say(`line ${i}`);
      await until('its patch', () => first.events.length > before);
    }
    const ids = [old, 'ffffffff.6', `${epoch}.9999`, `${epoch}.-1`, `${epoch}.`, '6', 'x'.repeat(500)];
    for (const id of ids) {
      const reader = reading(port, id);
      await until('an event', () => reader.events.length > 0);
      expect([id, reader.events[0]?.kind]).toEqual([id, 'snapshot']);
      expect(linesOf(reader.events)).toHaveLength(6);
    }
    const last = first.events.at(-1)?.id ?? '';
    feed.jumped();
    const after = reading(port, last);
    await until('an event', () => after.events.length > 0);
    expect(after.events[0]?.kind).toBe('snapshot');
  });

  test('every reader has the same state in the end, whenever he came', async () => {
    const { port, source } = await serve({}, { patches: 4 });
    const readers: EventReader[] = [];
    for (let i = 0; i < 30; i++) {
      if (i % 5 === 0) readers.push(reading(port));
      source.say(`line ${i}`);
      if (i % 3 === 0) await until('a turn', () => source.asked() > i);
    }
    await until('all that was said', () => source.snapshot().rings.log.length === 30);
    const truth = JSON.stringify(source.snapshot());
    await until('all of it', () =>
      readers.every(({ events }) => events.length > 0 && JSON.stringify(stateOf(events)) === truth),
    );
    for (const { events } of readers) expect(events[0]?.kind).toBe('snapshot');
  });

  test('without news a beat says which patch was the last', async () => {
    const { port, source } = await serve({}, { aliveMs: 20 });
    source.say('a');
    const reader = reading(port);
    await until('a beat', () => reader.events.some(({ kind }) => kind === 'beat'));
    expect(reader.events.find(({ kind }) => kind === 'beat')).toMatchObject({
      id: undefined,
      data: { patch: 1 },
    });
  });

  test('who does not read is dropped, and holds up nobody', async () => {
    const { port, source, feed } = await serve({}, { stallMs: 50, bytes: 2 ** 20 });
    const asleep = sendRaw(port, `GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    asleep.socket.pause();
    const awake = reading(port);
    let said = 0;
    await until('the sleeper to be dropped', () => {
      source.say(`${said++} ${'x'.repeat(500_000)}`);
      return feed.dropped() > 0;
    });
    source.say('the last');
    await until(
      'the last line',
      () => awake.events.length > 0 && linesOf(awake.events).at(-1) === 'the last',
    );
    expect(feed.dropped()).toBe(1);
    expect(awake.ended()).toBe(false);
    asleep.socket.destroy();
  });

  test('while nobody reads, nothing is asked of the lane', async () => {
    const { source, port } = await serve();
    source.say('a');
    await askConsole(port, { path: '/' });
    expect(source.asked()).toBe(0);
  });
});

describe('bounds of the console', () => {
  test('no more pages read than may, and one that leaves makes room', async () => {
    const { port } = await serve({ mostReaders: 2 });
    const [one, two] = [reading(port), reading(port)];
    expect([await one.status, await two.status]).toEqual([200, 200]);
    const third = reading(port);
    expect(await third.status).toBe(503);
    one.close();
    await until('room', async () => {
      const again = reading(port);
      return (await again.status) === 200;
    });
  });

  test('who opens connections without end or sends without end is cut, and acts still come through', async () => {
    const { port, done } = await serve({ mostConnections: 6, requestMs: 60 });
    const idle = Array.from({ length: 12 }, () =>
      sendRaw(port, `POST /api/acts/halt HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 100\r\n`),
    );
    await until('all of them to be ended', () => idle.every(({ socket }) => socket.destroyed));
    expect((await act(port, TOKEN, 'halt')).status).toBe(200);
    expect(done).toHaveLength(1);
    const large = sendRaw(
      port,
      `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    );
    await until('an answer', () => large.heard().length > 0);
    expect(large.heard()).toMatch(/^HTTP\/1.1 431/);
    large.socket.destroy();
  });

  test('its end ends every reader', async () => {
    const { port, close } = await serve();
    const reader = reading(port);
    await until('a snapshot', () => reader.events.length > 0);
    await close();
    await until('the end', () => reader.ended());
    expect(reader.ended()).toBe(true);
  });
});

describe('a console on another address', () => {
  test('is asked for by its number or its own name, never by a name that others give', async () => {
    const { port } = await serve({ host: '0.0.0.0', tokenForReading: true });
    const headers = { authorization: `Bearer ${TOKEN}` };
    const statusOf = async (host: string): Promise<number> =>
      (await askConsole(port, { path: '/api/state', headers: { ...headers, host: `${host}:${port}` } }))
        .status;
    expect(await statusOf('192.0.2.7')).toBe(200);
    expect(await statusOf('[2001:db8::1]')).toBe(200);
    expect(await statusOf('evil.example')).toBe(403);
  });
});

afterAll(() => {
  expect(globalThis.Request.name).toBe('Request');
});
