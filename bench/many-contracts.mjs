import { createHash } from 'node:crypto';
import { emulatedFrames, emulatedHistory } from '../dist/src/emulator/world/generate.js';
import { decisionLine } from '../dist/src/telemetry/decision-line.js';
import { driveGraph } from './drive-graph.mjs';
import { quantiles } from './quantiles.mjs';
import { mechanics } from './recordings.mjs';

/** About as many contracts as these are open at once: two series of strikes for each hour. */
const STRIKES = { 10: 5, 100: 50, 400: 200, 1000: 500 };
const SPAN_MINUTES = 1;
/** Frames of the smallest market that warm the compiler. */
const WARM_FRAMES = 5_000;

const cpuMicros = ({ user, system }) => user + system;
const rounded = (value, decimals) => Number(value.toFixed(decimals));

/**
 * Every frame alone through the graph. Times are of CPU, so that a busy machine shows in none of them:
 * `perFrame` and `toDecision` hold microseconds from handing a frame over.
 */
async function pass({ settings, forecaster, bars, frames, startAt }) {
  const toDecision = [];
  const hash = createHash('sha256');
  const contracts = new Set();
  const told = [];
  let from = process.cpuUsage();
  let total = 0;
  let timing = false;
  function* batches() {
    yield [{ kind: 'session', at: startAt, name: 'emulated', history: [{ asset: undefined, bars }] }];
    timing = true;
    for (const frame of frames) {
      from = process.cpuUsage();
      yield [frame];
    }
  }
  await driveGraph({
    batches: batches(),
    startAt,
    settings,
    forecaster,
    tell: (event) => {
      if (event.kind !== 'decision' || !timing) return;
      toDecision.push(cpuMicros(process.cpuUsage(from)));
      told.push(event);
    },
    afterBatch: () => {
      if (timing) total += cpuMicros(process.cpuUsage(from));
      // Outside of what is timed: the line reads the decision only.
      for (const decision of told) {
        hash.update(`${decisionLine(decision)}\n`);
        contracts.add(decision.ticker);
      }
      told.length = 0;
    },
  });
  return {
    micros: total / frames.length,
    toDecision,
    contracts: contracts.size,
    decisionSha256: hash.digest('hex'),
  };
}

/**
 * One emulated minute with ever more contracts, under settings by which the desk trades. What a frame costs with
 * 1,000 contracts over what it costs with 10, the CPU from a frame to its decisions, and each against
 * JSON.parse of the same frames in the same run. SIMULATED frames.
 */
export async function manyContracts() {
  const { settings, forecaster } = mechanics();
  const rows = [];
  for (const strikes of [undefined, ...Object.values(STRIKES)]) {
    const emulator = { ...settings.emulator, strikes: strikes ?? STRIKES[10], spanMinutes: SPAN_MINUTES };
    const [{ bars }] = emulatedHistory(emulator, settings.assets);
    const all = [...emulatedFrames(emulator, settings.assets)];
    const frames = strikes === undefined ? all.slice(0, WARM_FRAMES) : all;
    const startAt = Date.parse(emulator.startAt) * 1000;
    const parsing = process.cpuUsage();
    for (const { text } of frames) JSON.parse(text);
    const parseMicros = cpuMicros(process.cpuUsage(parsing)) / frames.length;
    const found = await pass({ settings, forecaster, bars, frames, startAt });
    if (strikes === undefined) continue;
    const { p50, p99, max } = quantiles(Float64Array.from(found.toDecision));
    rows.push({
      contracts: found.contracts,
      frames: frames.length,
      framesPerSecond: Math.round(1e6 / found.micros),
      microsPerFrame: rounded(found.micros, 1),
      parseOverFrame: rounded(parseMicros / found.micros, 3),
      decisions: found.toDecision.length,
      toDecisionMicros: { p50: Math.round(p50), p99: Math.round(p99), max: Math.round(max) },
      ofDecisions: found.decisionSha256.slice(0, 16),
    });
  }
  return {
    name: 'Ever more contracts, one emulated minute each, CPU time',
    growth: rounded(rows.at(-1).microsPerFrame / rows[0].microsPerFrame, 2),
    rows,
  };
}
