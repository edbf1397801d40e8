import { concat, concatMap, defer, map, type Observable, of, takeWhile, toArray } from 'rxjs';
import { z } from 'zod';
import { type Micros, SECOND } from '../../domain/time.ts';
import type { KalshiAnswer, KalshiRest } from '../../venues/kalshi/rest.ts';

/**
 * Reads lag the matching engine by about a second, so a read begins this long before the time it is about.
 */
const OVERLAP = 10 * SECOND;
const LIMIT = 1_000;

const onePage = z.object({ cursor: z.string().nullish() });
const byShard = z.object({ balance_breakdown: z.array(z.unknown()) });

/**
 * Reads our account whole: up to when reads are valid, orders and fills since `since`, positions, cash by
 * shard, deposits, withdrawals, and settlements since `since`. Orders come before fills, because fills name
 * them by the venue's own ids; the time of validity comes first, so that whatever follows is at least as new.
 * Only the primary subaccount is read, since the venue's lists of orders, fills and settlements have all of
 * them otherwise. All answers come together at the end, one a page; after a read that failed nothing comes
 * but its failure, so that no half of a round is believed.
 */
export const portfolioReads = (
  rest: Pick<KalshiRest, 'get' | 'pages'>,
  since: Micros,
): Observable<KalshiAnswer> =>
  defer(() => {
    const min_ts = Math.max(0, Math.floor((since - OVERLAP) / SECOND));
    const ours = { subaccount: 0, limit: LIMIT };
    return concat(
      rest.get('/exchange/user_data_timestamp'),
      rest.pages('/portfolio/orders', { min_ts, ...ours }),
      rest.pages('/portfolio/fills', { min_ts, ...ours }),
      rest.get('/portfolio/positions', ours).pipe(map(whole('positions', isOnePage, 'more than one page'))),
      rest
        .get('/portfolio/balance', { subaccount: 0 })
        .pipe(map(whole('balance', isByShard, 'no cash by shard: the key is of one subaccount'))),
      rest.pages('/portfolio/deposits', { limit: LIMIT }),
      rest.pages('/portfolio/withdrawals', { limit: LIMIT }),
      rest.pages('/portfolio/settlements', { min_ts, ...ours }),
    );
  }).pipe(
    takeWhile(({ kind }) => kind === 'ok', true),
    toArray(),
    concatMap((answers) => {
      const failed = answers.find(({ kind }) => kind !== 'ok');
      return failed ? of(failed) : of(...answers);
    }),
  );

const isOnePage = (json: unknown): boolean => {
  const { data } = onePage.safeParse(json);
  return data !== undefined && !data.cursor;
};
const isByShard = (json: unknown): boolean => byShard.safeParse(json).success;

/** An answer that lacks a part of what was asked for counts as failed. */
const whole =
  (name: string, is: (json: unknown) => boolean, why: string) =>
  (answer: KalshiAnswer): KalshiAnswer =>
    answer.kind !== 'ok' || is(answer.json)
      ? answer
      : { kind: 'failed', why: `/portfolio/${name}: ${why}`, arrived: true };
