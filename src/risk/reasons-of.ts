import type { Decision } from '../domain/events/decision.ts';

/**
 * The checks that kept a decision from being an order, each a reason of its own. Where there is no edge nothing is
 * bought, so an `orderSize` that found no count beside a failing `edge` says the same a second time and is left out.
 * An order that is too large, or a count of nothing with an edge, is a reason.
 */
export function reasonsOf({ failing, findings }: Pick<Decision, 'failing' | 'findings'>): readonly string[] {
  const edge = failing.includes('edge');
  return failing.filter(
    (check) =>
      check !== 'orderSize' ||
      !edge ||
      (findings.find((finding) => finding.check === check)?.observed ?? null) !== null,
  );
}
