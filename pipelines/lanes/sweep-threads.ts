import { Worker } from 'node:worker_threads';
import { type SweepSummary, writeSweep } from './sweep.ts';
import type { ThreadData, ThreadMessage } from './sweep-thread.ts';

/** A sweep over several threads. */
export interface SweepThreadsOptions extends ThreadData {
  /** Threads; each replays the tapes once, for its share of the desks. */
  readonly threads: number;
  readonly stopped?: () => boolean;
  readonly progress?: (done: number, total: number, frames: number) => void;
}

const LOOK_MS = 200;

/** Desks of a thread, so that no thread has two more than another. */
const share = <T>(all: readonly T[], threads: number): readonly (readonly T[])[] =>
  Array.from({ length: threads }, (_, i) =>
    all.slice(Math.floor((i * all.length) / threads), Math.floor(((i + 1) * all.length) / threads)),
  ).filter((some) => some.length > 0);

function inThread(
  data: ThreadData,
  stopped: () => boolean,
  progress: NonNullable<SweepThreadsOptions['progress']>,
): Promise<SweepSummary> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./sweep-thread.js', import.meta.url), { workerData: data });
    const looking = setInterval(() => stopped() && worker.postMessage('stop'), LOOK_MS);
    worker.on('message', (message: ThreadMessage) => {
      switch (message.kind) {
        case 'progress':
          progress(message.done, message.total, message.frames);
          return;
        case 'swept':
          resolve(message.summary);
          return;
        case 'failed':
          reject(new Error(message.why));
      }
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearInterval(looking);
      // Without effect where the thread has said its result.
      reject(new Error(`sweep: a thread ended with ${code} and no result; try --threads 1`));
    });
  });
}

/**
 * A sweep whose desks are shared out among threads. Each thread replays all tapes for its own desks, so every desk
 * decides what it would alone; the market is built once a thread. `cpuSeconds` is of all threads. Throws the sentence
 * of the first thread that fails, after the others were told to end.
 */
export async function sweepThreads(options: SweepThreadsOptions): Promise<SweepSummary> {
  const { threads, stopped = () => false, progress = () => {}, sweep, ...common } = options;
  const sinceCpu = process.cpuUsage();
  const sinceMs = performance.now();
  let failed = false;
  const shares = share(sweep.points, threads);
  const at = shares.map(() => ({ done: 0, frames: 0 }));
  const ended = await Promise.allSettled(
    shares.map((points, i) =>
      inThread(
        { ...common, sweep: { ...sweep, points, out: undefined } },
        () => failed || stopped(),
        (done, total, frames) => {
          at[i] = { done, frames };
          // The slowest thread says how far the sweep is.
          const least = at.reduce((a, b) => (b.frames < a.frames ? b : a));
          progress(least.done, total, least.frames);
        },
      ).catch((cause: unknown) => {
        failed = true;
        throw cause;
      }),
    ),
  );
  const parts = ended.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
  const [first] = parts;
  if (!first) throw new Error('sweep: a grid must have a point');
  const { user, system } = process.cpuUsage(sinceCpu);
  const swept: SweepSummary = {
    ...first,
    ...(parts.some(({ interrupted }) => interrupted) && { interrupted: true as const }),
    frames: Math.min(...parts.map(({ frames }) => frames)),
    desks: sweep.points.length,
    cpuSeconds: Math.round((user + system) / 1000) / 1000,
    wallSeconds: Math.round(performance.now() - sinceMs) / 1000,
    settings: parts.flatMap(({ settings }) => settings),
    hashes: parts.flatMap(({ hashes }) => hashes),
    results: parts.flatMap(({ results }) => results),
    trades: parts.flatMap(({ trades }) => trades),
  };
  if (sweep.out !== undefined) await writeSweep(sweep.out, swept);
  return swept;
}
