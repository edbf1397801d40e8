import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtest } from '../dist/pipelines/lanes/backtest.js';
import { runLog } from '../dist/pipelines/run/run-log.js';
import { readTape } from '../dist/src/tape/read.js';
import { tapeFiles } from '../dist/src/tape/sessions.js';
import { driveGraph } from './drive-graph.mjs';
import { median } from './quantiles.mjs';
import { mechanics, readInputs, recordedSessions, recordings } from './recordings.mjs';
import { slope } from './slope.mjs';

const ROUNDS = 3;
const RSS_EVERY_MS = 200;
const BATCH_FRAMES = 4_096;
const MEGABYTE = 1 << 20;

const parse = (text) => {
  if (typeof JSON.parse(text) !== 'object') throw new Error(`tape-replay: a frame must be an object`);
};

/**
 * Files to decision log: reading, inflating, history, outcomes, graph, log and hash. The first one runs cold,
 * as a command does.
 */
async function filesToLog({ settings, forecaster, onProgress }) {
  const out = mkdtempSync(join(tmpdir(), 'voltage-bench-'));
  const cpu = process.cpuUsage();
  try {
    const summary = await backtest({
      tapes: recordings.tapes,
      history: [{ asset: undefined, path: recordings.history }],
      settled: recordings.settled,
      out,
      settings,
      openForecasters: async () => () => forecaster,
      ...(onProgress && { progress: onProgress }),
    });
    const { user, system } = process.cpuUsage(cpu);
    return { ...summary, cpuSeconds: (user + system) / 1e6 };
  } finally {
    rmSync(out, { recursive: true });
  }
}

/**
 * The same files read and each frame given to JSON.parse, nothing else: the floor of any replay. History and
 * outcomes are not read.
 */
async function filesToParsed() {
  const from = performance.now();
  let frames = 0;
  for (const { path } of await tapeFiles(recordings.tapes))
    for await (const batch of readTape(path)) {
      for (const { text } of batch) parse(text);
      frames += batch.length;
    }
  return { frames, seconds: (performance.now() - from) / 1000 };
}

/**
 * A recording at a time from memory: first JSON.parse alone over its frames, then the graph over the same
 * ones, log and hash included, one graph for all. Reading counts for neither. Alternating by recording lets a
 * busy machine slow both alike.
 */
async function fromMemory({ settings, forecaster }) {
  const log = runLog(undefined);
  const sessions = recordedSessions();
  let parseMs = 0;
  let idleMs = 0;
  let parsed = 0;
  async function* batches(first) {
    for (let current = first; !current.done; ) {
      const { session, frames } = current.value;
      const from = performance.now();
      for (const frame of frames)
        if (frame.kind === 'wire') {
          parse(frame.text);
          parsed++;
        }
      parseMs += performance.now() - from;
      idleMs += performance.now() - from;
      yield [session];
      for (let at = 0; at < frames.length; at += BATCH_FRAMES) yield frames.slice(at, at + BATCH_FRAMES);
      const paused = performance.now();
      current = await sessions.next();
      idleMs += performance.now() - paused;
    }
  }
  const first = await sessions.next();
  const from = performance.now();
  await driveGraph({
    batches: batches(first),
    startAt: first.value.firstAt,
    settings,
    forecaster,
    tell: log.add,
  });
  const decisionSha256 = log.close();
  const graphMs = performance.now() - from - idleMs;
  return { frames: parsed, parseSeconds: parseMs / 1000, graphSeconds: graphMs / 1000, decisionSha256 };
}

/**
 * Memory over one run: resident set every 200 ms, and its slope over the second half, where the heap has
 * found its size.
 */
function memoryWatch() {
  const resident = [];
  let sampledAt = Number.NEGATIVE_INFINITY;
  return {
    onProgress: (_done, _tapes, frames) => {
      const now = performance.now();
      if (now - sampledAt < RSS_EVERY_MS) return;
      sampledAt = now;
      resident.push({ x: frames / 1e6, y: process.memoryUsage.rss() / MEGABYTE });
    },
    read: () => {
      const late = resident.filter(({ x }) => x > resident.at(-1).x / 2);
      return {
        samples: resident.length,
        rssMaxMegabytes: Math.round(Math.max(...resident.map(({ y }) => y))),
        rssSlopeMegabytesPerMillionFrames: Math.round(slope(late) * 10) / 10,
      };
    },
  };
}

