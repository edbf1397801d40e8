import type { VolatilityPoint } from '../../src/console/state.ts';
import { percent } from './figures.ts';

/** What the volatility chart shows now, in sentences. */
export function volatilityWords(asset: string, last: VolatilityPoint | undefined): string {
  if (last === undefined) return `No volatility of ${asset} is known yet.`;
  const { forecast, low, high, implied, realised } = last;
  const words = [
    forecast === null
      ? `There is no forecast of the volatility of ${asset}.`
      : `Volatility of ${asset} a year: forecast ${percent(forecast)}${
          low === null || high === null ? '' : `, in four of five cases ${percent(low)} to ${percent(high)}`
        }.`,
  ];
  if (implied !== null)
    words.push(
      `Quotes imply ${percent(implied)}${
        forecast === null
          ? ''
          : implied > forecast
            ? ', more than forecast'
            : implied < forecast
              ? ', less than forecast'
              : ''
      }.`,
    );
  if (realised !== null) words.push(`The last hour realised ${percent(realised)}.`);
  return words.join(' ');
}
