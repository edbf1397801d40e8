import type { Decision } from '../../domain/events/decision.ts';
import { DOLLAR_TICKS } from '../../domain/money.ts';
import { MINUTE, type Micros } from '../../domain/time.ts';
import { reasonsOf } from '../../risk/reasons-of.ts';

/** The change that is nearest to turning a refusal into an order, and what settled. */
export interface NearestChange {
  readonly ticker: string;
  readonly at: Micros;
  readonly decisionId: number;
  readonly side: 'bid' | 'ask';
  readonly reasons: readonly string[];
  readonly kind: 'price' | 'volatility' | 'time';
  /** Cents of the price, per cent of the volatility, or seconds of time. */
  readonly amount: number;
  /** What one contract would have made after its fee at the price that was proposed; undefined while not settled. */
  readonly wouldDollars: number | undefined;
}

/** How refusals of one first reason would have turned. */
export interface NearestRow {
  readonly reason: string;
  readonly refused: number;
  /** By the kind of the nearest change; the rest could not be turned by one alone. */
  readonly turnedBy: Readonly<Record<NearestChange['kind'], number>>;
  /** Medians of those. */
  readonly cents: number | undefined;
  readonly percent: number | undefined;
  readonly seconds: number | undefined;
}

/** A cent of the price, a per cent of the volatility and ten seconds count as equally near. */
const SECONDS_AS_A_CENT = 10;
/** Reasons that time alone ends: those that `wouldChange.at` is about. */
const BY_TIME: readonly string[] = ['cooldown', 'toCloseMax'];

/** What one contract of a refused proposal would have made; undefined where its price or fee is not known. */
export function counterfactual(
  { proposal }: Pick<Decision, 'proposal'>,
  result: 'yes' | 'no' | undefined,
): number | undefined {
  const { side, limitTicks, feeDollars } = proposal;
  if (result === undefined || feeDollars === null || !(limitTicks > 0 && limitTicks < DOLLAR_TICKS))
    return undefined;
  const price = limitTicks / DOLLAR_TICKS;
  const worth = result === 'yes' ? 1 : 0;
  return (side === 'bid' ? worth - price : price - worth) - feeDollars;
}

/**
 * The nearest single change that turns a refusal: undefined where none does. A price or a volatility turns only what
 * the edge alone refused; time only what time alone ends.
 */
export function nearestChange(
  decision: Decision,
): Pick<NearestChange, 'kind' | 'amount' | 'reasons'> | undefined {
  const reasons = reasonsOf(decision);
  const { priceTicks, volatilityFactor, at } = decision.wouldChange ?? {};
  const { limitTicks } = decision.proposal;
  const onlyEdge = reasons.every((reason) => reason === 'edge');
  const ways = [
    ...(onlyEdge && priceTicks !== undefined
      ? [
          {
            kind: 'price' as const,
            amount: (100 * Math.abs(priceTicks - limitTicks)) / DOLLAR_TICKS,
            scale: 1,
          },
        ]
      : []),
    ...(onlyEdge && volatilityFactor !== undefined
      ? [{ kind: 'volatility' as const, amount: 100 * Math.abs(volatilityFactor - 1), scale: 1 }]
      : []),
    ...(at !== undefined && reasons.every((reason) => BY_TIME.includes(reason))
      ? [{ kind: 'time' as const, amount: (at - decision.at) / (MINUTE / 60), scale: SECONDS_AS_A_CENT }]
      : []),
  ].sort((one, other) => one.amount / one.scale - other.amount / other.scale);
  const [first] = ways;
  return first && { kind: first.kind, amount: first.amount, reasons };
}
