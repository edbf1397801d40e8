/** How often outcomes lay inside a band of the 10 % and the 90 % quantile. In logs of variance. */
export interface Coverage {
  readonly origins: number;
  /**
   * Shares of outcomes below, inside and above; 0.1, 0.8 and 0.1 for a correct band. An outcome on an end is
   * inside.
   */
  readonly below: number;
  readonly inside: number;
  readonly above: number;
  /** Mean of high less low. */
  readonly widthLog: number;
  /** Mean pinball losses of the two quantiles (Koenker, Bassett 1978, Econometrica 46); smaller is better. */
  readonly pinballLow: number;
  readonly pinballHigh: number;
}

const pinball = (level: number, above: number): number => Math.max(level * above, (level - 1) * above);

/**
 * Coverage of bands by the outcomes, all in the order of origins. Origins with a NaN are left out. Undefined
 * if none is left.
 */
export function coverageOf(
  logRealised: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
): Coverage | undefined {
  let [origins, below, above, width, pinballLow, pinballHigh] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < logRealised.length; i++) {
    const [came, from, to] = [logRealised[i] as number, low[i] as number, high[i] as number];
    if (Number.isNaN(came + from + to)) continue;
    origins++;
    if (came < from) below++;
    else if (came > to) above++;
    width += to - from;
    pinballLow += pinball(0.1, came - from);
    pinballHigh += pinball(0.9, came - to);
  }
  if (origins === 0) return undefined;
  return {
    origins,
    below: below / origins,
    inside: (origins - below - above) / origins,
    above: above / origins,
    widthLog: width / origins,
    pinballLow: pinballLow / origins,
    pinballHigh: pinballHigh / origins,
  };
}
