import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { watchLane } from '../dist/src/cli/watch-lane.js';
import { telemetrySettings } from '../dist/src/telemetry/settings.js';
import { driveGraph } from './drive-graph.mjs';
import { flags } from './flags.mjs';
import { influxAbsent } from './influx-absent.mjs';
import { freePort, startInfluxd } from './influxd.mjs';
import { quantiles } from './quantiles.mjs';
import { mechanics, recordedSessions, recordings } from './recordings.mjs';

const CLIENTS = 10;
const { frames: MOST_FRAMES, rounds: ROUNDS, speed: SPEED } = flags({ frames: 40_000, rounds: 4, speed: 30 });
/** A quiet stretch of the recording is waited for no longer than this. */
const MOST_QUIET_MS = 5;

let databases = 0;

/** How many points of decisions a database has. */
async function storedDecisions(url, database) {
  const query = new URLSearchParams({ db: database, q: 'SELECT count("id") FROM "decision"' });
  const { results } = await (await fetch(`${url}/query?${query}`)).json();
  return results[0].series?.[0].values[0][1] ?? 0;
}

/** All that can watch a lane: console with ten readers, InfluxDB where there is one, store, terminal. */
async function watched(settings, influxUrl) {
  const folder = mkdtempSync(join(tmpdir(), 'voltage-bench-watch-'));
  const port = await freePort();
  const database = `bench${++databases}`;
  delete process.env.INFLUX_URL;
  if (influxUrl) process.env.INFLUX_URL = `${influxUrl}/${database}`;
  const stderr = process.stderr.write;
  // Its address is for people.
  process.stderr.write = () => true;
  const watch = await watchLane({
    kind: 'paper',
    quiet: true,
    lane: { mark: 'PAPER', name: 'bench', speed: SPEED },
    settings: {
      ...settings,
      telemetry: telemetrySettings.parse({
        store: { when: 'always', folder: join(folder, 'store') },
        spillFolder: join(folder, 'spill'),
        logLevel: 'silent',
      }),
    },
    flags: { consolePort: port },
  });
  const readers = fork(fileURLToPath(new URL('console-readers.mjs', import.meta.url)), [port, CLIENTS]);
  await once(readers, 'message');
  let seq = 0;
  return {
    tell: (event) => watch.tap({ seq: ++seq, event }),
    close: async (decisions) => {
      const { values } = await (await fetch(`http://127.0.0.1:${port}/api/state`)).json();
      readers.send('end');
      const [read] = await once(readers, 'message');
      await watch.close();
      process.stderr.write = stderr;
      rmSync(folder, { recursive: true, force: true });
      if (read.ended > 0) throw new Error(`console: ${read.ended} readers were too slow`);
      if (values.health.sinkDropped > 0)
        throw new Error(`console: the sinks dropped ${values.health.sinkDropped} points`);
      const stored = influxUrl && (await storedDecisions(influxUrl, database));
      if (influxUrl && stored !== decisions)
        throw new Error(`console: ${stored} of ${decisions} decisions are in the database`);
      return { kilobytesPerReader: Math.round(read.bytes / CLIENTS / 1000) };
    },
  };
}

/** CPU of this process so far, all threads: what others take of a busy machine is not in it. */
const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/**
 * Microseconds to each decision: from the hand-over of the frame that led to it, or that moved the clock to
 * it, and from when that frame was due; and the CPU since the hand-over.
 */
