import type { Count, PriceTicks } from '../money.ts';
import type { Micros } from '../time.ts';
import type { Forecast } from './forecast.ts';

/** What one check saw. `headroom` is how far the observation was inside the limit: negative or NaN refuses, and says by how much. */
export interface Finding {
  readonly check: string;
  readonly observed: number;
  readonly limit: number;
  readonly headroom: number;
}

/** An order the desk would like to send, before any check. Prices are YES prices: `bid` buys YES, `ask` buys NO. */
export interface Proposal {
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly count: Count;
  /** Model probability of YES before and after shrinking toward the market, in [0, 1]. */
  readonly modelProbability: number;
  readonly probability: number;
  /** Standard error of `probability`. */
  readonly probabilityError: number;
  /** Expected profit per contract after the exact fee, in dollars; may be negative. */
  readonly edgeDollars: number;
  /** Exact taker fee per contract at the proposed count, in dollars. */
  readonly feeDollars: number;
}

/** What would have to change for an abstention to become an order; undefined where no such change is enough. */
export interface WouldChange {
  /** YES price at which the proposed side would pay. */
  readonly priceTicks: PriceTicks | undefined;
  /** Factor on the forecast deviation at which it would pay. */
  readonly volatilityFactor: number | undefined;
  /** Earliest time at which the checks that depend on time alone would pass. */
  readonly at: Micros | undefined;
}

/** The verdict on one contract. Both verdicts carry every check's finding, in the order of the checks. */
export interface Decision {
  readonly kind: 'decision';
  readonly verdict: 'approved' | 'abstained';
  /** Sequence number within the run, from 1: ids derive from events, never from clocks or chance. */
  readonly id: number;
  readonly at: Micros;
  readonly ticker: string;
  readonly bidTicks: PriceTicks | undefined;
  readonly askTicks: PriceTicks | undefined;
  readonly proposal: Proposal;
  readonly findings: readonly Finding[];
  /** Names of the checks that refused; empty when approved. */
  readonly failing: readonly string[];
  readonly wouldChange: WouldChange | undefined;
  /** Running digest of every market input up to this decision, 8 hexadecimal digits: equal logs mean equal inputs. */
  readonly inputs: string;
  /** Who forecast what it rests on; undefined without a forecast. */
  readonly model: Forecast['model'] | undefined;
}
