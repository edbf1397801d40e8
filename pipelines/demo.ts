import type { Settings } from '../src/config/settings.ts';
import type { Frame } from '../src/domain/frame.ts';
import { type Micros, SECOND } from '../src/domain/time.ts';
import { emulatedFrames, emulatedHistory } from '../src/emulator/generate.ts';
import { paperGateway } from '../src/execution/paper.ts';
import type { Backbone } from '../src/forecast/backbone.ts';
import type { Audit } from './graph.ts';
import { type LaneSummary, runLane } from './run-lane.ts';

/** How the demo is to run. */
export interface DemoOptions {
  readonly settings: Settings;
  readonly backbone: Backbone;
  /** Event time per wall time: 120 shows two minutes a second; Infinity runs as fast as it can. Decisions do not depend on it. */
  readonly speed: number;
  readonly out: string | undefined;
  readonly tap?: (event: Audit) => void;
  /** Called about twenty times a second with the event time reached. */
  readonly paint?: (at: Micros, frames: number) => void;
  /** True once the user asked to stop: the run ends at the next pause. */
  readonly stopped?: () => boolean;
}

/** What a demo came to. `notice` says SIMULATED wherever the summary goes. */
export interface DemoSummary extends LaneSummary {
  readonly lane: 'demo';
  readonly notice: 'SIMULATED';
  readonly seed: string;
}

const PAUSE_MS = 50;
const BATCH_FRAMES = 4_096;

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/**
 * Runs the graph on emulated venues: nothing to install, no account, no network, nothing real. The same settings give the same decisions at
 * every speed.
 */
export async function demo(options: DemoOptions): Promise<DemoSummary> {
  const { settings, backbone, speed } = options;
  const sinceMs = performance.now();
  const startAt = Date.parse(settings.emulator.startAt) * 1_000;
  const history = emulatedHistory(settings.emulator);
  const pacedFrom = performance.now();
  const dueAt = (): Micros => startAt + ((performance.now() - pacedFrom) / 1000) * speed * SECOND;

  async function* batches(): AsyncGenerator<readonly Frame[]> {
    yield [{ kind: 'session', at: startAt, name: `emulated ${settings.emulator.seed}`, history }];
    let batch: Frame[] = [];
    for (const frame of emulatedFrames(settings.emulator)) {
      while (frame.at > dueAt()) {
        yield batch;
        batch = [];
        if (options.stopped?.()) return;
        await sleep(PAUSE_MS);
      }
      batch.push(frame);
      if (batch.length >= BATCH_FRAMES) {
        yield batch;
        batch = [];
        if (options.stopped?.()) return;
        await sleep(0);
      }
    }
    yield batch;
  }

  return runLane(
    {
      batches: batches(),
      startAt,
      settings,
      backbone,
      openGateway: paperGateway(settings.execution),
      out: options.out,
      prefix: 'SIMULATED-',
      tap: options.tap,
      sinceMs,
      afterBatch: (frames, at) => options.paint?.(at, frames),
    },
    () => ({ lane: 'demo' as const, notice: 'SIMULATED' as const, seed: settings.emulator.seed }),
  );
}
