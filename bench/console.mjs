import { fork } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { consoleFeed } from '../dist/pipelines/edges/console-feed.js';
import { consoleServer } from '../dist/pipelines/edges/console-server.js';
import { consoleModel } from '../dist/src/console/console-model.js';
import { driveGraph } from './drive-graph.mjs';
import { quantiles } from './quantiles.mjs';
import { mechanics, recordedSessions, recordings } from './recordings.mjs';

const CLIENTS = 10;
const MOST_FRAMES = 150_000;
/** The loop turns so often, as it does in a lane, so that the console can make its pictures and send them. */
const TURN_FRAMES = 50;
const ROUNDS = 3;

/** Ten pages that read everything, in a process of their own. */
function readAll(port) {
  for (let i = 0; i < CLIENTS; i++)
    get({ host: '127.0.0.1', port, path: '/api/events' }, (answer) => answer.resume());
}
if (process.argv[2] === 'read') readAll(Number(process.argv[3]));

/** A console with ten readers; `take` holds the milliseconds of each of its pictures, texts included. */
async function watched(settings) {
  const model = consoleModel({
    lane: { mark: 'SIMULATED', name: 'bench', label: 'bench', acts: [], speed: 1 },
    assets: settings.assets,
    risk: settings.risk,
  });
  const pictures = [];
  const feed = consoleFeed({
    take: () => {
      const from = performance.now();
      const patch = model.take();
      if (patch) {
        // As much again as the feed will do with it.
        JSON.stringify(patch);
        pictures.push((performance.now() - from) * 1000);
      }
      return patch;
    },
    snapshot: model.snapshot,
  });
  const served = await consoleServer({
    host: '127.0.0.1',
    port: 0,
    token: 'bench',
    tokenForReading: false,
    page: new Map(),
    feed,
    decision: model.decision,
    acts: () => ({}),
    onProblem: (why) => {
      throw new Error(why);
    },
  });
  const readers = fork(fileURLToPath(import.meta.url), ['read', String(served.port)]);
  while (feed.readers() < CLIENTS) await setImmediate();
  let seq = 0;
  return {
    tell: (event) => model.add({ seq: ++seq, event }),
    close: async () => {
      if (feed.dropped() > 0) throw new Error(`console: ${feed.dropped()} readers were too slow`);
      readers.kill();
      await once(readers, 'exit');
      await served.close();
      return pictures;
    },
  };
}

/** Microseconds from each frame to each decision told within it. */
async function pass({ settings, forecaster }, tell) {
  const toDecision = [];
  let from = 0;
  let inFrame = false;
  let frames = 0;
  let decisions = 0;
  const sessions = recordedSessions();
  const first = await sessions.next();
  async function* batches() {
    for (let current = first; !current.done && frames < MOST_FRAMES; current = await sessions.next()) {
      yield [current.value.session];
      for (const frame of current.value.frames) {
        if (++frames % TURN_FRAMES === 0) await setImmediate();
        yield [frame];
      }
    }
  }
  await driveGraph({
    batches: batches(),
    startAt: first.value.firstAt,
    settings,
    forecaster,
    tell: (event) => {
      tell(event);
      if (event.kind !== 'decision') return;
      decisions++;
      if (inFrame) toDecision.push((performance.now() - from) * 1000);
    },
    beforeFrame: (frame) => {
      inFrame = frame.kind === 'wire';
      from = performance.now();
    },
    afterBatch: () => {
      inFrame = false;
    },
  });
  return { frames, decisions, toDecision };
}

const shown = (micros) => {
  const rounded = quantiles(Float64Array.from(micros));
  for (const key of Object.keys(rounded)) rounded[key] = Math.round(rounded[key] * 100) / 100;
  return rounded;
};

/**
 * What a console with ten readers costs a decision: microseconds from a frame to the decision it led to, with
 * and without, in turns of one process. The first pass warms the compiler and is thrown away.
 */
export async function consoleCost() {
  if (recordings.kind === 'absent') return { absent: recordings.why };
  const run = mechanics();
  const without = [];
  const beside = [];
  const pictures = [];
  const warm = await pass(run, () => {});
  for (let i = 0; i < ROUNDS; i++) {
    const off = await pass(run, () => {});
    without.push(...off.toDecision);
    const view = await watched(run.settings);
    const on = await pass(run, view.tell);
    pictures.push(...(await view.close()));
    beside.push(...on.toDecision);
    if (on.decisions !== warm.decisions || off.decisions !== warm.decisions)
      throw new Error(`console: all passes must decide alike, was ${warm.decisions}, ${off.decisions}, ${on.decisions}`);
  }
  const [off, on] = [shown(without), shown(beside)];
  const ratio = (key) => Math.round((on[key] / off[key]) * 1000) / 1000;
  return {
    name: 'Frame to decision with the console and ten readers',
    frames: warm.frames,
    clients: CLIENTS,
    micros: { without: off, with: on },
    ratio: { p50: ratio('p50'), p99: ratio('p99') },
    pictureMicros: shown(pictures),
  };
}
