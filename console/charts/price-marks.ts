import type { FillView, OrderView } from '../../src/console/state.ts';
import { clockTime } from '../../src/domain/clock-time.ts';
import { centsOfTicks, dollars, plain } from './figures.ts';
import type { PriceTable } from './price-table.ts';

/** An order or a fill on the price chart, at the price of the index then. */
export interface PriceMark {
  readonly kind: 'order' | 'fill';
  readonly side: 'bid' | 'ask';
  readonly at: number;
  readonly dollars: number;
  readonly text: string;
}

const VERB = { bid: 'buy YES', ask: 'sell YES' } as const;
const DONE = { bid: 'bought YES', ask: 'sold YES' } as const;

/** Number of the last row whose time is not after `seconds`; −1 before the first. */
export function rowAt(xs: readonly number[], seconds: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((xs[middle] ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const seriesOf = (ticker: string): string => ticker.split('-', 1)[0] ?? '';

/**
 * What was sent and what was filled since the first row, in the order of time. A contract that is closed and gone is
 * known by its series, with which its ticker begins.
 */
export function priceMarks(
  orders: readonly OrderView[],
  fills: readonly FillView[],
  series: ReadonlySet<string>,
  { xs, index, spot }: Pick<PriceTable, 'xs' | 'index' | 'spot'>,
): PriceMark[] {
  const priceOf = (at: number): number | null => {
    for (let row = rowAt(xs, at / 1e6); row >= 0; row -= 1) {
      const price = index[row] ?? spot[row];
      if (price !== null && price !== undefined) return price;
    }
    return null;
  };
  const marks: PriceMark[] = [];
  const add = (mark: Omit<PriceMark, 'dollars'>): void => {
    const price = priceOf(mark.at);
    if (price !== null) marks.push({ ...mark, dollars: price });
  };
  for (const { ticker, sentAt, side, count, limitTicks, state } of orders)
    if (series.has(seriesOf(ticker)))
      add({
        kind: 'order',
        side,
        at: sentAt,
        text: `${clockTime(sentAt)} ${VERB[side]} ${plain(count / 100)} × ${centsOfTicks(limitTicks)} ${ticker}, ${state}`,
      });
  for (const { ticker, at, side, count, priceTicks, feeDollars } of fills)
    if (series.has(seriesOf(ticker)))
      add({
        kind: 'fill',
        side,
        at,
        text: `${clockTime(at)} ${DONE[side]} ${plain(count / 100)} × ${centsOfTicks(priceTicks)} ${ticker}, fee ${dollars(feeDollars)}`,
      });
  return marks.sort((a, b) => a.at - b.at);
}