/**
 * Live heap after a forced collection at the end of each recording: what is really kept. Needs --expose-gc.
 */
function leakWatch() {
  const kept = [];
  let seen = 0;
  return {
    onProgress: (done, _tapes, frames) => {
      if (done === seen) return;
      seen = done;
      globalThis.gc();
      kept.push({ x: frames / 1e6, y: process.memoryUsage().heapUsed / MEGABYTE });
    },
    read: () => {
      const late = kept.slice(kept.length >> 1);
      return {
        heapAfterCollectionMegabytes: {
          least: Math.round(Math.min(...kept.map(({ y }) => y)) * 10) / 10,
          most: Math.round(Math.max(...kept.map(({ y }) => y)) * 10) / 10,
        },
        heapSlopeMegabytesPerMillionFrames: Math.round(slope(late) * 100) / 100,
      };
    },
  };
}

/**
 * The whole graph over all recordings against JSON.parse over the same frames, with memory. `{ absent }`
 * without recordings.
 */
export async function tapeReplay() {
  if (recordings.kind === 'absent') return { absent: recordings.why };
  const run = mechanics();
  const memory = memoryWatch();
  const cold = await filesToLog({ ...run, onProgress: memory.onProgress });
  const hashes = new Set([cold.decisionSha256]);

  const inputsFrom = performance.now();
  await readInputs();
  const inputsSeconds = (performance.now() - inputsFrom) / 1000;

  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const parsed = await filesToParsed();
    const logged = await filesToLog(run);
    const memoryRun = await fromMemory(run);
    hashes.add(logged.decisionSha256);
    hashes.add(memoryRun.decisionSha256);
    for (const { frames } of [parsed, logged, memoryRun])
      if (frames !== cold.frames)
        throw new Error(`tape-replay: frames must be ${cold.frames} however they are read, was ${frames}`);
    rounds.push({
      parse: cold.frames / memoryRun.parseSeconds,
      readAndParse: cold.frames / parsed.seconds,
      graph: cold.frames / memoryRun.graphSeconds,
      filesToLog: cold.frames / logged.wallSeconds,
      filesToLogPerCpu: cold.frames / logged.cpuSeconds,
    });
  }
  let kept;
  if (globalThis.gc) {
    const leaks = leakWatch();
    hashes.add((await filesToLog({ ...run, onProgress: leaks.onProgress })).decisionSha256);
    kept = leaks.read();
  }
  if (hashes.size !== 1)
    throw new Error(`tape-replay: every run must give one decision hash, was ${[...hashes].join(', ')}`);

  const of = (value) => Math.round(median(rounds.map(value)));
  const ratio = (value) => Math.round(median(rounds.map(value)) * 1000) / 1000;
  return {
    name: 'Whole graph over all recordings',
    frames: cold.frames,
    tapes: cold.tapes,
    decisions: cold.decisions.approved + cold.decisions.abstained,
    orders: cold.orders,
    fills: cold.fills,
    decisionSha256: cold.decisionSha256,
    framesPerSecond: {
      'JSON.parse, frames in memory': of((r) => r.parse),
      'JSON.parse, from files': of((r) => r.readAndParse),
      'graph and log, frames in memory': of((r) => r.graph),
      'graph and log, from files, history read': of((r) => r.filesToLog),
      'the same, first run of the process': cold.framesPerSecond,
      'the same, per second of CPU (all threads)': of((r) => r.filesToLogPerCpu),
    },
    ratioInMemory: ratio((r) => r.graph / r.parse),
    ratioFromFiles: ratio((r) => r.filesToLog / r.readAndParse),
    ratioFromFilesToParseInMemory: ratio((r) => r.filesToLog / r.parse),
    inputsSeconds: Math.round(inputsSeconds * 100) / 100,
    memory: { ...memory.read(), ...kept },
    rounds: ROUNDS,
  };
}
