import { MILLISECOND, type Micros, SECOND } from '../../../domain/time.ts';
import type { EmulatedContract } from '../public/contract.ts';
import type { KalshiEmission } from '../public/emission.ts';

/** A settlement that is disputed, and how it ends. */
interface Review {
  readonly contract: EmulatedContract;
  readonly disputedAt: Micros;
  readonly amendedAt: Micros;
  /** The determination that ends it. */
  readonly amended: Determined;
  step: 'determined' | 'disputed' | 'amended';
}

type Determined = Extract<KalshiEmission, { kind: 'determined' }>;

/** Disputes between the determination of a market and its settlement. */
export interface SettlementReview {
  /** Disputes the next determination, of `ticker` or of any market, for `span`. */
  readonly arm: (dispute: Dispute) => void;
  /** What is published of an emission: a market under review does not settle by it. */
  readonly hear: (emission: KalshiEmission) => readonly KalshiEmission[];
  /** What reviews publish up to `at`. */
  readonly due: (at: Micros) => readonly KalshiEmission[];
}

/** A dispute that is still to come. `upheld` ends it with the same result. */
export interface Dispute {
  readonly ticker: string | undefined;
  readonly upheld: boolean;
  readonly span: Micros;
}

const DISPUTED_AFTER = 500 * MILLISECOND;
/** The settlement timers of the two kinds of series, which an amendment starts again. */
const QUARTER_TIMER = SECOND;
const HOURLY_TIMER = 60 * SECOND;

/** A value just on the side of the strike that `result` needs; undefined without a strike. */
function valueFor(
  { strikeType, floorUnits, capUnits }: EmulatedContract,
  result: 'yes' | 'no',
): number | undefined {
  const yes = result === 'yes';
  switch (strikeType) {
    case 'greater':
      return floorUnits === undefined ? undefined : yes ? floorUnits + 1 : floorUnits;
    case 'greater_or_equal':
    case 'between':
      return floorUnits === undefined ? undefined : yes ? floorUnits : floorUnits - 1;
    case 'less':
      return capUnits === undefined ? undefined : yes ? capUnits - 1 : capUnits;
    case 'less_or_equal':
      return capUnits === undefined ? undefined : yes ? capUnits : capUnits + 1;
  }
}

/**
 * The path of a disputed market: determined, disputed, amended (determined again, its timer starts again),
 * settled. Only the last settles.
 */
export function settlementReview(): SettlementReview {
  let armed: readonly Dispute[] = [];
  const reviews = new Map<string, Review>();
  const begin = (first: Determined, { upheld, span }: Dispute): void => {
    const { contract, at } = first;
    const disputedAt = at + DISPUTED_AFTER;
    const amendedAt = disputedAt + span;
    const result = upheld === (first.result === 'yes') ? 'yes' : 'no';
    reviews.set(contract.ticker, {
      contract,
      disputedAt,
      amendedAt,
      amended: {
        kind: 'determined',
        at: amendedAt,
        contract,
        result,
        valueUnits: upheld ? first.valueUnits : valueFor(contract, result),
        amended: true,
      },
      step: 'determined',
    });
  };
  return {
    arm: (dispute) => {
      armed = [...armed, dispute];
    },
    hear: (emission) => {
      if (emission.kind === 'settled' && reviews.has(emission.contract.ticker)) return [];
      if (emission.kind !== 'determined') return [emission];
      const { ticker } = emission.contract;
      const dispute = armed.find((each) => each.ticker === undefined || each.ticker === ticker);
      if (dispute) {
        armed = armed.filter((each) => each !== dispute);
        begin(emission, dispute);
      }
      return [emission];
    },
    due: (at) => {
      if (reviews.size === 0) return [];
      const out: KalshiEmission[] = [];
      for (const review of [...reviews.values()]) {
        const { contract, disputedAt, amendedAt, amended } = review;
        if (review.step === 'determined' && disputedAt <= at) {
          review.step = 'disputed';
          out.push({ kind: 'disputed', at: disputedAt, contract });
        }
        if (review.step === 'disputed' && amendedAt <= at) {
          review.step = 'amended';
          out.push(amended);
        }
        const timer = contract.kind === 'quarterHour' ? QUARTER_TIMER : HOURLY_TIMER;
        if (review.step === 'amended' && amendedAt + timer <= at) {
          reviews.delete(contract.ticker);
          out.push({ kind: 'settled', at: amendedAt + timer, contract });
        }
      }
      return out;
    },
  };
}
