import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The forecast is recent. Observed: its age in microseconds, or NaN without a forecast. */
export const forecastFresh: Check = ({ now, forecast, limits }) =>
  atMost('forecastFresh', now - (forecast?.at ?? Number.NaN), limits.forecastMaxAgeMicros);
