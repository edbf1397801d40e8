import { parentPort, workerData } from 'node:worker_threads';
import type { Settings } from '../../src/config/settings.ts';
import { openForecasters } from '../load/open-forecasters.ts';
import { type SweepOptions, type SweepSummary, sweep } from './sweep.ts';

/** What a thread of a sweep is given: all of a sweep but its functions. */
export interface ThreadData {
  readonly sweep: Omit<SweepOptions, 'openForecasters' | 'stopped' | 'progress'>;
  readonly assets: Settings['assets'];
  readonly models: Parameters<typeof openForecasters>[1];
}

/** What a thread says while it runs, and at its end. */
export type ThreadMessage =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number; readonly frames: number }
  | { readonly kind: 'swept'; readonly summary: SweepSummary }
  | { readonly kind: 'failed'; readonly why: string };

/** Runs a part of a sweep in this thread; any message from outside ends it early. Only for a worker thread. */
async function runThread(): Promise<void> {
  const port = parentPort;
  if (!port) return;
  const { sweep: options, assets, models } = workerData as ThreadData;
  const tell = (message: ThreadMessage): void => port.postMessage(message);
  let stopped = false;
  port.once('message', () => {
    stopped = true;
  });
  try {
    const summary = await sweep({
      ...options,
      stopped: () => stopped,
      progress: (done, total, frames) => tell({ kind: 'progress', done, total, frames }),
      openForecasters: async (at) => (await openForecasters(assets, models, at)).of,
    });
    tell({ kind: 'swept', summary });
  } catch (cause) {
    tell({ kind: 'failed', why: (cause as Error).message });
  } finally {
    port.close();
  }
}

await runThread();
