import { concatMap, EMPTY, expand, map, type Observable, of } from 'rxjs';
import { MILLISECOND } from '../../domain/time.ts';
import type { Backfill } from '../../transport/feed.ts';
import type { KrakenAnswer, KrakenRest, TradesPage } from './rest.ts';

/** A page of the wanted trades, or the news that some stay missing. */
export type BackfillAnswer =
  | { readonly kind: 'page'; readonly resource: string; readonly text: string }
  | { readonly kind: 'missing'; readonly why: string };

const MOST_PAGES = 50;

interface Step {
  readonly page: number;
  readonly since: string;
  readonly answer: KrakenAnswer<TradesPage>;
}

/**
 * Fetches missed trades page by page from just before the hole to its end. Pages overlap where trades have
 * the same nanosecond, and may repeat known trades, so readers must go by `trade_id`. It ends after the last
 * page, or with one `missing`.
 */
export function backfillTrades(rest: KrakenRest, wanted: Backfill): Observable<BackfillAnswer> {
  const { symbol, firstId, lastId, sinceAt } = wanted;
  const ask = (since: string, page: number): Observable<Step> =>
    rest.trades(symbol, since).pipe(map((answer) => ({ page, since, answer })));
  const missing = (why: string): BackfillAnswer => ({
    kind: 'missing',
    why: `trades ${firstId} to ${lastId} stay missing: ${why}`,
  });
  const lastOf = ({ answer }: Step): number | undefined =>
    answer.kind === 'ok' ? answer.value.rows.at(-1)?.[6] : undefined;
  const done = (step: Step): boolean =>
    step.answer.kind !== 'ok' ||
    (lastOf(step) ?? Number.POSITIVE_INFINITY) >= lastId ||
    step.answer.value.last === step.since ||
    step.page >= MOST_PAGES;

  return ask(`${sinceAt - MILLISECOND}000`, 1).pipe(
    expand((step) =>
      done(step) || step.answer.kind !== 'ok' ? EMPTY : ask(step.answer.value.last, step.page + 1),
    ),
    concatMap((step): Observable<BackfillAnswer> => {
      const { answer } = step;
      if (answer.kind === 'failed') return of(missing(answer.why));
      const page: BackfillAnswer = { kind: 'page', resource: answer.resource, text: answer.text };
      const complete = !done(step) || (lastOf(step) ?? 0) >= lastId;
      if (complete) return of(page);
      const why = step.page >= MOST_PAGES ? `more than ${MOST_PAGES} pages` : 'the venue has no more';
      return of(page, missing(why));
    }),
  );
}
