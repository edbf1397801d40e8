import { Observable, type Subscriber } from 'rxjs';
import type { Settings } from '../../src/config/settings.ts';
import type { Frame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import type { OpenGateway } from '../../src/execution/gateway.ts';
import type { Forecaster } from '../../src/forecast/forecaster.ts';
import { drive } from '../../src/operators/drive.ts';
import { tapeScheduler } from '../../src/operators/tape-scheduler.ts';
import { type Audit, graph } from '../graph.ts';

/** A lane's choice of ends. */
export interface Run {
  readonly batches: AsyncIterable<readonly Frame[]> | Iterable<readonly Frame[]>;
  readonly startAt: Micros;
  readonly settings: Settings;
  readonly forecaster: Forecaster;
  readonly openGateway: OpenGateway;
  readonly audit: (event: Audit) => void;
  readonly afterBatch?: ((frames: number, at: Micros) => void) | undefined;
}

/** What came of driving the graph to the end of its frames. */
export interface Ran {
  /** Wire frames; sessions, outcomes and commands are not counted. */
  readonly frames: number;
  /** Frames stamped before the clock: delivered, counted, and unable to move it. */
  readonly backwards: number;
  readonly endedAt: Micros;
}

/** Drives the graph over all frames. Throws what any part of the graph or of `audit` threw: a lane stops rather than goes on wrong. */
export async function runGraph({ batches, startAt, audit, afterBatch, ...rest }: Run): Promise<Ran> {
  const clock = tapeScheduler(startAt);
  let entrance: Subscriber<Frame> | undefined;
  const frame$ = new Observable<Frame>((to) => {
    entrance = to;
  });
  let failure: { readonly cause: unknown } | undefined;
  const fail = (cause: unknown): void => {
    failure ??= { cause };
  };
  const running = graph({ frame$, clock, ...rest }).subscribe({
    next: (event) => {
      try {
        audit(event);
      } catch (cause) {
        fail(cause);
      }
    },
    error: fail,
  });
  const check = (): void => {
    if (failure) throw failure.cause;
  };
  let frames = 0;
  try {
    const { backwards } = await drive(
      batches,
      clock,
      (frame) => {
        if (frame.kind === 'wire') frames++;
        entrance?.next(frame);
      },
      (count, at) => {
        check();
        afterBatch?.(count, at);
      },
    );
    entrance?.complete();
    check();
    return { frames, backwards, endedAt: clock.at };
  } finally {
    running.unsubscribe();
  }
}
