import type { Known } from '../known.ts';
import type { Count, PriceTicks } from '../money.ts';
import type { Micros } from '../time.ts';
import type { Forecast } from './forecast.ts';

/**
 * What one check found. `headroom` is how far `observed` is on the safe side of `limit`. The check refuses if
 * it is negative or not known.
 */
export interface Finding {
  readonly check: string;
  readonly observed: Known;
  readonly limit: Known;
  readonly headroom: Known;
  /** What the numbers are about, where they do not say it: such as the venue that disagrees. */
  readonly note?: string;
}

/**
 * An order the desk would like to send, before any check. Prices are YES prices: `bid` buys YES, `ask` buys
 * NO.
 */
export interface Proposal {
  readonly ticker: string;
  readonly side: 'bid' | 'ask';
  /** `make` is an order that rests. Left out, the order takes. */
  readonly tactic?: 'make';
  readonly limitTicks: PriceTicks;
  readonly count: Count;
  /** Model probability of YES before and after shrinking toward the market, in [0, 1]. */
  readonly modelProbability: number;
  readonly probability: number;
  /** Standard error of `probability`. */
  readonly probabilityError: number;
  /**
   * Expected profit per contract after the exact fee, in dollars; may be negative. Of an order that rests, after
   * the allowance for adverse selection too.
   */
  readonly edgeDollars: number;
  /** Exact fee per contract at the proposed count, in dollars. */
  readonly feeDollars: number;
}

/** A proposal as a decision publishes it: a number that could not be computed is null. */
export type PublishedProposal = {
  readonly [Key in keyof Proposal]: Key extends
    | 'modelProbability'
    | 'probability'
    | 'probabilityError'
    | 'edgeDollars'
    | 'feeDollars'
    ? Known
    : Proposal[Key];
};

/**
 * What would have to change before the desk would order instead of abstaining. A field is undefined if no
 * change of that kind is enough.
 */
export interface WouldChange {
  /** YES price at which the proposed side would be worth trading. */
  readonly priceTicks: PriceTicks | undefined;
  /** Factor on the forecast's standard deviation at which it would be worth trading. */
  readonly volatilityFactor: number | undefined;
  /** Earliest time at which the checks that depend on time alone would pass. */
  readonly at: Micros | undefined;
}

/**
 * The market that a decision was made on. Volatilities are shares a year of 365 days: 0.4 is 40 %. A number
 * that is not known is null.
 */
export interface DecisionMarket {
  /** The index, or its twin, in dollars. */
  readonly indexDollars: Known;
  /** The volatility that is forecast for the next hour. */
  readonly volatilityPerYear: Known;
  /**
   * The forecast's own band for the next hour, as of the last minute: out of sample, one outcome of ten lay
   * below it and one above. Null for a forecast without a band.
   */
  readonly volatilityLowPerYear: Known;
  readonly volatilityHighPerYear: Known;
  /** How far the forecast may be believed, from 0 to 1; null for one that does not say. */
  readonly confidence: Known;
}

/**
 * What both verdicts have in common. `findings` holds one finding of every check, in the order of the checks.
 */
interface Judged {
  readonly kind: 'decision';
  /** Sequence number within the run, from 1: ids derive from events, never from clocks or chance. */
  readonly id: number;
  readonly at: Micros;
  readonly ticker: string;
  readonly bidTicks: PriceTicks | undefined;
  readonly askTicks: PriceTicks | undefined;
  readonly market: DecisionMarket;
  readonly proposal: PublishedProposal;
  readonly findings: readonly Finding[];
  /** Names of the checks that refused. It is empty if the decision is approved, and only then. */
  readonly failing: readonly string[];
  readonly wouldChange: WouldChange | undefined;
  /**
   * Running digest of every market input up to this decision, 8 hexadecimal digits. Two logs with equal
   * digests had equal inputs.
   */
  readonly inputs: string;
  /** The model that made the forecast behind this decision; undefined without a forecast. */
  readonly model: Forecast['model'] | undefined;
}

/** Every check passed. An order can be made of nothing else. */
export interface Approved extends Judged {
  readonly verdict: 'approved';
}

/** At least one check refused. */
export interface Abstained extends Judged {
  readonly verdict: 'abstained';
}

/** The verdict on one contract. */
export type Decision = Approved | Abstained;
