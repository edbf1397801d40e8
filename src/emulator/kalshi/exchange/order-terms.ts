import { DOLLAR_TICKS } from '../../../domain/money.ts';
import { MILLISECOND } from '../../../domain/time.ts';
import { onGrid } from '../../../venues/kalshi/tick-grid.ts';
import type { EmulatedAnswer } from '../../transport/emulated-venue.ts';
import { fixedPointText } from '../public/text.ts';
import type { HeldOrder } from './matching.ts';
import type { OrderParts } from './order-parts.ts';
import { readCount, readPrice } from './order-request.ts';
import { refusals } from './refusal.ts';

/** What an order or an amendment asks for. */
export interface AskedTerms {
  readonly ticker: string;
  readonly exchangeIndex: number | undefined;
  readonly price: string;
  readonly count: string;
}

/** Terms that are allowed: price in $0.0001, count in 0.01 contracts. */
export interface OrderTerms {
  readonly ticks: number;
  readonly count: number;
  readonly exchangeIndex: number;
}

/** The refusal of a market that is not open; undefined if it is. A paused market is open. */
export function closed({ matching, now }: OrderParts, ticker: string): EmulatedAnswer | undefined {
  const market = matching.market(ticker);
  if (!market) return refusals.notFound();
  const { openAt, closeAt } = market.contract();
  const open = now() < closeAt && now() >= openAt && market.started();
  return open ? undefined : refusals.marketInactive();
}

/** Checks what orders and amendments have in common. */
export function checkTerms(
  parts: OrderParts,
  { ticker, exchangeIndex, price, count }: AskedTerms,
): EmulatedAnswer | OrderTerms {
  const refusal = closed(parts, ticker);
  if (refusal) return refusal;
  if (parts.halts.paused(ticker)) return refusals.tradingPaused();
  if (!parts.attested()) return refusals.attestationLapsed();
  const contract = parts.matching.market(ticker)?.contract();
  if (!contract) return refusals.notFound();
  if (exchangeIndex !== undefined && exchangeIndex !== -1 && exchangeIndex !== contract.exchangeIndex)
    return refusals.invalidParameters(`exchange_index: ${ticker} is on ${contract.exchangeIndex}`);
  const ticks = readPrice(price);
  if (ticks === undefined || !onGrid(contract.tickBands, ticks)) return refusals.invalidPrice();
  const wanted = readCount(count);
  if (wanted === undefined) return refusals.invalidOrder('count must be positive, in steps of 0.01');
  return { ticks, count: wanted, exchangeIndex: contract.exchangeIndex };
}

/** Writes "0.520000" as "0.5200": four decimals unless more are needed. */
const averageText = (micros: number): string => {
  const text = (micros / 1e6).toFixed(6);
  return text.endsWith('00') ? text.slice(0, -2) : text;
};

/** The fields about the fills of one call: the average price of YES, and the average fee of a contract. */
function averages(before: HeldOrder, after: HeldOrder): Readonly<Record<string, string>> {
  const count = after.view.filled - before.view.filled;
  if (count === 0) return {};
  const cost = after.view.takerCostMicroDollars - before.view.takerCostMicroDollars;
  const fee = after.view.takerFeesMicroDollars - before.view.takerFeesMicroDollars;
  const yes = after.view.side === 'bid' ? cost : DOLLAR_TICKS * count - cost;
  return {
    average_fill_price: averageText(Math.round((yes * 100) / count)),
    average_fee_paid: averageText(Math.round((fee * 100) / count)),
  };
}

/** The body of the answer to an order or an amendment. */
export const placedBody = (
  before: HeldOrder,
  after: HeldOrder,
  { now }: OrderParts,
): Readonly<Record<string, unknown>> => ({
  ...averages(before, after),
  ...(after.view.clientOrderId !== '' && { client_order_id: after.view.clientOrderId }),
  fill_count: fixedPointText(after.view.filled),
  order_id: after.view.orderId,
  remaining_count: fixedPointText(after.view.remaining),
  ts_ms: Math.floor(now() / MILLISECOND),
});
