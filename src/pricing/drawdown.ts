/** What an account was worth at its best, and is worth now, in one unit. */
export interface Drawdown {
  readonly peak: number;
  readonly equity: number;
}

/**
 * The part of the Kelly fraction that is kept after losses, in [0, 1]. Only what lies above the floor
 * (1 − `limit`)·peak is put at risk (Grossman and Zhou 1993): 1 at the peak, 0 once the drawdown has reached
 * the limit, and falling in between. With a limit of 1 nothing is kept back. 0 for NaN.
 */
export function keptFraction({ peak, equity }: Drawdown, limit: number): number {
  if (limit >= 1 || equity >= peak) return equity > 0 ? 1 : 0;
  const kept = (equity - (1 - limit) * peak) / (limit * equity);
  return kept > 0 ? Math.min(1, kept) : 0;
}
