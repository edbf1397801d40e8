import { z } from 'zod';
import { readLimits } from '../../venues/kalshi/limits.ts';
import type { Asked } from './ask.ts';
import { KALSHI_HINT } from './check-kalshi.ts';
import { explainRefusal } from './explain-refusal.ts';
import { fail, ok, type Verdict, warn } from './verdict.ts';

const balanceBody = z.object({
  balance_dollars: z.string().optional(),
  portfolio_value: z.number().optional(),
  balance_breakdown: z.array(z.object({ exchange_index: z.int(), balance: z.string() })).nullish(),
});
const writeBody = z.object({
  write: z.object({ refill_rate: z.number(), bucket_capacity: z.number() }),
});

/** The verdict on a signed request that was not answered. */
export const refusalOf = (asked: Exclude<Asked, { readonly kind: 'answered' }>): Verdict =>
  asked.kind === 'failed'
    ? fail(asked.why, KALSHI_HINT)
    : explainRefusal(asked.status, asked.text, KALSHI_HINT);

/**
 * Whether a signed `GET /portfolio/balance` is accepted, and whether there is cash on `shard`, the one of the
 * contracts. Only the cash of its own shard covers an order (docs.kalshi.com, exchange shards). A lane that
 * is to send `orders` needs some, unless positions are open: then it must start to look after them.
 */
export function checkBalance(balance: Asked, shard: number | undefined, orders = false): Verdict {
  if (balance.kind !== 'answered') return refusalOf(balance);
  const { data } = balanceBody.safeParse(balance.json);
  if (!data)
    return warn('accepted, but the balance has another shape', 'look whether a newer version reads it');
  const cash = (data.balance_breakdown ?? []).filter((row) => Number(row.balance) > 0);
  const text =
    cash.length === 0
      ? `cash $${data.balance_dollars ?? '0'}`
      : cash.map((row) => `$${row.balance} on shard ${row.exchange_index}`).join(', ');
  const lacks = orders && !((data.portfolio_value ?? 0) > 0) ? fail : warn;
  if (shard !== undefined && cash.length > 0 && cash.every((row) => row.exchange_index !== shard))
    return lacks(
      `accepted; ${text}`,
      `the contracts are on shard ${shard}: move cash there before trading (kalshi.com, account, exchange indexes)`,
    );
  if (orders && cash.length === 0 && !(Number(data.balance_dollars) > 0))
    return lacks(`accepted; ${text}`, 'there is no cash to trade with: deposit some');
  return ok(`accepted; ${text}`);
}

/** Tier and buckets of the account, by `GET /account/limits`. */
export function checkLimits(limits: Asked): Verdict {
  if (limits.kind !== 'answered') return refusalOf(limits);
  const known = readLimits(limits.json);
  const { data } = writeBody.safeParse(limits.json);
  if (!known || !data)
    return warn('the limits have another shape', 'look whether a newer version reads them');
  const { tier, read } = known;
  const { refill_rate: rate, bucket_capacity: capacity } = data.write;
  return ok(
    `tier ${tier}; tokens a second: read ${read.ratePerSecond} (up to ${read.capacity}), write ${rate} (up to ${capacity})`,
  );
}
