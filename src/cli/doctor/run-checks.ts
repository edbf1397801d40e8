import { catchError, defaultIfEmpty, defer, forkJoin, map, type Observable, of, race, take } from 'rxjs';
import { after } from '../../operators/after.ts';
import type { EdgeClock } from '../../transport/edge-clock.ts';
import { withoutSecrets } from '../../transport/without-secrets.ts';
import { fail, type Verdict } from './verdict.ts';

/** One check of the doctor. */
export interface Check {
  readonly name: string;
  /** What to do if the check never answers or throws. */
  readonly hint: string;
  /** The first verdict counts; unsubscribing stops the check. */
  readonly run: () => Observable<Verdict>;
}

/** A row of the doctor's table. */
export type DoctorRow = { readonly check: string } & Verdict;

const cleaned = (verdict: Verdict): Verdict => ({
  ...verdict,
  found: withoutSecrets(verdict.found),
  ...('next' in verdict && { next: withoutSecrets(verdict.next) }),
});

/**
 * Runs all checks at once and emits their rows in order. A check that throws, ends without a verdict or takes
 * longer than `limitMs` fails; the others go on.
 */
export const runChecks = (
  checks: readonly Check[],
  clock: EdgeClock,
  limitMs: number,
): Observable<readonly DoctorRow[]> =>
  forkJoin(
    checks.map(({ name, hint, run }) =>
      race(
        defer(run).pipe(take(1), defaultIfEmpty(fail('the check ended without a verdict', hint))),
        after(limitMs, clock).pipe(map(() => fail(`no answer within ${limitMs / 1000} s`, hint))),
      ).pipe(
        catchError((cause: unknown) =>
          of(fail(cause instanceof Error ? cause.message : String(cause), hint)),
        ),
        map((verdict): DoctorRow => ({ check: name, ...cleaned(verdict) })),
      ),
    ),
  );
