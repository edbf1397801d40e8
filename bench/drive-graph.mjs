import { Subject } from 'rxjs';
import { graph } from '../dist/pipelines/graph.js';
import { drive } from '../dist/src/operators/drive.js';
import { tapeScheduler } from '../dist/src/operators/tape-scheduler.js';

/**
 * Drives the graph on paper over all batches with nothing round it, and tells each event. `beforeFrame` and `afterBatch` let a benchmark look at its
 * clock. What the graph throws is thrown.
 */
export async function driveGraph({
  batches,
  startAt,
  settings,
  forecaster,
  tell,
  beforeFrame = () => {},
  afterBatch = () => {},
}) {
  const clock = tapeScheduler(startAt);
  const frame$ = new Subject();
  let failure;
  const running = graph({
    frame$,
    clock,
    settings,
    forecasterOf: () => forecaster,
    orders: 'paper',
  }).subscribe({
    next: ({ event }) => tell(event),
    error: (cause) => {
      failure = { cause };
    },
  });
  await drive(
    batches,
    clock,
    (frame) => {
      beforeFrame(frame);
      frame$.next(frame);
    },
    () => {
      if (failure) throw failure.cause;
      afterBatch();
    },
  );
  running.unsubscribe();
  if (failure) throw failure.cause;
}
