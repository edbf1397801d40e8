import { EMPTY, exhaustMap, map, merge, type Observable } from 'rxjs';
import type { ConnectionFrame, RestFrame } from '../../src/domain/frame.ts';
import type { Micros } from '../../src/domain/time.ts';
import { EXCHANGE } from '../../src/domain/venues.ts';
import { after, every } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';
import type { KalshiAnswer } from '../../src/venues/kalshi/rest.ts';

/** What reading an account needs. */
export interface AccountFramesPorts {
  /** One round of reads. */
  readonly round: () => Observable<KalshiAnswer>;
  readonly clock: EdgeClock;
  readonly stamp: () => Micros;
  /** Asks for a round now. */
  readonly ask$: Observable<unknown>;
  /** Whether the lane knows its account; until then rounds follow each other at once. */
  readonly known: () => boolean;
}

const SOON_MS = 1_000;
/** Rounds of a lane that knows its account: one in this many seconds. */
const LATER_ROUNDS = 30;

/**
 * The venue's account as frames: a round each second until it is known, then each thirty seconds and whenever
 * it is asked for. A round that runs serves whoever asks meanwhile. A round that failed is one `refused`.
 */
export function accountFrames({
  round,
  clock,
  stamp,
  ask$,
  known,
}: AccountFramesPorts): Observable<RestFrame | ConnectionFrame> {
  const frameOf = (answer: KalshiAnswer): RestFrame | ConnectionFrame =>
    answer.kind === 'ok'
      ? { kind: 'rest', at: stamp(), venue: EXCHANGE, resource: answer.resource, text: answer.text }
      : {
          kind: 'connection',
          at: stamp(),
          venue: EXCHANGE,
          change: 'refused',
          detail: `the account could not be read: ${answer.why}`,
        };
  const due$ = every(SOON_MS, clock).pipe(map((second) => !known() || second % LATER_ROUNDS === 0));
  return merge(after(0, clock).pipe(map(() => true)), due$, ask$.pipe(map(() => true))).pipe(
    exhaustMap((isDue) => (isDue ? round() : EMPTY)),
    map(frameOf),
  );
}
