import { type Known, known } from '../../domain/known.ts';
import { runningTotals } from '../../maths/block-bootstrap.ts';
import { clusteredMean } from './clustered.ts';
import { MARKOUT_SECONDS, type MarkedFill } from './markouts.ts';
import { profitByHour, profitOf } from './profit-by-hour.ts';

/** A sum of dollars with its interval of 95 %, by hours of the close; null below three of them. */
export interface Profit {
  readonly dollars: number;
  readonly low: Known;
  readonly high: Known;
  readonly hours: number;
}

/** A mean move of one contract in our favour, in dollars, and its standard error by close. */
export interface Move {
  readonly fills: number;
  readonly mean: Known;
  readonly standardError: Known;
}

/** What one way of trading did. */
export interface TacticRecord {
  readonly tactic: 'take' | 'make';
  readonly fills: number;
  readonly contracts: number;
  /** After fees, of what has settled. */
  readonly profit: Profit;
  /** Before fees, by the middle of the book so many seconds after the fill. */
  readonly markouts: Readonly<Record<(typeof MARKOUT_SECONDS)[number], Move>>;
  /** After fees, at settlement. */
  readonly settlement: Move;
}

/** Profit of a run and what made it. */
export interface TradeRecord {
  readonly profit: Profit;
  /** Fills of contracts that have no result yet; they are not in the profit. */
  readonly openFills: number;
  readonly tactics: readonly TacticRecord[];
}

const profitOfAll = (fills: readonly MarkedFill[]): Profit => {
  const last = runningTotals(profitByHour(fills)).at(-1);
  return last
    ? { dollars: last.total, low: last.low, high: last.high, hours: last.blocks }
    : { dollars: 0, low: null, high: null, hours: 0 };
};

const moveOf = (
  fills: readonly MarkedFill[],
  worthOf: (fill: MarkedFill) => number | undefined,
  feeOf: (fill: MarkedFill) => number = () => 0,
): Move => {
  const marked = fills.flatMap((fill) => {
    const worth = worthOf(fill);
    if (worth === undefined) return [];
    return [{ ...fill, gain: (fill.side === 'bid' ? worth - fill.price : fill.price - worth) - feeOf(fill) }];
  });
  const { mean, standardError } = clusteredMean(
    marked,
    ({ close }) => close,
    ({ gain }) => gain,
  );
  return { fills: marked.length, mean: known(mean), standardError: known(standardError) };
};

/** Sums fills up: profit with its interval, and by tactic the markouts too. */
export function tradeRecord(fills: readonly MarkedFill[]): TradeRecord {
  return {
    profit: profitOfAll(fills),
    openFills: fills.filter((fill) => profitOf(fill) === undefined).length,
    tactics: (['take', 'make'] as const).flatMap((tactic) => {
      const own = fills.filter(({ taker }) => taker === (tactic === 'take'));
      if (own.length === 0) return [];
      return [
        {
          tactic,
          fills: own.length,
          contracts: own.reduce((sum, { contracts }) => sum + contracts, 0),
          profit: profitOfAll(own),
          markouts: Object.fromEntries(
            MARKOUT_SECONDS.map((seconds) => [seconds, moveOf(own, ({ mids }) => mids[seconds])]),
          ) as TacticRecord['markouts'],
          settlement: moveOf(
            own,
            ({ settled }) => settled,
            ({ feeDollars, contracts }) => feeDollars / contracts,
          ),
        },
      ];
    }),
  };
}
