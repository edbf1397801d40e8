import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NEVER, Subject } from 'rxjs';
import { paper } from '../dist/pipelines/lanes/paper.js';
import { loadBackbone } from '../dist/pipelines/load/load-backbone.js';
import { demoSettings } from '../dist/src/config/demo-settings.js';
import { backboneForecaster } from '../dist/src/forecast/serve/forecaster.js';
import { flags } from './flags.mjs';
import { openSender } from './open-sender.mjs';
import { processWatch } from './process-watch.mjs';
import { median } from './quantiles.mjs';
import { slope, slopeError } from './slope.mjs';

const MEGABYTE = 1 << 20;
const SAMPLE_MS = 1_000;
/** The first fifth is warming: two minutes of ten. */
const WARM_SHARE = 0.2;
const COLLECTIONS = 24;
/** Less than the silence after which a feed dials again. */
const ARRIVE_MS = 3_000;
const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/**
 * One paper session over the sender's sockets for `seconds`, with tape and log; `everySecond` sees it, `tap`
 * each event.
 */
async function session({ rate, speed, strikes, seconds, tap = () => {}, everySecond }) {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-bench-'));
  const sender = await openSender({ settings: demoSettings, rate, speed, strikes, seconds });
  try {
    const { settings, edge, key, history, density } = sender;
    const forecaster = backboneForecaster(loadBackbone());
    const stop$ = new Subject();
    let over = false;
    let frozen = false;
    const ending = paper({
      settings,
      forecasterOf: () => forecaster,
      edge,
      key,
      venues: 'emulated',
      history,
      name: 'bench',
      record: join(folder, 'tapes'),
      out: join(folder, 'out'),
      command$: NEVER,
      tap: ({ event }) => {
        if (!frozen) tap(event, edge);
      },
      stop$,
    });
    const ended = ending.finally(() => {
      over = true;
    });
    const from = performance.now();
    for (let tick = 1; performance.now() < from + seconds * 1000 && !over; tick++) {
      await Promise.race([wait(from + tick * SAMPLE_MS - performance.now()), ended]);
      everySecond((performance.now() - from) / 1000);
    }
    const { sent } = await sender.freeze();
    frozen = true;
    // What is under way is to arrive, and be decided, before the lane ends; nothing slows the consumer any
    // more.
    await Promise.race([wait(ARRIVE_MS), ended]);
    stop$.next();
    return { summary: await ended, sent, density };
  } finally {
    await sender.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Resident set each second and the live heap after forced collections, with least-squares slopes over what
 * follows the warming.
 */
async function steady(options) {
  const { seconds } = options;
  const resident = [];
  const kept = [];
  const warmUntil = seconds * WARM_SHARE;
  let collectAt = warmUntil;
  let watched;
  let cost;
  const { summary, sent, density } = await session({
    ...options,
    everySecond: (at) => {
      resident.push({ x: at / 60, y: process.memoryUsage.rss() / MEGABYTE });
      if (at < warmUntil) return;
      watched ??= processWatch();
      if (at >= seconds - 1) cost ??= watched.read();
      if (!globalThis.gc || at < collectAt) return;
      collectAt += (seconds * (1 - WARM_SHARE)) / COLLECTIONS;
      watched.aside(() => globalThis.gc());
      kept.push({ x: at / 60, y: process.memoryUsage().heapUsed / MEGABYTE });
    },
  });
  const said = sent.kraken.frames + sent.kalshi.frames;
  const shed = sum(summary.shedFrames);
  const { recorded, kraken, kalshi, connections } = summary;
  const closed = connections.kraken.closed + connections.kalshi.closed;
  if (
    summary.frames !== said ||
    shed + recorded.lostFrames + kraken.checksumsFailed + kalshi.sequenceGaps + closed > 0
  )
    throw new Error(
      `soak: all ${said} frames must reach the graph, none shed, lost or broken, was ${JSON.stringify(summary)}`,
    );
  const late = resident.filter(({ x }) => x * 60 >= warmUntil);
  return {
    density,
    framesPerSecond: Math.round(said / seconds),
    framesSent: said,
    frames: summary.frames,
    framesShed: shed,
    framesLost: recorded.lostFrames,
    decisions: summary.decisions.approved + summary.decisions.abstained,
    approved: summary.decisions.approved,
    orders: summary.orders,
    fills: summary.fills,
    outcomes: summary.outcomes,
    mostQueuedFrames: summary.mostQueuedFrames,
    rssMegabytes: {
      least: Math.round(Math.min(...late.map(({ y }) => y))),
      median: Math.round(median(late.map(({ y }) => y))),
      most: Math.round(Math.max(...late.map(({ y }) => y))),
    },
    rssSlopeMegabytesPerMinute: round(slope(late)),
    ...(kept.length > 2 && {
      heapAfterCollectionMegabytes: kept.map(({ y }) => round(y, 1)),
      heapSlopeMegabytesPerMinute: round(slope(kept), 3),
      heapSlopeStandardError: round(slopeError(kept), 3),
    }),
    cost,
  };
}

/**
 * The same lane with a consumer that takes `burn` milliseconds for each change of a book, which is more than
 * there is time for.
 */
async function overloaded({ burn, ...options }) {
  const resident = [];
  const lags = [];
  let seen = 0;
  const { summary, sent } = await session({
    ...options,
    tap: (event, { stamp }) => {
      if (event.kind !== 'krakenBookChecked' && event.kind !== 'contractBook') return;
      // By how much what is decided on is behind the market, in wall time.
      if (++seen % 50 === 0) lags.push((stamp() - event.receivedAt) / 1000 / options.speed);
      for (const from = performance.now(); performance.now() - from < burn; );
    },
    everySecond: () => resident.push(process.memoryUsage.rss() / MEGABYTE),
  });
  const said = sent.kraken.frames + sent.kalshi.frames;
  const shed = sum(summary.shedFrames);
  const { kraken, kalshi } = summary.connections;
  const connectionsLost = kraken.closed + kalshi.closed;
  // What a lost connection still held is told by nobody's count.
  if (shed === 0 || (connectionsLost === 0 && summary.frames + shed !== said))
    throw new Error(
      `soak: a slow consumer must be shed for, and frames decided and shed be those sent, ${said}, was ${JSON.stringify(summary)}`,
    );
  lags.sort((a, b) => a - b);
  return {
    burnMs: burn,
    seconds: options.seconds,
    framesSent: said,
    framesToGraph: summary.frames,
    framesShed: shed,
    shedShare: round(shed / said, 3),
    sheddings: kraken.shed + kalshi.shed,
    resyncs: kraken.resyncs + kalshi.resyncs,
    connectionsLost,
    mostQueuedFrames: summary.mostQueuedFrames,
    lagMs: { p50: Math.round(median(lags)), most: Math.round(lags.at(-1)) },
    rssMostMegabytes: Math.round(Math.max(...resident)),
  };
}

/**
 * The whole paper graph over sockets for minutes, then one that is too slow: does it grow, and does it stay
 * bounded?
 */
export async function soak() {
  const { rate, seconds, speed, strikes, slow, burn } = flags({
    rate: 2_000,
    seconds: 600,
    speed: 6,
    strikes: 20,
    /** Seconds of the second phase, and milliseconds that its consumer takes for each change of a book. */
    slow: 60,
    burn: 1,
  });
  const market = { rate, speed, strikes };
  return {
    name: 'Paper lane over sockets for minutes, then with a slow consumer',
    asked: { framesPerSecond: rate, seconds, speed, strikes },
    steady: await steady({ ...market, seconds }),
    overloaded: await overloaded({ ...market, seconds: slow, burn }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await soak(), undefined, 2));
