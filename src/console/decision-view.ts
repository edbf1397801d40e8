import type { Decision } from '../domain/events/decision.ts';
import { sayFinding, sayWhy } from '../risk/say-why.ts';
import type { DecisionLine, DecisionNumbers, DecisionView, FindingView } from './state.ts';

/** A decision in one line, with its reason as a sentence. */
export function decisionLine(decision: Decision): DecisionLine {
  const { id, at, ticker, verdict, proposal, failing } = decision;
  return {
    id,
    at,
    ticker,
    verdict,
    side: proposal.side,
    edgeDollars: proposal.edgeDollars,
    failing,
    why: sayWhy(decision),
  };
}

/** A decision with its numbers, and with what would change it. */
export function decisionNumbers(decision: Decision): DecisionNumbers {
  const { bidTicks, askTicks, proposal, market, wouldChange } = decision;
  return {
    ...decisionLine(decision),
    bidTicks: bidTicks ?? null,
    askTicks: askTicks ?? null,
    limitTicks: proposal.limitTicks,
    count: proposal.count,
    modelProbability: proposal.modelProbability,
    probability: proposal.probability,
    probabilityError: proposal.probabilityError,
    feeDollars: proposal.feeDollars,
    indexDollars: market.indexDollars,
    volatilityPerYear: market.volatilityPerYear,
    wouldPriceTicks: wouldChange?.priceTicks ?? null,
    wouldVolatilityFactor: wouldChange?.volatilityFactor ?? null,
    wouldAt: wouldChange?.at ?? null,
  };
}

/** A decision with every finding in words. */
export function decisionView(decision: Decision): DecisionView {
  return {
    ...decisionNumbers(decision),
    inputs: decision.inputs,
    findings: decision.findings.map(
      (finding): FindingView => ({
        check: finding.check,
        observed: finding.observed,
        limit: finding.limit,
        headroom: finding.headroom,
        passed: finding.headroom !== null && finding.headroom >= 0,
        words: sayFinding(finding),
      }),
    ),
  };
}
