// Runs the demo's market on many seeds, without sockets, and says how P&L spreads and how right the forecasts were.
// node bench/demo-seeds.mjs [--seeds 24] [--from 1]: a line of JSON for each seed. Needs a build.
import { parseArgs } from 'node:util';
import { openForecasters } from '../dist/pipelines/load/open-forecasters.js';
import { runLane } from '../dist/pipelines/run/run-lane.js';
import { demoSettings, withEmulatedModels } from '../dist/src/config/demo-settings.js';
import { emulatedFrames, emulatedHistory } from '../dist/src/emulator/world/generate.js';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '24' }, from: { type: 'string', default: '1' } },
});
const BATCH = 2_000;
const settings = withEmulatedModels(demoSettings);

/** The frames of a seed, warm-up first, as a generated tape holds them. */
function* batchesOf(emulator, startAt) {
  const history = emulatedHistory(emulator, settings.assets);
  yield [{ kind: 'session', at: startAt, name: emulator.seed, history }];
  let batch = [];
  for (const frame of emulatedFrames(emulator, settings.assets)) {
    batch.push(frame);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function run(seed) {
  const emulator = { ...settings.emulator, seed };
  const startAt = Date.parse(emulator.startAt) * 1_000;
  const forecasters = await openForecasters(settings.assets, {}, startAt);
  const sinceMs = performance.now();
  const { pnlDollars, totalDollars, open, fills, settled, feesDollars, forecastQuality, decisions } =
    await runLane(
      {
        batches: batchesOf(emulator, startAt),
        startAt,
        settings: { ...settings, emulator },
        forecasterOf: forecasters.of,
        orders: 'paper',
        sinceMs,
      },
      () => ({}),
    );
  const banded = forecastQuality.filter(({ coverage }) => coverage !== null);
  const count = banded.reduce((sum, row) => sum + row.count, 0);
  return {
    seed,
    totalDollars: totalDollars ?? null,
    pnlDollars,
    feesDollars,
    open: open.length,
    fills,
    settled,
    approved: decisions.approved,
    forecasts: count,
    coverage: banded.reduce((sum, row) => sum + row.coverage * row.count, 0) / count,
    cpuSeconds: Math.round(process.cpuUsage().user / 1e5) / 10,
  };
}

const last = Number(values.from) + Number(values.seeds);
for (let i = Number(values.from); i < last; i++) {
  const seed = i === 0 ? settings.emulator.seed : `demo-${i}`;
  process.stdout.write(`${JSON.stringify(await run(seed))}\n`);
}
