import type { Check } from '../context.ts';
import { atMost } from '../finding.ts';

/** The forecast is recent, in microseconds; without one NaN. */
export const forecastFresh: Check = ({ now, forecast, limits }) =>
  atMost('forecastFresh', now - (forecast?.at ?? Number.NaN), limits.forecastMaxAgeMicros);
