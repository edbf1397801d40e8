import type { Decision } from '../domain/events/decision.ts';
import type { Known } from '../domain/known.ts';

const number = (value: number | undefined): string =>
  value !== undefined && Number.isFinite(value) ? String(value) : 'null';

const PARTS = 1e8;

/**
 * Rounded to eight decimals, which keeps every difference that matters. Rounding takes a tenth of the time of
 * `toPrecision`.
 */
const short = (value: Known): string => {
  if (value === null) return 'null';
  return Number.isInteger(value) ? String(value) : String(Math.round(value * PARTS) / PARTS);
};

/**
 * A decision as one line of JSON, without the line end. The SHA-256 over these lines shows whether two runs
 * are equal. Keys have a fixed order. The line is built by hand because it is half of a replay's output, and
 * `JSON.stringify` takes three times as long.
 */
export function decisionLine(decision: Decision): string {
  const { market, proposal, findings, wouldChange } = decision;
  let text = `{"id":${decision.id},"at":${decision.at},"ticker":${JSON.stringify(decision.ticker)},"verdict":"${decision.verdict}"`;
  text += `,"bidTicks":${number(decision.bidTicks)},"askTicks":${number(decision.askTicks)}`;
  text += `,"market":{"indexDollars":${short(market.indexDollars)},"volatilityPerYear":${short(market.volatilityPerYear)}`;
  text += `,"volatilityLowPerYear":${short(market.volatilityLowPerYear)},"volatilityHighPerYear":${short(market.volatilityHighPerYear)},"confidence":${short(market.confidence)}}`;
  text += `,"proposal":{"side":"${proposal.side}","limitTicks":${number(proposal.limitTicks)},"count":${number(proposal.count)}`;
  text += `,"modelProbability":${short(proposal.modelProbability)},"probability":${short(proposal.probability)}`;
  text += `,"probabilityError":${short(proposal.probabilityError)},"edgeDollars":${short(proposal.edgeDollars)},"feeDollars":${short(proposal.feeDollars)}}`;
  text += `,"failing":${JSON.stringify(decision.failing)},"findings":[`;
  for (let i = 0; i < findings.length; i++) {
    const finding = findings[i];
    if (!finding) continue;
    text += `${i ? ',' : ''}{"check":"${finding.check}","observed":${short(finding.observed)},"limit":${short(finding.limit)},"headroom":${short(finding.headroom)}`;
    text += finding.note === undefined ? '}' : `,"note":${JSON.stringify(finding.note)}}`;
  }
  text += ']';
  if (wouldChange)
    text += `,"wouldChange":{"priceTicks":${number(wouldChange.priceTicks)},"volatilityFactor":${
      wouldChange.volatilityFactor === undefined ? 'null' : short(wouldChange.volatilityFactor)
    },"at":${number(wouldChange.at)}}`;
  return `${text},"model":${decision.model === undefined ? 'null' : `"${decision.model}"`},"inputs":"${decision.inputs}"}`;
}
