import type { TickBand } from '../../domain/contracts.ts';
import type { Proposal } from '../../domain/events/decision.ts';
import type { ContractTop } from '../../domain/events/market.ts';
import { type Count, count, DOLLAR_TICKS, type PriceTicks } from '../../domain/money.ts';
import { edgeOf, type FeePerContract } from '../../pricing/edge.ts';
import { ceilToGrid, floorToGrid } from '../../venues/kalshi/tick-grid.ts';
import type { MakeSettings } from './make-settings.ts';

/** What the two quotes on one contract depend on. */
export interface QuoteInput {
  readonly book: ContractTop;
  readonly tickBands: readonly TickBand[];
  readonly fair: Pick<Proposal, 'modelProbability' | 'probability' | 'probabilityError'>;
  /** Signed count held: YES positive, NO negative. */
  readonly position: Count;
  /** Maker's fee per contract, in dollars. */
  readonly feePerContract: FeePerContract;
  /** Mean move of the middle against a fill, in dollars. */
  readonly allowanceDollars: number;
  readonly lotCount: number;
}

type QuoteTerms = Pick<
  MakeSettings,
  'quoteCount' | 'inventoryMaxCount' | 'skewDollars' | 'marginDollars' | 'errorMultiple'
>;

/** Fees differ by price, so a price found with the fee of another is moved this often at most. */
const MOST_MOVES = 4;

/**
 * The order that should rest on one side: at fair value less fee, allowance and margin, moved away from what
 * is held, on the grid, and never where it would match at once. A position moves a quote that lowers it no
 * further than to where the fee and the allowance are earned. Undefined if there is no such price, if the
 * position leaves no room, and for NaN.
 */
export function quoteOf(side: 'bid' | 'ask', input: QuoteInput, terms: QuoteTerms): Proposal | undefined {
  const { book, tickBands, fair, position, feePerContract, allowanceDollars, lotCount } = input;
  const sign = side === 'bid' ? 1 : -1;
  const room = Math.min(terms.quoteCount, terms.inventoryMaxCount - sign * position);
  const size = count(Math.floor(room / lotCount) * lotCount);
  if (!(size > 0)) return undefined;
  const skew = -sign * terms.skewDollars * (position / terms.inventoryMaxCount);
  const margin = Math.max(0, terms.marginDollars + terms.errorMultiple * fair.probabilityError - skew);
  const onGrid = (ticks: number): PriceTicks | undefined =>
    side === 'bid' ? floorToGrid(tickBands, ticks) : ceilToGrid(tickBands, ticks);
  const best = side === 'bid' ? (book.askTicks ?? DOLLAR_TICKS) - 1 : (book.bidTicks ?? 0) + 1;
  const nearest = (ticks: number): number => (side === 'bid' ? Math.min(ticks, best) : Math.max(ticks, best));
  let feeDollars = 0;
  for (let move = 0; move < MOST_MOVES; move++) {
    const dollars = fair.probability - sign * (margin + allowanceDollars + feeDollars);
    // A float a hair beside a price of the grid is that price.
    const ticks = onGrid(nearest(dollars * DOLLAR_TICKS + sign * 1e-6));
    if (ticks === undefined) return undefined;
    feeDollars = feePerContract(side, ticks, size);
    const edgeDollars = edgeOf(side, fair.probability, ticks, feeDollars) - allowanceDollars;
    if (edgeDollars >= margin - 1e-9)
      return {
        ticker: book.ticker,
        side,
        tactic: 'make',
        limitTicks: ticks,
        count: size,
        ...fair,
        edgeDollars,
        feeDollars,
      };
  }
  return undefined;
}
