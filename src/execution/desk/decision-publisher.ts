import type { Decision, PublishedProposal } from '../../domain/events/decision.ts';
import { known } from '../../domain/known.ts';
import type { Micros } from '../../domain/time.ts';
import type { Assessment } from './assess.ts';
import type { Slot } from './slot.ts';

/** Turns an assessment into a decision, or into nothing if the decision is not worth publishing. */
export type DecisionPublisher = (
  slot: Slot,
  assessment: Assessment,
  at: Micros,
  details: () => Pick<Decision, 'market' | 'wouldChange' | 'inputs' | 'model'>,
) => Decision | undefined;

const published = (proposal: Assessment['proposal']): PublishedProposal => ({
  ...proposal,
  modelProbability: known(proposal.modelProbability),
  probability: known(proposal.probability),
  probabilityError: known(proposal.probabilityError),
  edgeDollars: known(proposal.edgeDollars),
  feeDollars: known(proposal.feeDollars),
});

/**
 * A decision is published when it approves, when its verdict, its failing checks or its proposed side and
 * price have changed, or when the last one was published `repeatMicros` ago. Otherwise the result is
 * undefined. `details` is costly, so it is only called for a published decision. Decisions are numbered from
 * 1.
 */
export function decisionPublisher(repeatMicros: Micros): DecisionPublisher {
  let id = 0;
  return (slot, { proposal, judgement }, at, details) => {
    const { verdict, findings, failing } = judgement;
    const key = `${verdict} ${proposal.side} ${proposal.limitTicks} ${failing.join(' ')}`;
    if (verdict === 'abstained' && key === slot.publishedKey && at - slot.publishedAt < repeatMicros)
      return undefined;
    slot.publishedKey = key;
    slot.publishedAt = at;
    return {
      kind: 'decision',
      verdict,
      id: ++id,
      at,
      ticker: slot.ticker,
      bidTicks: slot.book?.bidTicks,
      askTicks: slot.book?.askTicks,
      proposal: published(proposal),
      findings: findings.map(({ check, observed, limit, headroom, note }) => ({
        check,
        observed: known(observed),
        limit: known(limit),
        headroom: known(headroom),
        ...(note !== undefined && { note }),
      })),
      failing,
      ...details(),
    };
  };
}
