import {
  catchError,
  concatWith,
  EMPTY,
  map,
  type Observable,
  of,
  scan,
  startWith,
  switchMap,
  takeWhile,
} from 'rxjs';
import { z } from 'zod';
import type { GroupAt } from '../../src/execution/kalshi/cancel-everything.ts';
import { after } from '../../src/operators/after.ts';
import type { EdgeClock } from '../../src/transport/edge-clock.ts';

/**
 * What a lane tells its supervisor: that it runs, with the order groups it uses, or that it ends regularly. A
 * lane is `starting` until it has the account and may send orders.
 */
export type Heard =
  | {
      readonly kind: 'beat';
      readonly beat: number;
      readonly groups: readonly GroupAt[];
      readonly starting?: boolean | undefined;
    }
  | { readonly kind: 'bye' };

/**
 * Why the supervisor must act. `blocked`: the lane was silent for so long. `died`: its end of the pipe is
 * closed.
 */
export type Alarm =
  | { readonly kind: 'blocked'; readonly silentMs: number; readonly groups: readonly GroupAt[] }
  | { readonly kind: 'died'; readonly groups: readonly GroupAt[] };

/** The longest silence of a lane, in milliseconds. */
export interface Patience {
  /** Of one that may have orders at the venue. */
  readonly runningMs: number;
  /** Of one that has sent none: loading the program and the history holds its event loop. */
  readonly startingMs: number;
}

const beat = z.object({
  beat: z.int(),
  groups: z.array(z.object({ id: z.string().min(1), shard: z.int().nonnegative() })),
  starting: z.boolean().optional(),
});
const bye = z.object({ bye: z.literal(true) });

/** The words of a lane to its supervisor, as one line. */
export const supervisorLine = (heard: Heard): string =>
  `${JSON.stringify(heard.kind === 'bye' ? { bye: true } : { beat: heard.beat, groups: heard.groups, starting: heard.starting })}\n`;

/** Reads such a line; undefined if it is another, which is no sign of life. */
export function heardOf(line: string): Heard | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { data } = beat.safeParse(json);
  if (data) return { kind: 'beat', ...data };
  return bye.safeParse(json).success ? { kind: 'bye' } : undefined;
}

/**
 * The last part of the patience is waited for by itself. A supervisor that was held up for long (the machine
 * was suspended, or has too much to do) so reads the beats that wait for it before it calls the lane silent.
 */
const LAST_PART = 0.1;

/**
 * Watches a lane by its words. An alarm comes once when the lane is silent for longer than its patience,
 * again after each new silence, and at last when its words end, or fail, without a `bye`. Each alarm names
 * the groups of the last beat. A lane counts as starting until its first beat. It completes after a `bye` or
 * after `died`.
 */
export function supervision(
  heard$: Observable<Heard>,
  clock: EdgeClock,
  { runningMs, startingMs }: Patience,
): Observable<Alarm> {
  const start: Heard | { readonly kind: 'lost' } = { kind: 'beat', beat: 0, groups: [], starting: true };
  return heard$.pipe(
    startWith(start),
    catchError(() => EMPTY),
    concatWith(of({ kind: 'lost' as const })),
    takeWhile(({ kind }) => kind !== 'bye', true),
    scan(
      (last, heard) => ({
        kind: heard.kind,
        groups: heard.kind === 'beat' ? heard.groups : last.groups,
        silentMs: heard.kind === 'beat' && heard.starting ? startingMs : runningMs,
      }),
      {
        kind: start.kind as Heard['kind'] | 'lost',
        groups: [] as readonly GroupAt[],
        silentMs: startingMs,
      },
    ),
    switchMap(({ kind, groups, silentMs }): Observable<Alarm> => {
      if (kind === 'bye') return EMPTY;
      if (kind === 'lost') return of({ kind: 'died', groups });
      return after(silentMs * (1 - LAST_PART), clock).pipe(
        switchMap(() => after(silentMs * LAST_PART, clock)),
        map(() => ({ kind: 'blocked', silentMs, groups })),
      );
    }),
  );
}