async function pass({ settings, forecaster }, tell) {
  const fromFrame = [];
  const fromDue = [];
  const ofCpu = [];
  let handedMs = 0;
  let handedCpu = 0;
  let dueMs = 0;
  let frames = 0;
  let decisions = 0;
  const sessions = recordedSessions();
  const first = await sessions.next();
  async function* batches() {
    for (let current = first; !current.done && frames < MOST_FRAMES; current = await sessions.next()) {
      yield [current.value.session];
      let at = current.value.firstAt;
      dueMs = performance.now();
      for (const frame of current.value.frames) {
        dueMs += Math.min(MOST_QUIET_MS, Math.max(0, frame.at - at) / 1000 / SPEED);
        at = Math.max(at, frame.at);
        // The loop turns as long as nothing is due, and once in between, as it does in a lane.
        do await setImmediate();
        while (performance.now() < dueMs);
        frames++;
        handedCpu = cpuMicros();
        handedMs = performance.now();
        yield [frame];
        if (frames >= MOST_FRAMES) return;
      }
    }
  }
  const from = performance.now();
  await driveGraph({
    batches: batches(),
    startAt: first.value.firstAt,
    settings,
    forecaster,
    tell: (event) => {
      tell(event);
      if (event.kind !== 'decision') return;
      decisions++;
      ofCpu.push(cpuMicros() - handedCpu);
      const now = performance.now();
      fromFrame.push((now - handedMs) * 1000);
      fromDue.push((now - dueMs) * 1000);
    },
  });
  return { frames, decisions, fromFrame, fromDue, ofCpu, seconds: (performance.now() - from) / 1000 };
}

const shown = (micros) => {
  const rounded = quantiles(Float64Array.from(micros));
  for (const key of Object.keys(rounded)) rounded[key] = Math.round(rounded[key] * 100) / 100;
  return rounded;
};
const rounded = (value) => Math.round(value * 1000) / 1000;

/**
 * What all that watches a lane costs a decision: microseconds from a frame to the decision it led to, without
 * it, and with console, ten readers, InfluxDB and store, in turns of one process. Frames come as they were
 * recorded, 30 times as fast, which leaves the loop idle between them; the sides change places each round. The
 * first two passes warm the compiler and are thrown away. Checked: all passes decide alike, no reader was too
 * slow, the sinks dropped nothing, and the database has every decision.
 */
export async function consoleCost() {
  if (recordings.kind === 'absent') return { absent: recordings.why };
  const run = mechanics();
  const influxd = influxAbsent() ? undefined : await startInfluxd();
  try {
    const off = { fromFrame: [], fromDue: [], ofCpu: [] };
    const on = { fromFrame: [], fromDue: [], ofCpu: [] };
    const perRound = [];
    let beside;
    let warm;
    for (let round = 0; round <= ROUNDS; round++) {
      let without;
      let watching;
      for (const isWatched of round % 2 === 0 ? [false, true] : [true, false]) {
        if (!isWatched) {
          without = await pass(run, () => {});
          continue;
        }
        const view = await watched(run.settings, influxd?.url);
        watching = await pass(run, view.tell);
        beside = await view.close(watching.decisions);
      }
      warm ??= without;
      for (const { decisions } of [without, watching])
        if (decisions !== warm.decisions)
          throw new Error(`console: all passes must decide alike, was ${warm.decisions}, ${decisions}`);
      if (round === 0) continue;
      for (const key of ['fromFrame', 'fromDue', 'ofCpu']) {
        off[key].push(...without[key]);
        on[key].push(...watching[key]);
      }
      perRound.push(rounded(shown(watching.fromFrame).p50 / shown(without.fromFrame).p50));
    }
    const micros = {};
    const ratio = {};
    for (const [key, words] of [
      ['fromFrame', 'frame to decision'],
      ['fromDue', 'frame due to decision'],
      ['ofCpu', 'CPU from frame to decision'],
    ]) {
      const [without, watching] = [shown(off[key]), shown(on[key])];
      micros[words] = { without, with: watching };
      ratio[words] = { p50: rounded(watching.p50 / without.p50), p99: rounded(watching.p99 / without.p99) };
    }
    return {
      name: 'Frame to decision with console, ten readers, InfluxDB and store',
      frames: warm.frames,
      framesPerSecond: Math.round(warm.frames / warm.seconds),
      hasInfluxDb: influxd !== undefined,
      clients: CLIENTS,
      ...beside,
      micros,
      ratio,
      ratioOfRounds: perRound,
    };
  } finally {
    await influxd?.stop();
  }
}
