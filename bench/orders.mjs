import { fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastValueFrom, merge, Observable, Subject } from 'rxjs';
import { liveEdge } from '../dist/pipelines/edges/edge.js';
import { loadBackbone } from '../dist/pipelines/load/load-backbone.js';
import { liveControl } from '../dist/pipelines/run/live-control.js';
import { openLiveEdge } from '../dist/pipelines/run/live-edge.js';
import { runLane } from '../dist/pipelines/run/run-lane.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { count } from '../dist/src/domain/money.js';
import { HOUR, MILLISECOND, MINUTE, SECOND } from '../dist/src/domain/time.js';
import { guard } from '../dist/src/execution/guard/guard.js';
import { openJournal } from '../dist/src/execution/journal/journal.js';
import { createCall } from '../dist/src/execution/kalshi/create-call.js';
import { kalshiGateway } from '../dist/src/execution/kalshi/kalshi-gateway.js';
import { orderEntry } from '../dist/src/execution/kalshi/order-entry.js';
import { orderGroups } from '../dist/src/execution/kalshi/order-groups.js';
import { orderHolds } from '../dist/src/execution/kalshi/order-holds.js';
import { sendGate } from '../dist/src/execution/kalshi/send-gate.js';
import { venueWrites } from '../dist/src/execution/kalshi/venue-writes.js';
import { backboneForecaster } from '../dist/src/forecast/serve/forecaster.js';
import { discreetHttp } from '../dist/src/transport/discreet-http.js';
import { readyHttp } from '../dist/src/transport/ready-http.js';
import { kalshiRest } from '../dist/src/venues/kalshi/rest.js';
import { kalshiSigner } from '../dist/src/venues/kalshi/sign.js';
import { signedAhead } from '../dist/src/venues/kalshi/signed-ahead.js';
import { quantiles } from './quantiles.mjs';
import { unsyncedJournal } from './unsynced-journal.mjs';

/** Orders of each way that are counted, and those before them, which warm the compiler. */
const COUNTED = 1_000;
const WARM = 60;
/** Each way is taken for so many orders in turn, so that a busy minute slows all. */
const TURN = 25;
const APPENDS = 2_000;
const SIGNATURES = 500;
const POSTS = 300;
/** What the forecast's longest window needs. */
const HISTORY_MINUTES = 10_140;
const FIRST_DOLLARS = 80_000;
const NO_LIMIT = 1_000_000_000;
/** How orders are journalled and sent: as the lane does, and as it would by the platform's fetch. */
const WAYS = {
  'with fsync': { journal: 'with fsync', sent: 'lane' },
  'without fsync': { journal: 'without fsync', sent: 'lane' },
  'without fsync, signed at once and sent by fetch': { journal: 'without fsync', sent: 'fetch' },
};
/** The body of an order, with which its bytes end. */
const ID = /"client_order_id":"([^"]+)"/;

const settingsOf = (port) =>
  settingsSchema.parse({
    label: 'bench',
    kalshi: { wsUrl: `ws://127.0.0.1:${port}`, restUrl: `http://127.0.0.1:${port}/trade-api/v2` },
    pricing: {
      edge: { blend: { marketWeight: 0, modelWeight: 1, modelWeightError: 0 } },
      sizing: { kellyFraction: 0.2, maxOrderCount: 500 },
    },
    // The desk is to send as often as it may: it evaluates a contract ten times a second.
    risk: {
      edgeMinDollars: 0,
      edgeErrorMultiple: 0,
      orderCooldownMicros: 0,
      orderRateMax: NO_LIMIT,
      ordersOpenMax: 100,
    },
    execution: { orders: 'venue', desk: { startingDollars: 100_000 } },
    emulator: { spanMinutes: 240, strikes: 10, historyMinutes: 20 },
  });

