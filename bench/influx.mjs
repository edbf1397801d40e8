import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openInflux } from '../dist/src/telemetry/open-influx.js';
import { telemetrySettings } from '../dist/src/telemetry/settings.js';
import { flags } from './flags.mjs';
import { startInfluxd } from './influxd.mjs';
import { processWatch } from './process-watch.mjs';

const { points: POINTS } = flags({ points: 500_000 });
/** Points handed over at a time, as a busy second of a lane would. */
const BURST = 500;
const TAGS = { lane: 'bench', label: 'bench' };

/** A point a decision, a book's fair value, a state of the account and an order's life, in turns. */
const pointAt = (i) => {
  const at = 1_778_716_500_000_000 + i;
  const series = `KX${i % 20}`;
  const ticker = `${series}-26MAY131915-${i % 100}`;
  switch (i % 4) {
    case 0:
      return {
        measurement: 'fair',
        at,
        tags: { series, rank: String((i % 21) - 10) },
        fields: {
          ticker,
          bidTicks: i % 9999,
          askTicks: (i % 9999) + 100,
          fairTicks: i / 7,
          fairErrorTicks: 80.5,
          position: 0,
        },
      };
    case 1:
      return {
        measurement: 'decision',
        at,
        tags: { series, verdict: 'abstained', side: 'bid' },
        fields: {
          id: i,
          ticker,
          bidTicks: 4200,
          askTicks: 4300,
          limitTicks: 4300,
          count: 1000,
          probability: 0.47,
          edgeDollars: i / 1e6,
          failing: 'edge',
        },
      };
    case 2:
      return {
        measurement: 'limit',
        at,
        tags: { name: series },
        fields: { used: i / 3, limit: 1e6, headroom: 1e6 - i / 3 },
      };
    default:
      return {
        measurement: 'order',
        at,
        tags: { series, state: 'sent' },
        fields: { clientOrderId: `v-${i}`, ticker, side: 'bid', limitTicks: 4300, count: 100 },
      };
  }
};

const countOf = async (url, database, measurement, field) => {
  const query = new URLSearchParams({ db: database, q: `SELECT count("${field}") FROM "${measurement}"` });
  const { results } = await (await fetch(`${url}/query?${query}`)).json();
  return results[0].series?.[0].values[0][1] ?? 0;
};

/**
 * Points a second through the lane's own sink to a real influxd, as fast as the sink's bounded queue takes
 * them, and what `write` costs the lane. Checked: every point is in the database, and none was dropped.
 */
export async function influx() {
  const server = await startInfluxd();
  const spillFolder = mkdtempSync(join(tmpdir(), 'voltage-bench-spill-'));
  try {
    const settings = telemetrySettings.parse({ closeMillis: 120_000, requestMillis: 60_000 });
    const told = [];
    const sink = openInflux(`${server.url}/bench`, settings, TAGS, (why) => told.push(why), { spillFolder });
    const watch = processWatch();
    const serverFrom = server.cpuSeconds();
    const from = performance.now();
    let laneMs = 0;
    let mostQueued = 0;
    for (let i = 0; i < POINTS; i += BURST) {
      const points = Array.from({ length: BURST }, (_, k) => pointAt(i + k));
      const began = performance.now();
      sink.write(points);
      laneMs += performance.now() - began;
      mostQueued = Math.max(mostQueued, sink.stats().queued);
      // A lane cannot wait; this one does, so that what is measured is the sink and not its overflow.
      while (sink.stats().queued > settings.queuePoints / 4) await wait(1);
      if (i % (10 * BURST) === 0) await wait(0);
    }
    await sink.close();
    const seconds = (performance.now() - from) / 1000;
    const cost = watch.read();
    const serverSeconds = server.cpuSeconds() - serverFrom;
    const stats = sink.stats();
    const stored = await Promise.all(
      [
        ['fair', 'bidTicks'],
        ['decision', 'id'],
        ['limit', 'used'],
        ['order', 'count'],
      ].map(([name, field]) => countOf(server.url, 'bench', name, field)),
    );
    const total = stored.reduce((sum, count) => sum + count, 0);
    if (total !== POINTS || stats.dropped > 0 || stats.refused > 0)
      throw new Error(
        `influx: ${total} of ${POINTS} points are stored; ${JSON.stringify(stats)}; ${told.join('; ')}`,
      );
    return {
      points: POINTS,
      pointsPerSecond: Math.round(POINTS / seconds),
      /** What `write` takes of the thread that calls it. */
      laneMicrosPerPoint: Math.round((laneMs * 1e5) / POINTS) / 100,
      laneShare: Math.round((laneMs / 1000 / seconds) * 1000) / 1000,
      /** CPU of all threads: of this process, the making of the points included, and of the database. */
      ourMicrosPerPoint: Math.round((cost.cpuSeconds * 1e8) / POINTS) / 100,
      serverMicrosPerPoint: Math.round((serverSeconds * 1e8) / POINTS) / 100,
      mostQueued,
      queueBound: settings.queuePoints,
      retries: stats.retries,
      cost,
    };
  } finally {
    await server.stop();
    rmSync(spillFolder, { recursive: true, force: true });
  }
}
