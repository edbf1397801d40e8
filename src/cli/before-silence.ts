import { BehaviorSubject, filter, firstValueFrom, map, merge, type Observable, takeUntil, tap } from 'rxjs';
import { every } from '../operators/after.ts';
import type { EdgeClock } from '../transport/edge-clock.ts';
import type { Http } from '../transport/http.ts';

/** What start-up work runs on, and how long it may wait for a venue. */
export interface Patience {
  readonly http: Http;
  readonly clock: EdgeClock;
  /** Longest time without any answer. */
  readonly silentMs: number;
  /** The operator's wish to end. */
  readonly stop$: Observable<unknown>;
}

const LOOK_MS = 50;

/**
 * Work that asks a venue before the lane begins, and that must not hold it up: as long as answers come it may take its
 * time, but after `silentMs` without one, or at `stop$`, the result is what `instead` gives. The work is given the
 * REST that it must use.
 */
export async function beforeSilence<T>(
  work: (http: Http) => Promise<T>,
  { http, clock, silentMs, stop$ }: Patience,
  instead: (why: string) => T,
): Promise<T> {
  let heardMs = clock.now();
  const ended$ = new BehaviorSubject(false);
  const over$ = ended$.pipe(filter((ended) => ended));
  const watched: Http = (request) =>
    http(request).pipe(
      takeUntil(over$),
      tap(({ kind }) => {
        if (kind === 'answered') heardMs = clock.now();
      }),
    );
  const silence$ = every(LOOK_MS, clock).pipe(
    filter(() => clock.now() - heardMs >= silentMs),
    map(() => `no answer for ${silentMs / 1000} s`),
  );
  const given = firstValueFrom(merge(silence$, stop$.pipe(map(() => 'interrupted'))).pipe(takeUntil(over$)), {
    defaultValue: '',
  }).then((why) => ({ why }));
  const done = work(watched).then((result) => ({ result }));
  // Left to itself once it was given up: its failure concerns nobody then.
  done.catch(() => {});
  try {
    const first = await Promise.race([done, given]);
    return 'result' in first ? first.result : instead(first.why);
  } finally {
    ended$.next(true);
  }
}
