import type { CheckWorth } from '../../src/risk/checks-worth.ts';
import { signedCents } from '../charts/figures.ts';

/** What a check was worth: `cost` and `saved` only where the interval lies on one side of zero. */
export interface CheckVerdict {
  readonly kind: 'waiting' | 'open' | 'cost' | 'saved';
  readonly words: string;
}

const cents = (value: number): string => signedCents(100 * Math.abs(value)).replace('+', '');

/** Says in words what the refusals of a check cost or saved for each contract, once settled. */
export function checkVerdict(worth: CheckWorth): CheckVerdict {
  const { settled, closes, hours, wouldDollars, lowDollars, highDollars } = worth;
  if (settled === 0 || wouldDollars === null)
    return { kind: 'waiting', words: 'None of its contracts has settled yet.' };
  if (lowDollars === null || highDollars === null)
    return {
      kind: 'waiting',
      words: `Too few have settled for an interval${closes === undefined ? '' : `: ${closes} ${closes === 1 ? 'close' : 'closes'}`}${hours === undefined ? '' : ` in ${hours} ${hours === 1 ? 'hour' : 'hours'}`}.`,
    };
  if (lowDollars > 0)
    return {
      kind: 'cost',
      words: `Cost ${cents(wouldDollars)} a contract: what it refused would have earned. Does not cover zero.`,
    };
  if (highDollars < 0)
    return {
      kind: 'saved',
      words: `Saved ${cents(wouldDollars)} a contract: what it refused would have lost. Does not cover zero.`,
    };
  return { kind: 'open', words: 'Covers zero: it cannot be said that it cost or saved anything.' };
}
