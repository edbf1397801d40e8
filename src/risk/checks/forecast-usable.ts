import type { Check } from '../context.ts';
import { atLeast } from '../finding.ts';

/** The forecast is a number in every horizon and reaches to the close. Observed: annualised volatility, NaN when any part is missing. */
export const forecastUsable: Check = ({ forecast, contract }) => {
  if (!forecast) return atLeast('forecastUsable', Number.NaN, 0);
  let whole =
    forecast.receivedAt > 0 &&
    forecast.path.until >= contract.closeAt &&
    Number.isFinite(forecast.annualisedVolatility);
  for (const { minutes, logVariance } of forecast.horizons)
    if (!(minutes > 0 && Number.isFinite(logVariance))) whole = false;
  return atLeast('forecastUsable', whole ? forecast.annualisedVolatility : Number.NaN, 0);
};
