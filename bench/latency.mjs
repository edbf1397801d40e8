import { createHash } from 'node:crypto';
import { decisionLine } from '../dist/src/telemetry/decision-line.js';
import { driveGraph } from './drive-graph.mjs';
import { quantiles } from './quantiles.mjs';
import { mechanics, recordedSessions, recordings } from './recordings.mjs';

/**
 * Every frame alone through the graph: `perFrame` holds the microseconds from handing it over until all it
 * asked for at once was done, `toDecision` those from handing it over to each decision told within it,
 * `fromTimer` those from the clock's being moved to each decision that a timer told between two frames (a
 * contract is evaluated at most ten times a second, and once a second in silence).
 */
async function pass({ settings, forecaster }) {
  const perFrame = [];
  const toDecision = [];
  const fromTimer = [];
  const hash = createHash('sha256');
  let from = 0;
  let inFrame = false;
  let tape = -1;

  const sessions = recordedSessions();
  const first = await sessions.next();
  async function* batches() {
    for (let current = first; !current.done; current = await sessions.next()) {
      tape++;
      from = performance.now();
      inFrame = false;
      yield [current.value.session];
      for (const frame of current.value.frames) {
        inFrame = false;
        from = performance.now();
        yield [frame];
      }
    }
  }
  const told = [];
  await driveGraph({
    batches: batches(),
    startAt: first.value.firstAt,
    settings,
    forecaster,
    tell: (event) => {
      if (event.kind !== 'decision') return;
      (inFrame ? toDecision : fromTimer).push((performance.now() - from) * 1000);
      told.push(event);
    },
    beforeFrame: (frame) => {
      inFrame = frame.kind === 'wire';
      from = performance.now();
    },
    afterBatch: () => {
      if (inFrame) perFrame.push((performance.now() - from) * 1000);
      // Outside of what is timed, and now: the line reads the decision only.
      for (const decision of told) hash.update(`${decisionLine(decision)}\n`);
      told.length = 0;
    },
  });
  return { tapes: tape + 1, perFrame, toDecision, fromTimer, decisionSha256: hash.digest('hex') };
}

const shown = (micros) => {
  const rounded = quantiles(Float64Array.from(micros));
  for (const key of Object.keys(rounded)) rounded[key] = Math.round(rounded[key] * 100) / 100;
  return rounded;
};

/**
 * Microseconds from a frame to the decision it led to, on recorded frames. The first pass warms the compiler
 * and is thrown away.
 */
export async function latency() {
  if (recordings.kind === 'absent') return { absent: recordings.why };
  const run = mechanics();
  const warm = await pass(run);
  const timed = await pass(run);
  if (warm.decisionSha256 !== timed.decisionSha256)
    throw new Error(
      `latency: both passes must decide alike, was ${warm.decisionSha256}, ${timed.decisionSha256}`,
    );
  return {
    name: 'Frame to decision, one frame at a time',
    tapes: timed.tapes,
    decisionSha256: timed.decisionSha256,
    micros: {
      'frame to decision told': shown(timed.toDecision),
      'timer to decision told': shown(timed.fromTimer),
      'any frame': shown(timed.perFrame),
    },
  };
}
