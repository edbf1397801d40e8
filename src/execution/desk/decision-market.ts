import type { DecisionMarket } from '../../domain/events/decision.ts';
import type { Forecast } from '../../domain/events/forecast.ts';
import type { IndexValue } from '../../domain/events/market.ts';
import { known } from '../../domain/known.ts';
import { annualisedVolatility } from '../../maths/annualised-volatility.ts';

/** The horizon whose band a decision carries: that of `annualisedVolatility`. */
const HOUR_MINUTES = 60;

const perYear = (logVariance: number | undefined): number =>
  logVariance === undefined ? Number.NaN : annualisedVolatility(logVariance, HOUR_MINUTES);

/** What a decision tells of its market: the index and the forecast in force. A number not known is null. */
export function decisionMarket(
  index: IndexValue | undefined,
  forecast: Forecast | undefined,
): DecisionMarket {
  const hour = forecast?.horizons.find(({ minutes }) => minutes === HOUR_MINUTES);
  return {
    indexDollars: known(index?.value ?? Number.NaN),
    volatilityPerYear: known(forecast?.annualisedVolatility ?? Number.NaN),
    volatilityLowPerYear: known(perYear(hour?.lowLogVariance)),
    volatilityHighPerYear: known(perYear(hour?.highLogVariance)),
    confidence: known(forecast?.confidence?.value ?? Number.NaN),
  };
}