/** Tells when the bytes of each order have been given to the kernel: the end of `write` of its socket. */
function watchWrites(written) {
  const { _writeGeneric } = Socket.prototype;
  Socket.prototype._writeGeneric = function watched(writev, data, encoding, done) {
    const result = _writeGeneric.call(this, writev, data, encoding, done);
    const at = performance.now();
    // Of many pieces each is a buffer, or an object that holds one.
    for (const piece of writev ? data : [data]) {
      const chunk = piece.chunk ?? piece;
      const found = ID.exec(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'));
      if (found) written(found[1], at);
    }
    return result;
  };
  return () => {
    Socket.prototype._writeGeneric = _writeGeneric;
  };
}

const shown = (micros) => {
  const rounded = quantiles(Float64Array.from(micros));
  for (const key of Object.keys(rounded)) rounded[key] = Math.round(rounded[key] * 10) / 10;
  return rounded;
};

/** A week of made-up minutes that end at the market's first price, with which the forecast is warm. */
function barsBefore(at) {
  const bars = [];
  let seed = 7;
  const random = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let close = FIRST_DOLLARS;
  for (let openAt = at - MINUTE; bars.length < HISTORY_MINUTES; openAt -= MINUTE) {
    const open = close * (1 + (random() - 0.5) * 0.001);
    bars.push({
      openAt,
      open,
      close,
      high: Math.max(open, close) + 5 * random(),
      low: Math.min(open, close) - 5 * random(),
      volume: 1,
      flag: 0,
    });
    close = open;
  }
  return bars.reverse();
}

/** Microseconds of one append of an order's intent, alone, the two journals in turns. */
function appendsOf(journals) {
  const taken = Object.fromEntries(Object.keys(journals).map((name) => [name, []]));
  for (let i = 0; i < APPENDS; i++)
    for (const [name, journal] of Object.entries(journals)) {
      const body = {
        action: 'place',
        clientOrderId: `append-${i}`,
        ticker: 'KXBTCD-26JUN0110-T100000',
        exchangeIndex: 2,
        side: 'bid',
        limitTicks: 5_100,
        count: 500,
        decisionId: i,
        groupId: 'group-1',
      };
      const from = performance.now();
      journal.append([{ at: 1_780_000_000_000_000 + i, kind: 'intent', body }]);
      taken[name].push((performance.now() - from) * 1_000);
    }
  return taken;
}

function openVenue() {
  const child = fork(fileURLToPath(new URL('orders-venue.mjs', import.meta.url)), { execArgv: [] });
  const { emulator, assets } = settingsOf(1);
  child.send({ emulator, assets });
  return new Promise((resolve, reject) => {
    child.once('message', ({ port }) =>
      resolve({ port, close: () => child.connected && child.disconnect() }),
    );
    child.once('exit', (code) => reject(new Error(`orders: the venue must run on, was exit code ${code}`)));
  });
}

/**
 * One live session: frames from a socket, the lane's edge, graph, control, gate, groups, journal and order
 * entry, and requests to the venue's HTTP. The next frame is asked for when the one before has passed the
 * whole graph. Calls `told` with the times of each order, in milliseconds.
 */
async function session({ port, journals, signer, told }) {
  const settings = settingsOf(port);
  const ways = Object.keys(WAYS);
  const wanted = ways.length * (WARM + COUNTED);
  const real = liveEdge();
  // A busy machine lets this process stand still now and then, which is no reason for a new session here.
  const { schedule, now } = real.clock;
  const clock = {
    now,
    schedule,
    get at() {
      return real.clock.at;
    },
  };
  const edge = { ...real, clock };
  let stampAt = Date.parse(settings.emulator.startAt) * MILLISECOND;
  const stamp = () => stampAt;
  let sent = 0;
  let way = ways[0];
  let receivedMs = 0;
  let asking = false;
  let inFrame = 0;
  let ask = () => {};
  const open = new Map();
  const refusals = [];
  const stop$ = new Subject();

  const journal = {
    append: (entries) => {
      const from = performance.now();
      journals[WAYS[way].journal].append(entries);
      const [{ kind, body }] = entries;
      if (kind !== 'intent') return;
      open.get(body.clientOrderId).journalMs = performance.now() - from;
    },
  };
  const ready = readyHttp({ ...createCall(settings.kalshi), ...edge });
  const ahead = signedAhead(signer, { ...createCall(settings.kalshi), ...edge });
  const writes = {
    lane: venueWrites(discreetHttp(ready.http), ahead, settings.kalshi),
    fetch: venueWrites(edge.http, signer, settings.kalshi),
  };
  const entry = orderEntry({
    writes: { call: (...call) => writes[WAYS[way].sent].call(...call) },
    clock: edge.clock,
  });
  entry.useLimits({ ratePerSecond: NO_LIMIT, capacity: NO_LIMIT });
  const groups = orderGroups(
    {
      entry,
      rest: kalshiRest({ ...edge, signer }, settings.kalshi),
      clock: edge.clock,
      stamp,
      halted: () => false,
      stays: () => false,
    },
    { limit: count(100_000), reachMicros: HOUR },
  );
  const caps = {
    orderContractsMax: NO_LIMIT,
    openOrdersMax: NO_LIMIT,
    ordersPerMinuteMax: NO_LIMIT,
    dollarsPerDayMax: NO_LIMIT,
    dayLossMaxDollars: NO_LIMIT,
    drawdownMaxDollars: NO_LIMIT,
    rejectsPerMinuteMax: NO_LIMIT,
    unknownMaxMicros: NO_LIMIT,
    feedPatienceMicros: NO_LIMIT,
    forecastPatienceMicros: NO_LIMIT,
  };
  const gate = sendGate(caps, { mode: 'ARMED', at: stampAt, by: 'the operator', reason: 'bench' });
  const holds = orderHolds();
  const gateway = kalshiGateway({
    entry,
    clock: edge.clock,
    gate,
    holds,
    groups,
    journal,
    stamp,
    restMaxMicros: 5 * SECOND,
  });
  const control = liveControl({
    gate,
    guard: guard({
      settings: caps,
      assets: settings.assets.map(({ name }) => name),
      clockOffsetMaxMicros: SECOND,
      peakDollars: undefined,
    }),
    journal,
    caps,
    stamp,
    cancelAll: async () => ({ kind: 'clear' }),
    outside: { path: '', read: () => undefined },
    watched: () => true,
    resumed: () => {},
  });
  const feed = () =>
    new Observable((to) =>
      edge.dial({ url: settings.kalshi.wsUrl, headers: {} }).subscribe((event) => {
        if (event.kind === 'opened') {
          ask = () => event.send('next');
          ask();
        } else if (event.kind === 'text') {
          receivedMs = performance.now();
          inFrame = 0;
          const [at, venue] = event.text.split('\t', 2);
          stampAt = Number(at);
          gate.alive(stampAt);
          asking = true;
          to.next({
            kind: 'wire',
            at: stampAt,
            venue,
            text: event.text.slice(at.length + venue.length + 2),
          });
        } else stop$.next();
      }),
    );
  const lane = openLiveEdge({
    name: 'bench',
    settings,
    feeds: [feed],
    own$: merge(control.command$, gateway.request$),
    clock: edge.clock,
    stamp,
    history: [{ asset: settings.assets[0].name, bars: barsBefore(stampAt) }],
    record: undefined,
    mostQueued: 100_000,
    mostBehindMs: 5_000,
    tickMs: 10,
    stop$,
  });
  const forecaster = backboneForecaster(loadBackbone());
  const out = mkdtempSync(join(tmpdir(), 'orders-'));
  const unwatch = watchWrites((id, at) => {
    const order = open.get(id);
    if (!order) return;
    open.delete(id);
    told({ ...order, writtenMs: at });
    if (++sent % TURN === 0) way = ways[(sent / TURN) % ways.length];
    if (sent === wanted) stop$.next();
  });

  try {
    control.begin();
    await runLane(
      {
        batches: lane.batches(),
        startAt: lane.startAt,
        settings,
        forecasterOf: () => forecaster,
        orders: gateway,
        out,
        sinceMs: performance.now(),
        tap: (audited) => {
          const { event } = audited;
          control.heard(audited);
          gateway.heard(event);
          groups.heard(event);
          lane.receive(event);
          if (event.kind === 'orderSent')
            open.set(event.order.clientOrderId, {
              way,
              first: inFrame++ === 0,
              receivedMs,
              decidedMs: performance.now(),
            });
          if (event.kind === 'orderRejected') refusals.push(event.why);
        },
        afterBatch: () => {
          control.flush();
          if (!asking) return;
          asking = false;
          // Requests leave before the next frame is asked for, as they do between two frames of a market.
          setImmediate(() => ask());
        },
      },
      () => ({}),
    );
  } finally {
    unwatch();
    ready.close();
    ahead.close();
    groups.close();
    gateway.close();
    await lane.close();
    rmSync(out, { recursive: true, force: true });
  }
  if (sent < wanted)
    throw new Error(
      `orders: ${wanted} orders must leave, was ${sent}; ${refusals.length} were kept back, the last: ${refusals.at(-1)}`,
    );
  return { ways, withheld: refusals.length };
}

/** Microseconds of one signature of a request, by kind of key, in turns. */
function signaturesOf(signers) {
  const taken = Object.fromEntries(Object.keys(signers).map((name) => [name, []]));
  for (let i = 0; i < SIGNATURES; i++)
    for (const [name, signer] of Object.entries(signers)) {
      const from = performance.now();
      signer.headers('POST', '/trade-api/v2/portfolio/events/orders');
      taken[name].push((performance.now() - from) * 1_000);
    }
  return taken;
}

/** Microseconds from a call to its bytes, alone and in turns: what a machine needs at least. */
async function postsOf(port) {
  const edge = liveEdge();
  const call = createCall(settingsOf(port).kalshi);
  const ready = readyHttp({ ...call, ...edge });
  const agent = new Agent({ keepAlive: true });
  const ways = {
    'a connection opened ahead': (request) => lastValueFrom(ready.http(request)),
    'node:http, kept alive': ({ url, method, headers, body }) =>
      new Promise((resolve) => {
        httpRequest(url, { method, headers, agent }, (answer) => answer.resume().on('end', resolve)).end(
          body,
        );
      }),
    fetch: (request) => lastValueFrom(edge.http(request)),
  };
  const taken = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  let writtenMs = 0;
  const unwatch = watchWrites((_, at) => {
    writtenMs = at;
  });
  try {
    for (let i = 0; i < POSTS; i++)
      for (const [name, post] of Object.entries(ways)) {
        while (ready.waiting() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        const body = JSON.stringify({ client_order_id: `post-${i}`, ticker: 'KXBTCD-26JUN0110-T100000' });
        const headers = { 'content-type': 'application/json' };
        const from = performance.now();
        await post({ ...call, headers, body, timeoutMs: 5_000 });
        taken[name].push((writtenMs - from) * 1_000);
      }
  } finally {
    unwatch();
    ready.close();
    agent.destroy();
  }
  return taken;
}

const signerOf = (type, options) =>
  kalshiSigner(
    { kind: 'key', keyId: 'bench', type, privateKey: generateKeyPairSync(type, options).privateKey },
    Date.now,
  );

/** The spans of an order's way, in milliseconds. */
const SPANS = {
  'frame to bytes': ({ receivedMs, writtenMs }) => writtenMs - receivedMs,
  '… frame to decision': ({ receivedMs, decidedMs }) => decidedMs - receivedMs,
  '… intent in the journal': ({ journalMs }) => journalMs,
  '… the rest': ({ decidedMs, writtenMs, journalMs }) => writtenMs - decidedMs - journalMs,
};

/**
 * Microseconds from the receipt of a market frame to the bytes of an order that it led to, with and without
 * the journal's fsync, and what a signature and an append cost alone.
 */
export async function orders() {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  const venue = await openVenue();
  const journals = {
    'with fsync': openJournal(join(folder, 'synced.db')),
    'without fsync': unsyncedJournal(join(folder, 'unsynced.db')),
  };
  const signers = {
    'RSA 2048': signerOf('rsa', { modulusLength: 2_048 }),
    Ed25519: signerOf('ed25519', {}),
  };
  try {
    const taken = Object.fromEntries(Object.keys(WAYS).map((way) => [way, []]));
    const { withheld } = await session({
      port: venue.port,
      journals,
      signer: signers['RSA 2048'],
      told: (order) => taken[order.way].push(order),
    });
    const micros = {};
    for (const [way, told] of Object.entries(taken)) {
      const counted = told.slice(WARM);
      const first = counted.filter((order) => order.first);
      for (const [name, span] of Object.entries(SPANS)) {
        micros[`${name}, ${way}`] = shown(counted.map((order) => span(order) * 1_000));
        micros[`${name}, ${way}, first order of its frame`] = shown(
          first.map((order) => span(order) * 1_000),
        );
      }
    }
    for (const [name, values] of Object.entries(appendsOf(journals)))
      micros[`one append alone, ${name}`] = shown(values);
    for (const [name, values] of Object.entries(await postsOf(venue.port)))
      micros[`one POST alone, ${name}`] = shown(values);
    for (const [name, values] of Object.entries(signaturesOf(signers)))
      micros[`one signature alone, ${name}`] = shown(values);
    return { name: 'Market frame to order on the wire', withheld, micros };
  } finally {
    for (const journal of Object.values(journals)) journal.close();
    venue.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
