import { z } from 'zod';
import type { Asked } from './ask.ts';
import { fail, ok, skipped, type Verdict, warn } from './verdict.ts';

const active = z.object({ exchange_active: z.boolean().optional(), trading_active: z.boolean().optional() });
const statusBody = active.extend({
  exchange_estimated_resume_time: z.string().nullish(),
  exchange_index_statuses: z.array(active.extend({ exchange_index: z.int() })).nullish(),
});
const seriesBody = z.object({ series: z.object({ exchange_index: z.int().nonnegative() }) });

/** The shard of a series by `GET /series/{ticker}`; undefined if the answer has none. */
export const shardOf = (series: Asked): number | undefined =>
  series.kind === 'answered' ? seriesBody.safeParse(series.json).data?.series.exchange_index : undefined;

/**
 * Whether the exchange trades, by `GET /exchange/status`: by the shard's own row, else by the whole exchange,
 * which is shard 0.
 */
export function checkExchange(status: Asked, shard: number | undefined): Verdict {
  if (status.kind !== 'answered') return skipped('Kalshi did not give its status', 'see Kalshi REST');
  const { data } = statusBody.safeParse(status.json);
  if (!data) return warn('the status has another shape', 'look whether a newer version reads it');
  const row = data.exchange_index_statuses?.find((each) => each.exchange_index === shard);
  const about = row ? `shard ${shard}` : 'the exchange as a whole';
  const exchange = row?.exchange_active ?? data.exchange_active;
  const trading = row?.trading_active ?? data.trading_active;
  const until = data.exchange_estimated_resume_time;
  const resumes = until ? `, back at ${until} by its own estimate` : '';
  if (exchange !== true)
    return fail(`${about}: closed${resumes}`, 'wait: orders and cancels are refused until it opens');
  if (trading !== true)
    return warn(
      `${about}: open, but trading is paused${resumes}`,
      'wait: orders are refused until it goes on (each week Thursday 03:00 to 05:00 New York time)',
    );
  return shard === undefined
    ? warn(`${about}: open and trading; the shard of the contracts is not known`, 'see Kalshi REST')
    : ok(`${about}: open and trading${row ? '' : ` (it says nothing of shard ${shard})`}`);
}
