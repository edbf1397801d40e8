import { MINUTE, type Micros } from '../../domain/time.ts';
import { clusteredMean } from './clustered.ts';

/** Seconds after a fill at which the middle of the book is read. */
export const MARKOUT_SECONDS = [1, 5, 30, 60] as const;
type MarkoutSeconds = (typeof MARKOUT_SECONDS)[number];

/** A fill, and what its contract was worth later. Prices are those of YES, in dollars. */
export interface MarkedFill {
  readonly at: Micros;
  readonly closeAt: Micros | undefined;
  readonly close: string;
  readonly side: 'bid' | 'ask';
  readonly taker: boolean;
  readonly price: number;
  readonly contracts: number;
  readonly feeDollars: number;
  /** Middle of the book so many seconds later; undefined where it is not known. */
  readonly mids: Readonly<Partial<Record<MarkoutSeconds, number>>>;
  /** What YES paid; undefined while it is not settled. */
  readonly settled: 0 | 1 | undefined;
}

/** A mean of one contract's profit or loss in dollars, fills weighted alike within a close. */
export interface Markout {
  readonly fills: number;
  readonly mean: number;
  /** Clustered by close. */
  readonly standardError: number;
}

/** Markouts of one kind of fill. */
export interface MarkoutRow {
  readonly tactic: 'take' | 'make';
  readonly side: 'bid' | 'ask';
  /** Time to the close at the fill. */
  readonly fromMinutes: number;
  readonly toMinutes: number;
  readonly fills: number;
  readonly contracts: number;
  /** Before fees. */
  readonly seconds: Readonly<Record<MarkoutSeconds, Markout>>;
  readonly settlement: Markout;
  readonly settlementAfterFees: Markout;
}

const BUCKETS = [
  [0, 3],
  [3, 7],
  [7, 15],
  [15, 1_440],
] as const;

const markoutOf = (
  fills: readonly MarkedFill[],
  worthOf: (fill: MarkedFill) => number | undefined,
  costOf: (fill: MarkedFill) => number = () => 0,
): Markout => {
  const marked = fills.flatMap((fill) => {
    const worth = worthOf(fill);
    const gain =
      worth === undefined ? undefined : fill.side === 'bid' ? worth - fill.price : fill.price - worth;
    return gain === undefined ? [] : [{ close: fill.close, gain: gain - costOf(fill) }];
  });
  const { mean, standardError } = clusteredMean(
    marked,
    ({ close }) => close,
    ({ gain }) => gain,
  );
  return { fills: marked.length, mean, standardError };
};

/**
 * How a contract was worth after its fills, by tactic, side and time to the close: negative means that the
 * market knew more than the fill. Kinds without a fill are left out.
 */
export function markoutsOf(fills: readonly MarkedFill[]): readonly MarkoutRow[] {
  return (['take', 'make'] as const).flatMap((tactic) =>
    (['bid', 'ask'] as const).flatMap((side) =>
      BUCKETS.flatMap(([fromMinutes, toMinutes]) => {
        const own = fills.filter((fill) => {
          const minutes = fill.closeAt === undefined ? Number.NaN : (fill.closeAt - fill.at) / MINUTE;
          return (
            fill.side === side &&
            fill.taker === (tactic === 'take') &&
            minutes >= fromMinutes &&
            minutes < toMinutes
          );
        });
        if (own.length === 0) return [];
        return [
          {
            tactic,
            side,
            fromMinutes,
            toMinutes,
            fills: own.length,
            contracts: own.reduce((sum, { contracts }) => sum + contracts, 0),
            seconds: Object.fromEntries(
              MARKOUT_SECONDS.map((seconds) => [seconds, markoutOf(own, ({ mids }) => mids[seconds])]),
            ) as Record<MarkoutSeconds, Markout>,
            settlement: markoutOf(own, ({ settled }) => settled),
            settlementAfterFees: markoutOf(
              own,
              ({ settled }) => settled,
              ({ feeDollars, contracts }) => feeDollars / contracts,
            ),
          },
        ];
      }),
    ),
  );
}
