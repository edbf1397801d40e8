import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/**
 * The forecast has a number at every horizon and reaches to the close. Its path and tails are not checked
 * here: pricing leaves a close unpriced if they give no number. Observed: annualised volatility, NaN if any
 * part is missing.
 */
export const forecastUsable: Check = ({ forecast, contract }) => {
  if (!forecast) return atLeast('forecastUsable', Number.NaN, 0);
  const { fromAt, until, at, factor } = forecast.path;
  let whole =
    forecast.receivedAt > 0 &&
    until >= contract.closeAt &&
    Number.isFinite(fromAt + at + factor) &&
    Number.isFinite(forecast.annualisedVolatility);
  for (const { minutes, logVariance } of forecast.horizons)
    if (!(minutes > 0 && Number.isFinite(logVariance))) whole = false;
  return atLeast('forecastUsable', whole ? forecast.annualisedVolatility : Number.NaN, 0);
};
