import type { Decision } from '../domain/events/decision.ts';
import type { Micros } from '../domain/time.ts';
import type { Assessment } from './assess.ts';
import type { Slot } from './slot.ts';

/** Turns evaluations into decisions worth telling. */
export type DecisionTeller = (
  slot: Slot,
  assessment: Assessment,
  at: Micros,
  details: () => Pick<Decision, 'wouldChange' | 'inputs' | 'model'>,
) => Decision | undefined;

/**
 * A decision is told when it approves, when the verdict, the failing checks or the proposed side and price changed, and when the last was told
 * `repeatMicros` ago; else undefined. `details` costs too much to be asked for more often than that. Numbers decisions from 1.
 */
export function decisionTeller(repeatMicros: Micros): DecisionTeller {
  let id = 0;
  return (slot, { proposal, judgement }, at, details) => {
    const { verdict, findings, failing } = judgement;
    const told = `${verdict} ${proposal.side} ${proposal.limitTicks} ${failing.join(' ')}`;
    if (verdict === 'abstained' && told === slot.told && at - slot.toldAt < repeatMicros) return undefined;
    slot.told = told;
    slot.toldAt = at;
    return {
      kind: 'decision',
      verdict,
      id: ++id,
      at,
      ticker: slot.ticker,
      bidTicks: slot.book?.bidTicks,
      askTicks: slot.book?.askTicks,
      proposal,
      findings,
      failing,
      ...details(),
    };
  };
}
