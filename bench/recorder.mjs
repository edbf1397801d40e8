import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Subject } from 'rxjs';
import { openFeeds } from '../dist/pipelines/edges/open-feeds.js';
import { record } from '../dist/pipelines/lanes/record.js';
import { settingsSchema } from '../dist/src/config/settings.js';
import { readTape } from '../dist/src/tape/read.js';
import { tapeFiles } from '../dist/src/tape/sessions.js';
import { flags } from './flags.mjs';
import { openSender } from './open-sender.mjs';
import { processWatch } from './process-watch.mjs';

const MEGABYTE = 1 << 20;
/** Connecting, discovery and snapshots, and the compiler's first look. */
const WARM_UP_MS = 5_000;
/**
 * What is under way when the market stands still must be here by then; less than the silence after which a
 * feed dials again.
 */
const ARRIVE_MS = 3_000;
const round = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

/**
 * Wire frames on the tapes of a folder, by venue: how many, and the hash of their texts in order. Any problem
 * of a tape is a failure.
 */
async function readBack(folder) {
  const read = {};
  for (const { path } of await tapeFiles([folder]))
    for await (const batch of readTape(path, (problem) => {
      throw new Error(`recorder: a tape must read back whole, was ${JSON.stringify(problem)}`);
    }))
      for (const frame of batch) {
        if (frame.kind !== 'wire') continue;
        read[frame.venue] ??= { frames: 0, hash: createHash('sha256') };
        read[frame.venue].frames++;
        read[frame.venue].hash.update(frame.text).update('\n');
      }
  return Object.fromEntries(
    Object.entries(read).map(([venue, { frames, hash }]) => [venue, { frames, sha256: hash.digest('hex') }]),
  );
}

/**
 * Both venues' sockets at full rate into tapes, by the path of `voltage record`. Frames said are counted and
 * hashed where they are said, in another process, and again where they are read back from the tapes: a number
 * is printed only if all are there, in order, byte for byte.
 */
export async function recorder() {
  const { rate, seconds, speed, strikes, rotate } = flags({
    rate: 10_000,
    seconds: 60,
    speed: 12,
    strikes: 60,
    /** Megabytes on disk after which the next tape begins. */
    rotate: 4,
  });
  const folder = mkdtempSync(join(tmpdir(), 'voltage-bench-'));
  const sender = await openSender({ settings: settingsSchema.parse({}), rate, speed, strikes, seconds });
  try {
    const { settings, edge, key, history, density } = sender;
    const stop$ = new Subject();
    let progress = { frames: 0, recorded: { bytes: 0 } };
    const ending = record({
      settings,
      feeds: openFeeds(settings, edge, key),
      clock: edge.clock,
      stamp: edge.stamp,
      folder,
      name: 'bench',
      history,
      rotateBytes: rotate * MEGABYTE,
      stop$,
      afterBatch: (now) => {
        progress = now;
      },
    });
    await Promise.race([wait(WARM_UP_MS), ending]);
    const before = progress;
    sender.beginCpu();
    const watched = processWatch();
    await Promise.race([wait(seconds * 1000), ending]);
    const cost = watched.read();
    const after = progress;
    const { sent, cpuSeconds: senderCpuSeconds } = await sender.freeze();
    const said = sent.kraken.frames + sent.kalshi.frames;
    for (let waited = 0; progress.frames < said && waited < ARRIVE_MS; waited += 50) await wait(50);
    stop$.next();
    const summary = await ending;
    const found = await readBack(folder);
    for (const venue of ['kraken', 'kalshi']) {
      const { frames, sha256, clients } = sent[venue];
      if (found[venue]?.frames !== frames || found[venue].sha256 !== sha256 || clients !== 1)
        throw new Error(
          `recorder: ${venue} said ${frames} frames to one client, and the tapes must hold them, was ${JSON.stringify({ clients, found: found[venue], summary })}`,
        );
    }
    const { recorded, shedFrames, kraken, kalshi, rejectedFrames } = summary;
    const shed = Object.values(shedFrames).reduce((sum, count) => sum + count, 0);
    if (shed + recorded.lostFrames + kraken.checksumsFailed + kalshi.sequenceGaps + rejectedFrames > 0)
      throw new Error(`recorder: nothing may be shed, lost or broken, was ${JSON.stringify(summary)}`);
    const index = readFileSync(join(folder, 'INDEX.ndjson'), 'utf8').trimEnd().split('\n');
    const frames = after.frames - before.frames;
    const chars = sent.kraken.chars + sent.kalshi.chars;
    return {
      name: 'Sockets to tapes, every frame counted and hashed at both ends',
      asked: { framesPerSecond: rate, seconds, speed, strikes, density },
      framesPerSecond: Math.round(frames / cost.wallSeconds),
      framesSent: said,
      framesReadBack: found.kraken.frames + found.kalshi.frames,
      framesLost: recorded.lostFrames,
      framesShed: shed,
      byVenue: { kraken: found.kraken.frames, kalshi: found.kalshi.frames },
      charsPerFrame: Math.round(chars / said),
      megabytesPerMinute: round(
        ((after.recorded.bytes - before.recorded.bytes) / MEGABYTE / cost.wallSeconds) * 60,
      ),
      compression: round(chars / recorded.bytes),
      tapes: recorded.files,
      rotations: index.length - 1,
      mostQueuedFrames: summary.mostQueuedFrames,
      mostWaitingMegachars: round(recorded.mostWaitingChars / 1e6),
      cost,
      cpuMicrosPerFrame: round((cost.cpuSeconds / frames) * 1e6),
      senderCpuShare: round(senderCpuSeconds / cost.wallSeconds, 3),
      checksumsPassed: kraken.checksumsPassed,
      deltas: kalshi.deltas,
    };
  } finally {
    await sender.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(JSON.stringify(await recorder(), undefined, 2));
