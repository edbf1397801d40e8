import type { Proposal } from '../../domain/events/decision.ts';
import type { Count, PriceTicks } from '../../domain/money.ts';
import type { Micros } from '../../domain/time.ts';
import type { MakeSettings } from './make-settings.ts';

/** A quote as it rests. */
export interface RestingQuote {
  readonly side: 'bid' | 'ask';
  readonly limitTicks: PriceTicks;
  readonly remaining: Count;
  readonly ageMicros: Micros;
  /** Count ahead of it by our own estimate, in 0.01 contracts. */
  readonly ahead: number;
}

type RequoteTerms = Pick<
  MakeSettings,
  'distanceTicks' | 'volatilityMultiple' | 'minAgeMicros' | 'keepAheadCount'
>;

/**
 * Why a quote is to be cancelled, as a sentence; undefined if it stays. `target` is the quote that should be
 * there. `deviationTicks` is the standard deviation of fair value over the time that a cancel needs. What is
 * too generous goes at once; what is too far behind waits until it is old enough, and a good place in the
 * queue is kept longer.
 */
export function requote(
  { side, limitTicks, remaining, ageMicros, ahead }: RestingQuote,
  target: Pick<Proposal, 'limitTicks' | 'count'>,
  deviationTicks: number,
  { distanceTicks, volatilityMultiple, minAgeMicros, keepAheadCount }: RequoteTerms,
): string | undefined {
  if (remaining > target.count) return 'more rests than the position leaves room for';
  const generous = side === 'bid' ? limitTicks - target.limitTicks : target.limitTicks - limitTicks;
  if (generous > distanceTicks / 2) return 'fair value moved against it';
  const distance = Math.max(distanceTicks, volatilityMultiple * deviationTicks);
  const allowed = ahead <= keepAheadCount ? 2 * distance : distance;
  if (-generous > allowed && ageMicros >= minAgeMicros) return 'fair value moved away from it';
  return undefined;
}
