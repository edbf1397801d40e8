import type { Quantiles } from '../members/member.ts';
import type { ModelFold } from '../members/models-manifest.ts';

/**
 * The band of an origin: the backbone's unscaled log forecast, plus the trees' 10 % or 90 % quantile, plus
 * the manifest's constant. Where the two cross both are their mean. It is of outcomes, and the point forecast
 * is not held inside: that is a mean of variance, which a long right tail can pull up to the band's end.
 * Gives undefined where a horizon has no constants.
 */
export function quantileBand(
  horizons: ModelFold['horizons'],
): ((harX: Float64Array, quantiles: Quantiles) => Quantiles) | undefined {
  const constants = horizons.flatMap(({ band }) => band ?? []);
  if (constants.length < horizons.length) return undefined;
  return (harX, quantiles) => {
    const low = new Float64Array(constants.length);
    const high = new Float64Array(constants.length);
    for (const [h, add] of constants.entries()) {
      const base = harX[h] as number;
      const a = base + (quantiles.low[h] as number) + add.low;
      const b = base + (quantiles.high[h] as number) + add.high;
      low[h] = a <= b ? a : (a + b) / 2;
      high[h] = a <= b ? b : (a + b) / 2;
    }
    return { low, high };
  };
}
