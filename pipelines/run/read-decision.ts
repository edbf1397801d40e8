import type { Decision, WouldChange } from '../../src/domain/events/decision.ts';
import type { Micros } from '../../src/domain/time.ts';

/** The beginning of a line of decisions, by which it is found before it is parsed. */
export interface DecisionHead {
  readonly id: number;
  readonly at: Micros;
  readonly ticker: string;
}

const HEAD = /^\{"id":(\d+),"at":(\d+),"ticker":("(?:[^"\\]|\\.)*")/;
const HEAD_BYTES = 400;

/** The beginning of a line; undefined for what is no line of decisions. */
export function decisionHead(line: Buffer): DecisionHead | undefined {
  const [, id, at, ticker] = HEAD.exec(line.toString('utf8', 0, HEAD_BYTES)) ?? [];
  if (ticker === undefined) return undefined;
  try {
    return { id: Number(id), at: Number(at), ticker: JSON.parse(ticker) as string };
  } catch {
    return undefined;
  }
}

const known = <T>(value: T | null | undefined): T | undefined => value ?? undefined;

/**
 * A parsed line of decisions as the decision it tells of: what is null in the line is nothing in the event. Undefined for
 * what is no decision.
 */
export function decisionOf(line: unknown): Decision | undefined {
  const raw = line as Decision & { readonly wouldChange?: WouldChange | null };
  if (!Array.isArray(raw.findings) || !Array.isArray(raw.failing) || !raw.proposal || !raw.market)
    return undefined;
  return {
    ...raw,
    kind: 'decision',
    proposal: { ...raw.proposal, ticker: raw.ticker },
    bidTicks: known(raw.bidTicks),
    askTicks: known(raw.askTicks),
    model: known(raw.model),
    wouldChange: raw.wouldChange
      ? {
          priceTicks: known(raw.wouldChange.priceTicks),
          volatilityFactor: known(raw.wouldChange.volatilityFactor),
          at: known(raw.wouldChange.at),
        }
      : undefined,
  };
}

/** A line of decisions as the decision it tells of; undefined for a line that is damaged. */
export function readDecision(line: Buffer): Decision | undefined {
  try {
    return decisionOf(JSON.parse(line.toString('utf8')));
  } catch {
    return undefined;
  }
}
