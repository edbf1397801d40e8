import { runningTotals } from '../../maths/block-bootstrap.ts';
import { profitByHour, profitOf } from '../score/profit-by-hour.ts';
import { heldProbability, logistic, logit } from '../score/scored-quote.ts';
import type { Traded } from './traded.ts';

/** What the same fills would have made under one other assumption, in dollars, with its interval of 95 %. */
export interface SensitivityRow {
  readonly of: 'as it was' | 'fees' | 'latency' | 'queue' | 'threshold' | 'weight';
  readonly what: string;
  readonly fills: number;
  readonly totalDollars: number;
  readonly lowDollars: number | null;
  readonly highDollars: number | null;
}

const FEES = [0, 0.5, 2] as const;
const THRESHOLDS = [0.01, 0.02, 0.05] as const;
const WEIGHTS = [0.1, 0.25, 0.5] as const;
const LATER_SECONDS = [1, 5] as const;

/** Had it come later, a taker would have paid what the middle moved meanwhile; a gain is not counted. */
const later =
  (seconds: (typeof LATER_SECONDS)[number]) =>
  (fill: Traded): number | undefined => {
    const profit = profitOf(fill);
    const moved = fill.mids[seconds];
    if (profit === undefined || !fill.taker || moved === undefined || fill.mid === null) return profit;
    const against = fill.side === 'bid' ? moved - fill.mid : fill.mid - moved;
    return profit - Math.max(0, against) * fill.contracts;
  };

const edgeUnder = (weight: number, { modelProbability, mid, side, price, feeDollars, contracts }: Traded) => {
  if (modelProbability === null || mid === null) return undefined;
  const probability = logistic(
    weight * logit(heldProbability(modelProbability)) + (1 - weight) * logit(heldProbability(mid)),
  );
  return (side === 'bid' ? probability - price : price - probability) - feeDollars / contracts;
};

/**
 * What hangs on fees, latency, queue, threshold and weight: the fills of a run, valued under other assumptions or left out
 * where the order would not have been sent. It is no replay: what would have been bought instead is not known, and
 * a replay tells that (`voltage sweep`).
 */
export function sensitivityOf(fills: readonly Traded[]): readonly SensitivityRow[] {
  const row = (
    of: SensitivityRow['of'],
    what: string,
    kept: readonly Traded[] = fills,
    profit?: (fill: Traded) => number | undefined,
  ): SensitivityRow => {
    const settled = kept.filter((fill) => fill.settled !== undefined);
    const last = runningTotals(profitByHour(settled, profit)).at(-1);
    return {
      of,
      what,
      fills: settled.length,
      totalDollars: last?.total ?? 0,
      lowDollars: last?.low ?? null,
      highDollars: last?.high ?? null,
    };
  };
  const makes = fills.some(({ taker }) => !taker);
  return [
    row('as it was', 'as it was'),
    ...FEES.map((factor) =>
      row('fees', factor === 0 ? 'no fees' : `fees × ${factor}`, fills, (fill) => profitOf(fill, factor)),
    ),
    ...LATER_SECONDS.map((seconds) => row('latency', `takers ${seconds} s later`, fills, later(seconds))),
    ...(makes
      ? [
          row(
            'queue',
            'no fill of a resting order',
            fills.filter(({ taker }) => taker),
          ),
        ]
      : []),
    ...THRESHOLDS.map((least) =>
      row(
        'threshold',
        `edge of at least ${100 * least} ¢`,
        fills.filter(({ edgeDollars }) => (edgeDollars ?? Number.NEGATIVE_INFINITY) >= least),
      ),
    ),
    ...WEIGHTS.map((weight) =>
      row(
        'weight',
        `edge left where the model weighs ${weight}`,
        fills.filter((fill) => (edgeUnder(weight, fill) ?? Number.NEGATIVE_INFINITY) > 0),
      ),
    ),
  ];
}
